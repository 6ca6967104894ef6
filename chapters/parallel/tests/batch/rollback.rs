// ANCHOR: all
//! A transaction is a batch too: its actions travel in one receipt to one account. What a failing
//! action undoes can be seen best there, where no contract of ours is in between.

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
async fn a_call_that_was_made_before_the_failure_never_leaves() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world
        .alice
        .batch(world.app.id())
        .call(change_greeting())
        .call(no_such_method())
        .transact()
        .await?;

    assert_fails_with(&outcome, "Action #1: MethodResolveError(MethodNotFound)");
    // The first action ran, as its log shows. But the promises that it made are gone with it.
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
async fn what_comes_after_the_failure_does_not_even_run() -> anyhow::Result<()> {
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
async fn a_deposit_goes_back_to_whoever_sent_the_batch() -> anyhow::Result<()> {
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
    // One refund of the deposit and one of gas. A node answers before they have arrived: the balances
    // show that both came to alice, to the last yoctoNEAR.
    assert_eq!(batch.receipt_ids.len(), 2);
    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    assert_eq!(world.balance(world.guestbook.id()).await?, guestbook);
    let messages: Value = world.guestbook.view("total_messages").await?.json()?;
    assert_eq!(messages, json!(0));
    Ok(())
}
// ANCHOR_END: all
