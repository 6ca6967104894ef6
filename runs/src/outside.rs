//! The runs of the page about a call as seen from outside of the chain.

use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{ONE_TOKEN, TestChain, call, fails, paid};

/// The fields of an outcome that the page shows.
const FIELDS: [&str; 3] = ["executor_id", "status", "logs"];

/// Shows a transaction that succeeds although hello has failed, as RPC returns it.
pub fn rpc() -> Figure {
    let mut chain = TestChain::setup();
    let tx = chain.call(
        "change_greeting",
        json!({ "new_greeting": "x".repeat(20_000) }),
    );
    let status = serde_json::to_value(chain.tx_status(tx)).expect("RPC serialises it");
    let receipts = status["receipts_outcome"].as_array().expect("a list");
    let failed = receipts
        .iter()
        .filter(|receipt| !receipt["outcome"]["status"]["Failure"].is_null());
    let failed: Vec<_> = failed
        .map(|receipt| receipt["outcome"]["executor_id"].clone())
        .collect();
    let shown = json!({
        "status": status["status"],
        "receipts_outcome": receipts.iter().filter(|receipt| !is_refund(receipt)).map(outcome).collect::<Vec<_>>(),
    });
    Figure::table(
        format!("{shown:#}\n"),
        [
            claim(
                "the transaction succeeds with false in base64",
                status["status"]["SuccessValue"] == "ZmFsc2U=",
            ),
            claim("the receipt on hello failed", failed == ["hello.near"]),
        ],
    )
}

/// Returns true for a refund of gas: those of this transaction are all that runs on alice's account.
fn is_refund(receipt: &Value) -> bool {
    receipt["outcome"]["executor_id"] == "alice.near"
}

/// Returns a receipt's outcome with the fields that the page shows.
fn outcome(receipt: &Value) -> Value {
    let fields = FIELDS.map(|field| (field.to_owned(), receipt["outcome"][field].clone()));
    let outcome: serde_json::Map<_, _> = fields.into_iter().collect();
    json!({ "id": receipt["id"], "outcome": outcome })
}

/// Shows two transfers of tokens in one receipt, of which the second fails.
pub fn events() -> Figure {
    let mut chain = TestChain::shop_of("alice.near");
    let price = Balance::from_millinear(10);
    let yocto = Balance::from_yoctonear(1);
    let transfer = |tokens: u128| {
        let args = json!({ "receiver_id": "bob.near", "amount": (tokens * ONE_TOKEN).to_string() });
        paid(call("ft_transfer", args), yocto)
    };
    let register = call("storage_deposit", json!({ "account_id": "bob.near" }));
    let actions = vec![paid(register, price), transfer(1), transfer(1_000)];
    let tx = chain.send("alice.near", "gold.app.near", actions);
    let reason = "enough balance";
    let figure = chain.figure(
        tx,
        fails(reason)
            .fails_at("gold.app.near", "ft_transfer", reason)
            .logs("EVENT_JSON")
            .receipts(1)
            .no_balance_moves(),
    );
    let args = json!({ "account_id": "bob.near" });
    let balance = chain.view("gold.app.near", "ft_balance_of", args);
    figure.with(
        &format!("ft_balance_of bob.near now returns {balance}.\n"),
        claim("bob has no tokens", balance == "0"),
    )
}
