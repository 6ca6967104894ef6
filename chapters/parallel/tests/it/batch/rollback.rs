// ANCHOR: all
//! A transaction is a batch too: its actions are one receipt for one account. So these tests show
//! what a failing action reverts, without a contract of ours in between.

use near_workspaces::operations::Function;
use near_workspaces::types::{Gas, NearToken};
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, gas_cost, receipts, receipts_on};

/// Returns a call to our contract that makes a promise: to change hello's greeting.
fn change_greeting() -> Function {
    Function::new("change_greeting")
        .args_json(json!({ "new_greeting": "Howdy" }))
        .gas(Gas::from_tgas(100))
}

/// Returns a call that always fails.
fn no_such_method() -> Function {
    Function::new("no_such_method").gas(Gas::from_tgas(10))
}

#[tokio::test]
async fn a_promise_of_an_action_before_the_failure_is_not_sent() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world
        .alice
        .batch(world.app.id())
        .call(change_greeting())
        .call(no_such_method())
        .transact()
        .await?;

    assert_fails_with(&outcome, "Action #1: MethodResolveError(MethodNotFound)");
    // The first action ran, as its log shows. But the promises that it created are not sent.
    let [batch] = receipts(&outcome)[..] else {
        panic!("not one receipt: {outcome:#?}");
    };
    assert_eq!(
        batch.logs,
        ["change_greeting runs on app.test.near, \
          called by alice.test.near, signed by alice.test.near"]
    );
    assert!(receipts_on(&outcome, world.hello.id()).is_empty());
    assert_eq!(world.greeting().await?, "Hello");
    Ok(())
}

#[tokio::test]
async fn an_action_after_the_failure_does_not_run() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world
        .alice
        .batch(world.app.id())
        .call(no_such_method())
        .call(change_greeting())
        .transact()
        .await?;

    assert_fails_with(&outcome, "Action #0: MethodResolveError(MethodNotFound)");
    assert!(outcome.logs().is_empty());
    assert_eq!(world.greeting().await?, "Hello");
    Ok(())
}

#[tokio::test]
async fn a_deposit_is_refunded_to_the_sender_of_the_batch() -> anyhow::Result<()> {
    let world = World::new().await?;
    let alice = world.balance(world.alice.id()).await?;
    let guestbook = world.balance(world.guestbook.id()).await?;
    let message = Function::new("add_message")
        .args_json(json!({ "text": "Good morning" }))
        .deposit(NearToken::from_near(1));

    let outcome = world
        .alice
        .batch(world.guestbook.id())
        .call(message)
        .call(no_such_method())
        .transact()
        .await?;

    assert_fails_with(&outcome, "Action #1: MethodResolveError(MethodNotFound)");
    let [batch] = receipts(&outcome)[..] else {
        panic!("not one receipt: {outcome:#?}");
    };
    // One refund of the deposit and one of gas. A node responds before they have arrived. The
    // balances show that alice got both, to the last yoctoNEAR.
    assert_eq!(batch.receipt_ids.len(), 2);
    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    assert_eq!(world.balance(world.guestbook.id()).await?, guestbook);
    let messages: Value = world.guestbook.view("total_messages").await?.json()?;
    assert_eq!(messages, json!(0));
    Ok(())
}
// ANCHOR_END: all
