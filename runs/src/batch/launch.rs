//! A new account: created, paid, deployed and initialised in one receipt.

use near_primitives::types::Balance;
use serde_json::json;

use super::with_money;
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{
    Ending, Expectation, TestChain, TxHash, answers, call, fails, gains, loses, paid, partner,
    with_gas,
};
use crate::text;

const LAUNCHERS: [&str; 3] = ["alice.near", "book.near", "silver.book.near"];

/// The deposit of alice, unless that is too little.
const DEPOSIT: Balance = Balance::from_near(5);

/// A token comes to be.
pub fn launch() -> Figure {
    let expected = answers(json!(true)).moves([
        loses("alice.near", DEPOSIT),
        gains("silver.book.near", DEPOSIT),
    ]);
    launch_of(1_000, expected, true)
}

/// The token's `new` fails.
pub fn launch_fails() -> Figure {
    let expected = comes_back("silver.book.near", "new", "supply must be positive");
    launch_of(0, expected.nobodys_balance_moves(), false)
}

/// The batch fails with this action, and the callback sends alice what she paid.
fn comes_back(account: &str, action: &str, reason: &str) -> Ending {
    answers(json!(false))
        .fails_at(account, action, reason)
        .runs_in(4, "alice.near", "transfer 5 NEAR")
}

fn launch_of(supply: u128, expected: Expectation, is_there: bool) -> Figure {
    let mut chain = TestChain::batch();
    let money = chain.money(&LAUNCHERS);
    let code = partner("batch", "token");
    let tx = launch_in(&mut chain, "silver", supply, &code, DEPOSIT);
    with_money(&chain, tx, &money, expected).with(
        &format!("silver.book.near {}.\n", existence(&chain)),
        claim(
            "there is an account if all went well, and else none",
            chain.exists("silver.book.near") == is_there,
        ),
    )
}

/// The same error in three cases: what fails is always the last action.
pub fn launch_errors() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (what, supply, code, reason) in [
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
        let expected = comes_back("silver.book.near", "new", reason);
        claims.push(chain.shows(&[tx], expected.nobodys_balance_moves()));
        claims.push(claim(
            "there is no account",
            !chain.exists("silver.book.near"),
        ));
        let error = chain.first_error(tx);
        let alice = format!("launch_token {}", text::end(&chain.end(tx)));
        let account = format!("silver.book.near {}", existence(&chain));
        lines.push_str(&text::case(what, &[&error, &alice, &account]));
    }
    Figure::table(lines, claims)
}

fn existence(chain: &TestChain) -> &'static str {
    if chain.exists("silver.book.near") {
        "exists"
    } else {
        "does not exist"
    }
}

/// There is such an account already.
pub fn launch_taken() -> Figure {
    let mut chain = TestChain::shop_of("book.near");
    let code = partner("batch", "token");
    let before = chain.snapshot("gold.book.near");
    let tx = launch_in(&mut chain, "gold", 1_000, &code, DEPOSIT);
    let after = chain.snapshot("gold.book.near");
    assert_eq!(
        after, before,
        "the account that has the name is not touched"
    );
    let expected = comes_back("gold.book.near", "create the account", "already exists");
    chain.figure(tx, expected.nobodys_balance_moves())
}

/// The deposit does not pay for the storage.
pub fn launch_poor() -> Figure {
    let mut chain = TestChain::batch();
    let code = partner("batch", "token");
    let tx = launch_in(&mut chain, "silver", 1_000, &code, Balance::from_near(1));
    let reason = "Attach at least";
    chain.figure(
        tx,
        fails(reason)
            .fails_at("book.near", "launch_token", reason)
            .receipts(1)
            .nobodys_balance_moves(),
    )
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
    chain.send("alice.near", "book.near", vec![launch])
}
