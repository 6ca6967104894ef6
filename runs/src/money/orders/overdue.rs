//! Money whose callback is lost: when it came, `app.near` had code without it. A thousand blocks later it can be paid out.
//! And callbacks that run after all, or are not late yet.

use chain::explore::{Explore, Time};
use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::holdings::checked;
use super::{fill_safes, questions};
use crate::money::later::chain_with_oracle;
use crate::money::{message, new_chain};
use crate::test_chain::{TestChain, call, deploy, paid, partner, wasm_of};

/// The number of blocks after which a callback counts as lost.
const OVERDUE: u64 = 1_000;

/// Sends a call of alice, loses its callback, and waits until it is overdue. The right code is back then.
///
/// # Panics
/// The callback has run.
fn lose_callback(chain: &mut TestChain, actions: Vec<Action>) {
    let tx = chain.submit("alice.near", "app.near", actions);
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
    chain.behave("rogue.near", "well");
}

/// Returns a call of the operator.
fn operators(method: &str, args: serde_json::Value) -> Vec<Action> {
    vec![paid(call(method, args), Balance::from_yoctonear(1))]
}

/// Returns the call that opens the first lock of alice, whose money was not spent.
fn open_lock() -> Vec<Action> {
    let args = json!({ "owner": "alice.near", "lock": 1, "spent": false });
    operators("vault_resolve", args)
}

/// Returns the call that settles the first attempt of an order, which has failed.
fn settle_order() -> Vec<Action> {
    let args = json!({ "id": 0, "attempt": 1, "signed": false });
    operators("resolve_order", args)
}

/// Returns the order of a message to this guestbook.
fn order(guestbook: &str) -> Vec<Action> {
    let order = call("order_message", message(guestbook));
    vec![paid(order, Balance::from_near(1))]
}

fn retry_order() -> Vec<Action> {
    vec![call("retry_order", json!({ "id": 0 }))]
}

fn spend_locked(guestbook: &str) -> Vec<Action> {
    vec![call("vault_spend_locked", message(guestbook))]
}

/// Returns the scenario in which the operator opens an overdue lock of alice twice, and alice locks her safe again. The
/// rogue, which has panicked, may fail. At each step the calls before it are overdue.
pub fn a_lock() -> Explore {
    let mut chain = new_chain();
    fill_safes(&mut chain, "alice.near");
    chain.behave("rogue.near", "panic");
    lose_callback(&mut chain, spend_locked("rogue.near"));
    let scenario = chain
        .explore("a-lock")
        .transaction("app.near", "app.near", open_lock())
        .transaction("app.near", "app.near", open_lock())
        .transaction("alice.near", "app.near", spend_locked("rogue.near"))
        .may_fail("rogue.near")
        .time(Time::Rising(OVERDUE));
    checked(scenario)
}

/// Returns the scenario in which the operator resolves an overdue attempt twice, bob retries the order and alice cancels
/// it. The rogue, which has panicked, may fail, and payments to alice too.
pub fn an_order() -> Explore {
    let cancel = call("cancel_order", json!({ "id": 0 }));
    let scenario = settled_twice()
        .transaction("alice.near", "app.near", vec![cancel])
        .may_fail("alice.near");
    checked(scenario)
}

/// Returns the same scenario without the cancellation. At each step the calls before it are overdue.
pub fn an_overdue_order() -> Explore {
    checked(settled_twice().time(Time::Rising(OVERDUE)))
}

fn settled_twice() -> Explore {
    let mut chain = new_chain();
    chain.behave("rogue.near", "panic");
    lose_callback(&mut chain, order("rogue.near"));
    chain
        .explore("an-order")
        .transaction("app.near", "app.near", settle_order())
        .transaction("app.near", "app.near", settle_order())
        .transaction("bob.near", "app.near", retry_order())
        .may_fail("rogue.near")
}

/// Returns the scenario in which the callback of alice's order is late: the operator has settled the attempt. The rogue
/// panics, so the operator says what is true.
pub fn a_late_order() -> Explore {
    let mut chain = new_chain();
    chain.behave("rogue.near", "panic");
    let scenario = chain
        .explore("a-late-order")
        .transaction("alice.near", "app.near", order("rogue.near"))
        .transaction("app.near", "app.near", settle_order())
        .time(Time::Rising(OVERDUE));
    checked(scenario)
}

/// Returns the scenario in which alice cancels an overdue question twice, and bob, the oracle, answers it. Payments to
/// both may fail.
pub fn a_question() -> Explore {
    let mut chain = chain_with_oracle();
    lose_callback(&mut chain, vec![questions::ask()]);
    let scenario = chain
        .explore("a-question")
        .transaction("alice.near", "app.near", vec![questions::cancel()])
        .transaction("alice.near", "app.near", vec![questions::cancel()])
        .transaction("bob.near", "app.near", vec![questions::answer()])
        .may_fail("alice.near")
        .may_fail("bob.near");
    checked(scenario)
}

/// Returns the scenario in which the callback of alice's lock is late: the operator has opened the lock, and alice has
/// locked her safe for another guestbook. The rogue panics, so the operator says what is true.
pub fn a_late_lock() -> Explore {
    let mut chain = new_chain();
    fill_safes(&mut chain, "alice.near");
    chain.behave("rogue.near", "panic");
    let scenario = chain
        .explore("a-late-lock")
        .transaction("alice.near", "app.near", spend_locked("rogue.near"))
        .transaction("app.near", "app.near", open_lock())
        .transaction("alice.near", "app.near", spend_locked("guestbook.near"))
        .time(Time::Rising(OVERDUE));
    checked(scenario)
}

/// Returns the scenario in which the operator says too early that the money of alice's lock was not spent.
pub fn a_lock_too_early() -> Explore {
    let mut chain = new_chain();
    fill_safes(&mut chain, "alice.near");
    let scenario = chain
        .explore("an-early-lock")
        .transaction("alice.near", "app.near", spend_locked("guestbook.near"))
        .transaction("app.near", "app.near", open_lock());
    checked(scenario)
}

/// Returns the scenario in which the operator says too early that the attempt of alice's order has failed.
pub fn an_order_too_early() -> Explore {
    let scenario = new_chain()
        .explore("an-early-order")
        .transaction("alice.near", "app.near", order("guestbook.near"))
        .transaction("app.near", "app.near", settle_order());
    checked(scenario)
}

/// Returns the scenario in which alice cancels her question too early, which bob answers.
pub fn a_question_too_early() -> Explore {
    let scenario = chain_with_oracle()
        .explore("an-early-question")
        .transaction("alice.near", "app.near", vec![questions::ask()])
        .transaction("alice.near", "app.near", vec![questions::cancel()]);
    questions::bob_is_paid_for_his_answer(checked(scenario))
}
