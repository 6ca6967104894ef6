//! Tests on a chain of the solutions of chapter 1.

use near_workspaces::result::ExecutionFinalResult;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, error_of, receipts_on};

// ---- 1. The greeting and the caller ----

#[tokio::test]
async fn the_greeting_is_returned_with_the_caller() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world.call("query_greeting_and_caller").transact().await?;

    let value: Value = outcome.json()?;
    assert_eq!(
        value,
        json!({ "greeting": "Hello", "caller": "alice.test.near" })
    );
    Ok(())
}

#[tokio::test]
async fn nobody_else_can_call_the_callback_with_another_caller() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world
        .call("query_greeting_and_caller_callback")
        .args_json(json!({ "caller": "bob.test.near" }))
        .transact()
        .await?;

    assert_fails_with(
        &outcome,
        "Method query_greeting_and_caller_callback is private",
    );
    Ok(())
}

// ---- 2. A tight callback ----

// ANCHOR: test_tight
#[tokio::test]
async fn a_callback_without_enough_gas_fails_and_the_call_before_it_is_not_reverted()
-> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world
        .call("change_greeting_tightly")
        .args_json(json!({ "new_greeting": "Howdy" }))
        .transact()
        .await?;

    let [_call, callback] = receipts_on(&outcome, world.app.id())[..] else {
        panic!("not two receipts on our contract: {outcome:#?}");
    };
    assert!(error_of(callback).contains("Exceeded the prepaid gas"));
    assert_fails_with(&outcome, "Exceeded the prepaid gas");
    assert_eq!(world.greeting().await?, "Howdy");
    Ok(())
}
// ANCHOR_END: test_tight

// ---- 3. Remembering ----

// ANCHOR: test_memory
#[tokio::test]
async fn when_the_callback_fails_the_call_stays_counted_and_the_last_greeting_stays()
-> anyhow::Result<()> {
    let world = World::new().await?;
    remember(&world).await?.into_result()?;
    set_greeting(&world, &"too long for the callback".repeat(100)).await?;

    let outcome = remember(&world).await?;

    assert_fails_with(&outcome, "promise result too long");
    let memory: Value = world.app.view("get_memory").await?.json()?;
    assert_eq!(memory, json!({ "calls": 2, "greeting": "Hello" }));
    Ok(())
}
// ANCHOR_END: test_memory

#[tokio::test]
async fn when_hello_does_not_exist_the_call_is_counted_without_a_greeting() -> anyhow::Result<()> {
    let world = World::without_init().await?;
    let init = world.app.call("new");
    init.args_json(json!({ "hello": "nobody.test.near" }))
        .transact()
        .await?
        .into_result()?;

    let outcome = remember(&world).await?;

    assert_fails_with(&outcome, "No greeting: promise result failed");
    let memory: Value = world.app.view("get_memory").await?.json()?;
    assert_eq!(memory, json!({ "calls": 1, "greeting": null }));
    Ok(())
}

async fn remember(world: &World) -> anyhow::Result<ExecutionFinalResult> {
    Ok(world.call("remember_greeting").transact().await?)
}

async fn set_greeting(world: &World, greeting: &str) -> anyhow::Result<()> {
    let set = world.alice.call(world.hello.id(), "set_greeting");
    set.args_json(json!({ "greeting": greeting }))
        .transact()
        .await?
        .into_result()?;
    Ok(())
}
