//! A portfolio from three contracts, one of which is down.

use serde_json::{Value, json};

use super::ROGUE;
use crate::figure::Figure;
use crate::test_chain::{Ending, TestChain, TxHash, answers};
use crate::text;

const GUESTS: [(&str, &str); 4] = [
    ("usd.near", "token"),
    ("lending.near", "lending"),
    ("staking.near", "staking"),
    ROGUE,
];

/// All three have something to say about alice.
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

fn ask(chain: &mut TestChain, sources: [&str; 3]) -> TxHash {
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

/// All three answer.
pub fn portfolio() -> Figure {
    let mut chain = new_chain();
    let tx = ask(&mut chain, ["usd.near", "lending.near", "staking.near"]);
    chain.figure(tx, all_but(None).nobodys_balance_moves())
}

/// Everything that is known of alice, but for what one source did not say: which, the account, and the result.
fn all_but(missing: Option<(&str, &str, &str)>) -> Ending {
    let mut portfolio = json!({
        "tokens": { "value": "1200" },
        "position": { "value": { "supplied": "500", "borrowed": "200" } },
        "rewards": { "value": "35" },
        "missing": [],
    });
    if let Some((what, account, result)) = missing {
        portfolio[what] = json!(result);
        portfolio["missing"] = json!([account]);
    }
    answers(portfolio)
}

/// One of the three is down, each in another way.
pub fn portfolio_errors() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let (failed, unreadable) = ("failed", "unreadable");
    for (what, sources, behaviour, expected) in [
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
            "the lender answers with true",
            ["usd.near", "rogue.near", "staking.near"],
            Some("return_other_type"),
            all_but(Some(("position", "rogue.near", unreadable))),
        ),
        (
            "the staking pool answers with bytes that are no JSON",
            ["usd.near", "lending.near", "rogue.near"],
            Some("return_garbage"),
            all_but(Some(("rewards", "rogue.near", unreadable))),
        ),
    ] {
        let mut chain = new_chain();
        if let Some(behaviour) = behaviour {
            super::behave(&mut chain, json!(behaviour));
        }
        let tx = ask(&mut chain, sources);
        claims.push(chain.shows(&[tx], expected.nobodys_balance_moves()));
        let answer = format!("portfolio {}", text::end(&chain.end(tx)));
        let burnt = format!("burnt in all: {}", text::tgas(chain.gas_burnt(tx)));
        let results = match chain.ends(tx).into_iter().find_map(Result::err) {
            Some(error) => vec![error, answer, burnt],
            None => vec![answer, burnt],
        };
        let results: Vec<&str> = results.iter().map(String::as_str).collect();
        lines.push_str(&text::case(what, &results));
    }
    Figure::table(lines, claims)
}
