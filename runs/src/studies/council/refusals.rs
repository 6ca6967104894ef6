//! What the council refuses: calls to its own callbacks, and executions with less gas than the calls need.

use near_primitives::types::{Balance, Gas};
use serde_json::{Value, json};
use trace::Receipt;

use super::{BOND, LIFETIME, PRICE, action, action_of_bytes, approved, new_chain, propose, status};
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{TestChain, TxHash, call, fails, smallest, with_exact_gas};
use crate::text;

/// Shows a proposal against the council itself: a call of one of its callbacks, which records a debt.
pub fn against_itself() -> Figure {
    let mut chain = new_chain();
    let debt = json!({ "owner": "dave.near", "amount": Balance::from_near(100) });
    let action = action("pay_callback", &debt, Balance::ZERO);
    let tx = propose(&mut chain, "app.near", &[action], LIFETIME);
    let refused = "may call only these methods of its own";
    let expected = fails(refused)
        .fails_at("app.near", "propose", refused)
        .no_balance_moves();
    Figure::table(chain.tree(tx), [chain.shows(&[tx], expected)])
}

/// Returns the action that leaves a message with a text of this many bytes.
fn long_message(bytes: usize) -> Value {
    let args = json!({ "text": "x".repeat(bytes) }).to_string();
    action_of_bytes("add_message", args.as_bytes(), PRICE, 20)
}

/// Shows the least gas with which proposals of several sizes are executed, found by search, beside that which the view
/// names.
pub fn gas() -> Figure {
    let header = [
        "actions",
        "bytes of text",
        "gas_to_execute",
        "least that works",
        "burnt by execute",
        "by the callback",
        "after a failure",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut claims = Vec::new();
    for (number, bytes) in [(1, 5), (3, 5), (10, 5), (1, 99_978)] {
        let mut before = new_chain();
        before.set_balance("app.near", 50);
        let actions: Vec<Value> = vec![long_message(bytes); number];
        approved(&mut before, "guestbook.near", &actions);
        let named = before.view("app.near", "gas_to_execute", json!({ "id": 0 }));
        let named: u64 = named
            .as_str()
            .and_then(|gas| gas.parse().ok())
            .expect("gas");
        let execute = |gas| {
            let mut chain = before.clone();
            let execute = with_exact_gas(call("execute", json!({ "id": 0 })), gas);
            let tx = chain.send("eve.near", "app.near", vec![execute]);
            (chain, tx)
        };
        let least = smallest(1, 2 * named, |gas| {
            let (chain, tx) = execute(gas);
            let is_executed = chain.succeeded(tx);
            let is_untouched = status(&chain, 0) == "Approved";
            assert!(
                is_executed != is_untouched,
                "{gas}: it is executed, or nothing happens"
            );
            is_executed
        });
        let (chain, tx) = execute(named);
        let sentence = format!("{number} actions of {bytes} bytes: the view names the least gas");
        claims.push(claim(&sentence, named == least));
        let is_paid =
            chain.balance("dave.near") == before.balance("dave.near").saturating_add(BOND);
        claims.push(claim("with it everything runs to its end", is_paid));
        let (burnt, by_callback) = burnt(&chain, tx);
        let (chain, tx) = failure(&actions, named);
        let is_recorded = status(&chain, 0) == "Failed";
        claims.push(claim("with it a failure is recorded", is_recorded));
        let (_, after_failure) = self::burnt(&chain, tx);
        rows.push(vec![
            number.to_string(),
            text::count(bytes),
            text::tgas(Gas::from_gas(named)),
            text::tgas(Gas::from_gas(least)),
            text::tgas(burnt),
            text::tgas(by_callback),
            text::tgas(after_failure),
        ]);
    }
    Figure::table(text::table(&rows), claims)
}

/// Executes the same actions with this gas, when the account that they go to has no contract.
fn failure(actions: &[Value], gas: u64) -> (TestChain, TxHash) {
    let mut chain = new_chain();
    chain.set_balance("app.near", 50);
    approved(&mut chain, "carol.near", actions);
    let execute = with_exact_gas(call("execute", json!({ "id": 0 })), gas);
    let tx = chain.send("eve.near", "app.near", vec![execute]);
    (chain, tx)
}

/// Returns the gas that `execute` and its callback have burnt.
fn burnt(chain: &TestChain, tx: TxHash) -> (Gas, Gas) {
    let transaction = chain.transaction(tx);
    let own = |receipt: &&Receipt| receipt.receiver == "app.near";
    let mut own = transaction.receipts().iter().filter(own);
    let mut next = || own.next().expect("a receipt").gas_burnt;
    (next(), next())
}
