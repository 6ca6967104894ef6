// ANCHOR: all
//! Two calls to hello in one receipt.

use near_workspaces::operations::Function;
use near_workspaces::result::ExecutionFinalResult;
use serde_json::json;

use crate::common::{World, assert_fails_with, error_of, receipts, receipts_on};

#[tokio::test]
async fn the_greeting_is_changed_and_read_in_one_receipt() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = set_and_get(&world, "Howdy").await?;

    let [call, batch, callback] = receipts(&outcome)[..] else {
        panic!("not three receipts: {outcome:#?}");
    };
    assert_eq!(batch.executor_id, *world.hello.id());
    assert_eq!(batch.logs, ["The greeting is now: Howdy"]);
    let first_block = world.height(call).await?;
    assert_eq!(world.height(batch).await?, first_block + 1);
    assert_eq!(world.height(callback).await?, first_block + 2);

    assert_eq!(world.greeting().await?, "Howdy");
    assert_eq!(outcome.json::<String>()?, "Howdy");
    Ok(())
}

#[tokio::test]
async fn the_callback_sees_only_the_result_of_the_last_action() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = set_and_get(&world, "Howdy").await?;

    assert!(outcome.logs().contains(&"Results of two actions: 1"));
    // `set_greeting` returns nothing, and `get_greeting` returns the greeting.
    assert_eq!(outcome.raw_bytes()?, br#""Howdy""#);
    Ok(())
}

#[tokio::test]
async fn in_the_other_order_the_batch_returns_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let set = || Function::new("set_greeting").args_json(json!({ "greeting": "Howdy" }));
    let get = || Function::new("get_greeting");

    let to_hello = || world.alice.batch(world.hello.id());
    let get_first = to_hello().call(get()).call(set()).transact().await?;
    let set_first = to_hello().call(set()).call(get()).transact().await?;

    assert!(get_first.raw_bytes()?.is_empty());
    assert_eq!(set_first.raw_bytes()?, br#""Howdy""#);
    Ok(())
}

#[tokio::test]
async fn when_the_first_action_fails_the_second_does_not_run() -> anyhow::Result<()> {
    let world = World::new().await?;

    // Hello logs its greeting, and this one is longer than a log may be.
    let outcome = set_and_get(&world, &"x".repeat(20_000)).await?;

    let [batch] = receipts_on(&outcome, world.hello.id())[..] else {
        panic!("not one receipt on hello: {outcome:#?}");
    };
    assert!(error_of(batch).contains("Action #0"));
    assert_eq!(world.greeting().await?, "Hello");
    assert_fails_with(&outcome, "No greeting: promise result failed");
    Ok(())
}

async fn set_and_get(world: &World, greeting: &str) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("set_and_get_greeting")
        .args_json(json!({ "new_greeting": greeting }))
        .transact()
        .await?;
    Ok(outcome)
}
// ANCHOR_END: all
