//! Money whose callback is lost: when it came, `app.near` had code without it. A thousand blocks later it can be paid out.

use chain::explore::Explore;
use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::fill_safes;
use super::holdings::holds_what_it_owes;
use crate::money::later::chain_with_oracle;
use crate::money::{behave, message, new_chain};
use crate::test_chain::{TestChain, call, deploy, paid, partner, wasm_of};

/// The number of blocks after which a callback counts as lost.
const OVERDUE: u64 = 1_000;

/// Sends a call of alice, loses its callback, and waits until it is overdue. The right code is back then.
///
/// # Panics
/// The callback has run.
fn lose_callback(chain: &mut TestChain, action: Action) {
    let tx = chain.submit("alice.near", "app.near", vec![action]);
    chain.produce_block();
    chain.produce_block();
    let without_callback = deploy(partner("responses", "hello"));
    chain.submit("app.near", "app.near", vec![without_callback]);
    chain.run_until_idle();
    chain.skip_blocks(OVERDUE);
    let failure = chain.result(tx).expect_err("the callback is lost");
    assert!(failure.contains("MethodNotFound"), "{failure}");
    let again = vec![deploy(wasm_of("responses"))];
    let tx = chain.send("app.near", "app.near", again);
    chain.assert_succeeded(tx);
    behave(chain, json!("well"));
}

/// Returns a call of the operator.
fn operators(method: &str, args: serde_json::Value) -> Vec<Action> {
    vec![paid(call(method, args), Balance::from_yoctonear(1))]
}

/// Returns the scenario in which the operator opens an overdue lock of alice twice, and alice locks her safe again. The
/// rogue, which has panicked, may fail.
pub fn a_lock() -> Explore {
    let mut chain = new_chain();
    fill_safes(&mut chain, "alice.near");
    behave(&mut chain, json!("panic"));
    let spend = || call("vault_spend_locked", message("rogue.near"));
    lose_callback(&mut chain, spend());
    let resolve = json!({ "owner": "alice.near", "lock": 1, "spent": false });
    let resolve = || operators("vault_resolve", resolve.clone());
    chain
        .explore("a-lock")
        .transaction("app.near", "app.near", resolve())
        .transaction("app.near", "app.near", resolve())
        .transaction("alice.near", "app.near", vec![spend()])
        .may_fail("rogue.near")
        .at_rest("app.near holds what it owes", holds_what_it_owes)
}

/// Returns the scenario in which the operator resolves an overdue attempt twice, bob retries the order and alice cancels
/// it. The rogue, which has panicked, may fail, and payments to alice too.
pub fn an_order() -> Explore {
    let mut chain = new_chain();
    behave(&mut chain, json!("panic"));
    let order = call("order_message", message("rogue.near"));
    lose_callback(&mut chain, paid(order, Balance::from_near(1)));
    let resolve = json!({ "id": 0, "attempt": 1, "signed": false });
    let resolve = || operators("resolve_order", resolve.clone());
    let at_order = |method| vec![call(method, json!({ "id": 0 }))];
    chain
        .explore("an-order")
        .transaction("app.near", "app.near", resolve())
        .transaction("app.near", "app.near", resolve())
        .transaction("bob.near", "app.near", at_order("retry_order"))
        .transaction("alice.near", "app.near", at_order("cancel_order"))
        .may_fail("rogue.near")
        .may_fail("alice.near")
        .at_rest("app.near holds what it owes", holds_what_it_owes)
}

/// Returns the scenario in which alice cancels an overdue question twice, and bob, the oracle, answers it. Payments to
/// both may fail.
pub fn a_question() -> Explore {
    let mut chain = chain_with_oracle();
    let ask = call("ask_oracle", json!({ "text": "Will it rain?" }));
    lose_callback(&mut chain, paid(ask, Balance::from_near(1)));
    let cancel = || vec![call("cancel_question", json!({ "id": 0 }))];
    let answer = call("answer_question", json!({ "id": 0, "answer": "Yes" }));
    chain
        .explore("a-question")
        .transaction("alice.near", "app.near", cancel())
        .transaction("alice.near", "app.near", cancel())
        .transaction("bob.near", "app.near", vec![answer])
        .may_fail("alice.near")
        .may_fail("bob.near")
        .at_rest("app.near holds what it owes", holds_what_it_owes)
}
