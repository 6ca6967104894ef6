//! A portfolio from three contracts, one of which fails.

use serde_json::{Value, json};

use super::ROGUE;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::{self, BEHAVIOURS, Play};
use crate::test_chain::{ExpectationBuilder, TestChain, TxHash, returns};
use crate::text;

const GUESTS: [(&str, &str); 4] = [
    ("usd.near", "token"),
    ("lending.near", "lending"),
    ("staking.near", "staking"),
    ROGUE,
];

/// Returns a chain on which all three contracts hold data of alice.
fn new_chain() -> TestChain {
    let mut chain = TestChain::with_guests("parallel", &GUESTS);
    let supply = json!({ "owner_id": "alice.near", "total_supply": "1200" });
    chain.prepare("usd.near", "usd.near", "new", supply);
    let position = json!({ "account_id": "alice.near", "supplied": "500", "borrowed": "200" });
    chain.prepare("bob.near", "lending.near", "set_position", position);
    let rewards = json!({ "account_id": "alice.near", "rewards": "35" });
    chain.prepare("bob.near", "staking.near", "set_rewards", rewards);
    chain.reset_balances();
    chain
}

fn query(chain: &mut TestChain, sources: [&str; 3]) -> TxHash {
    chain.call("portfolio", args(sources))
}

pub(super) fn args(sources: [&str; 3]) -> Value {
    let [token, lender, staking_pool] = sources;
    json!({
        "account_id": "alice.near",
        "token": token,
        "lender": lender,
        "staking_pool": staking_pool,
    })
}

/// Shows a portfolio of three results.
pub fn portfolio() -> Figure {
    let mut chain = new_chain();
    let tx = query(&mut chain, ["usd.near", "lending.near", "staking.near"]);
    chain
        .figure(tx, all_but(None).no_balance_moves())
        .with_inputs(PORTFOLIO.inputs)
}

/// Returns the expectation of a full portfolio, or of one with a source missing: its name, its account, its
/// result.
fn all_but(missing: Option<(&str, &str, &str)>) -> ExpectationBuilder {
    let mut portfolio = json!({
        "tokens": { "value": "1200" },
        "position": { "value": { "supplied": "500", "borrowed": "200" } },
        "rewards": { "value": "35" },
        "missing": [],
    });
    if let Some((source, account, result)) = missing {
        portfolio[source] = json!(result);
        portfolio["missing"] = json!([account]);
    }
    returns(portfolio)
}

/// Shows three portfolios, each with a source that fails in another way.
pub fn portfolio_errors() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let (failed, unreadable) = ("failed", "unreadable");
    for (title, sources, behaviour, expected) in [
        (
            "the lender has no account",
            ["usd.near", "nobody.near", "staking.near"],
            None,
            all_but(Some(("position", "nobody.near", failed))).fails_at(
                "nobody.near",
                "get_position",
                "doesn't exist",
            ),
        ),
        (
            "the token has an account without a contract",
            ["bob.near", "lending.near", "staking.near"],
            None,
            all_but(Some(("tokens", "bob.near", failed))).fails_at(
                "bob.near",
                "ft_balance_of",
                "CodeDoesNotExist",
            ),
        ),
        (
            "the lender panics",
            ["usd.near", "rogue.near", "staking.near"],
            Some("panic"),
            all_but(Some(("position", "rogue.near", failed))).fails_at(
                "rogue.near",
                "get_position",
                "I panic",
            ),
        ),
        (
            "the staking pool runs out of gas",
            ["usd.near", "lending.near", "rogue.near"],
            Some("burn_all_gas"),
            all_but(Some(("rewards", "rogue.near", failed))).fails_at(
                "rogue.near",
                "get_rewards",
                "Exceeded the prepaid gas",
            ),
        ),
        (
            "the lender returns true",
            ["usd.near", "rogue.near", "staking.near"],
            Some("return_other_type"),
            all_but(Some(("position", "rogue.near", unreadable))),
        ),
        (
            "the staking pool returns bytes that are no JSON",
            ["usd.near", "lending.near", "rogue.near"],
            Some("return_garbage"),
            all_but(Some(("rewards", "rogue.near", unreadable))),
        ),
    ] {
        let mut chain = new_chain();
        if let Some(behaviour) = behaviour {
            chain.behave("rogue.near", json!(behaviour));
        }
        let tx = query(&mut chain, sources);
        claims.push(chain.shows(&[tx], expected.no_balance_moves()));
        let result = format!("portfolio {}", text::result(&chain.result(tx)));
        let burnt = format!("burnt in all: {}", text::tgas(chain.gas_burnt(tx)));
        let results = match chain.receipt_results(tx).into_iter().find_map(Result::err) {
            Some(error) => vec![error, result, burnt],
            None => vec![result, burnt],
        };
        let results: Vec<&str> = results.iter().map(String::as_str).collect();
        lines.push_str(&text::case(title, &results));
    }
    Figure::table(lines, claims)
}

/// A portfolio from sources that may misbehave.
pub const PORTFOLIO: Play = Play {
    figure: "parallel-portfolio",
    inputs: &[
        Input::one_of("token", "usd.near", BEHAVIOURS),
        Input::one_of("lender", "lending.near", BEHAVIOURS),
        Input::one_of("staking", "staking.near", BEHAVIOURS),
    ],
    run: |values| {
        let mut chain = new_chain();
        let sources = ["usd.near", "lending.near", "staking.near"];
        for (name, account) in ["token", "lender", "staking"].into_iter().zip(sources) {
            play::behave(&mut chain, account, values.choice(name));
        }
        let tx = query(&mut chain, sources);
        chain.rerun(tx)
    },
};
