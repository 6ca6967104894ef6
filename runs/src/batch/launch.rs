//! A new account: created, funded, deployed and initialised in one receipt.

use near_primitives::types::Balance;
use serde_json::json;

use super::with_money;
use crate::claim::claim;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{
    Expectation, ExpectationBuilder, TestChain, TxHash, call, gains, loses, paid, partner, returns,
    with_gas,
};
use crate::text;

const LAUNCHERS: [&str; 3] = ["alice.near", "app.near", "silver.app.near"];

/// The deposit of alice, except where a run needs one that is too small.
const DEPOSIT: Balance = Balance::from_near(5);

/// Shows the launch of a token.
pub fn launch() -> Figure {
    let expected = returns(json!(true)).moves([
        loses("alice.near", DEPOSIT),
        gains("silver.app.near", DEPOSIT),
    ]);
    launch_of(1_000, expected, true)
}

/// Shows that the launch fails when the token's `new` fails.
pub fn launch_fails() -> Figure {
    let expected = comes_back("silver.app.near", "new", "supply must be positive");
    launch_of(0, expected.no_balance_moves(), false).with_inputs(LAUNCH_FAILS.inputs)
}

/// Returns the expectation that the batch fails with this action and the callback refunds alice.
fn comes_back(account: &str, action: &str, reason: &str) -> ExpectationBuilder {
    returns(json!(false))
        .fails_at(account, action, reason)
        .runs_in(4, "alice.near", "transfer 5 NEAR")
}

fn launch_of(supply: u128, expected: Expectation, is_there: bool) -> Figure {
    let mut chain = TestChain::batch();
    let money = chain.money(&LAUNCHERS);
    let code = partner("batch", "token");
    let tx = launch_in(&mut chain, "silver", supply, &code, DEPOSIT);
    with_money(&chain, tx, &money, expected).with(
        &format!("silver.app.near {}.\n", existence(&chain)),
        claim(
            "the account exists if the launch succeeded",
            chain.exists("silver.app.near") == is_there,
        ),
    )
}

/// Shows the errors of three cases, in each of which the last action fails.
pub fn launch_errors() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (title, supply, code, reason) in [
        (
            "a supply of zero",
            0,
            partner("batch", "token"),
            "supply must be positive",
        ),
        (
            "the wasm of hello",
            1_000,
            partner("batch", "hello"),
            "MethodNotFound",
        ),
        (
            "no wasm at all",
            1_000,
            b"this is no wasm".to_vec(),
            "The code of the contract is not valid",
        ),
    ] {
        let mut chain = TestChain::batch();
        let tx = launch_in(&mut chain, "silver", supply, &code, DEPOSIT);
        let expected = comes_back("silver.app.near", "new", reason);
        claims.push(chain.shows(&[tx], expected.no_balance_moves()));
        claims.push(claim(
            "the account does not exist",
            !chain.exists("silver.app.near"),
        ));
        let error = chain.first_error(tx);
        let alice = format!("launch_token {}", text::result(&chain.result(tx)));
        let account = format!("silver.app.near {}", existence(&chain));
        lines.push_str(&text::case(title, &[&error, &alice, &account]));
    }
    Figure::table(lines, claims)
}

fn existence(chain: &TestChain) -> &'static str {
    if chain.exists("silver.app.near") {
        "exists"
    } else {
        "does not exist"
    }
}

/// Shows a launch on an account that exists already.
pub fn launch_taken() -> Figure {
    let mut chain = TestChain::shop_of("app.near");
    let code = partner("batch", "token");
    let before = chain.snapshot("gold.app.near");
    let tx = launch_in(&mut chain, "gold", 1_000, &code, DEPOSIT);
    let after = chain.snapshot("gold.app.near");
    assert_eq!(after, before, "the existing account is unchanged");
    let expected = comes_back("gold.app.near", "create the account", "already exists");
    chain.figure(tx, expected.no_balance_moves())
}

fn launch_in(
    chain: &mut TestChain,
    name: &str,
    supply: u128,
    code: &[u8],
    deposit: Balance,
) -> TxHash {
    let args = json!({
        "name": name,
        "total_supply": supply.to_string(),
        "code": near_primitives::serialize::to_base64(code),
    });
    let launch = with_gas(paid(call("launch_token", args), deposit), 300);
    chain.send("alice.near", "app.near", vec![launch])
}

/// The launch of a token, which may fail at any of its actions.
pub const LAUNCH_FAILS: Play = Play {
    figure: "batch-launch-fails",
    inputs: &[
        Input::one_of(
            "supply",
            "Tokens",
            &[("none", "none: new refuses"), ("thousand", "1,000")],
        ),
        Input::one_of(
            "code",
            "Code",
            &[
                ("token", "the token"),
                ("hello", "hello, which has no such new"),
                ("none", "bytes that are no wasm"),
            ],
        ),
        Input::one_of(
            "name",
            "Account",
            &[
                ("silver", "silver.app.near, which is new"),
                ("gold", "gold.app.near, which exists"),
            ],
        ),
    ],
    run: |values| {
        let name = values.choice("name");
        let mut chain = match name {
            "gold" => TestChain::shop_of("app.near"),
            _ => TestChain::batch(),
        };
        let supply = match values.choice("supply") {
            "thousand" => 1_000,
            _ => 0,
        };
        let code = match values.choice("code") {
            "none" => b"this is no wasm".to_vec(),
            name => partner("batch", name),
        };
        let tx = launch_in(&mut chain, name, supply, &code, DEPOSIT);
        chain.rerun(tx)
    },
};
