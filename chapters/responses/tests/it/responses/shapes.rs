// ANCHOR: all
//! The promise results that a callback sees, for each shape of calls.

use serde_json::{Value, json};

use crate::common::{World, receipts_on};
use crate::responses::{another_hello, call, untrusted};

/// Returns the promise results that the callback sees.
async fn results(world: &World, shape: Value) -> anyhow::Result<Value> {
    let outcome = call(world, "inspect_results", json!({ "shape": shape })).await?;
    Ok(outcome.json()?)
}

#[tokio::test]
async fn after_a_single_call_there_is_one_result() -> anyhow::Result<()> {
    let world = World::new().await?;

    let results = results(&world, json!("single")).await?;

    assert_eq!(results, json!([{ "value": "Hello" }]));
    Ok(())
}

#[tokio::test]
async fn after_a_batch_there_is_only_the_result_of_the_last_action() -> anyhow::Result<()> {
    let world = World::new().await?;

    let results = results(&world, json!("batch")).await?;

    assert_eq!(results, json!([{ "value": 1 }]));
    Ok(())
}

#[tokio::test]
async fn after_a_chain_there_is_only_the_result_of_the_last_call() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = call(&world, "inspect_results", json!({ "shape": "chain" })).await?;

    assert_eq!(receipts_on(&outcome, world.hello.id()).len(), 1);
    assert_eq!(outcome.json::<Value>()?, json!([{ "value": 0 }]));
    Ok(())
}

#[tokio::test]
async fn after_parallel_calls_the_results_are_in_the_order_of_the_join() -> anyhow::Result<()> {
    let world = World::new().await?;

    let results = results(&world, json!("parallel")).await?;

    assert_eq!(
        results,
        json!([{ "value": "Hello" }, { "value": 0 }, { "value": 0 }])
    );
    Ok(())
}

#[tokio::test]
async fn after_many_calls_the_results_are_in_the_order_of_the_list() -> anyhow::Result<()> {
    let world = World::new().await?;
    another_hello(&world, "one", "One").await?;
    another_hello(&world, "two", "Two").await?;
    untrusted(&world, "rogue", json!("panic")).await?;

    let accounts = ["two.test.near", "rogue.test.near", "one.test.near"];
    let results = results(&world, json!({ "many": accounts })).await?;

    assert_eq!(
        results,
        json!([{ "value": "Two" }, "failed", { "value": "One" }])
    );
    Ok(())
}

#[tokio::test]
async fn a_callback_without_a_call_before_it_sees_no_result() -> anyhow::Result<()> {
    let world = World::new().await?;

    // Our account may call its own callback: it is the predecessor.
    let outcome = world
        .app
        .call("inspect_results_callback")
        .transact()
        .await?;

    assert_eq!(outcome.json::<Value>()?, json!([]));
    Ok(())
}
// ANCHOR_END: all
