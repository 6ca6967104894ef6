// ANCHOR: all
//! What a callback sees for each shape of call.

use serde_json::{Value, json};

use crate::common::{World, receipts_on};
use crate::{another_hello, call, stranger};

/// What the callback sees.
async fn seen(world: &World, shape: Value) -> anyhow::Result<Value> {
    let outcome = call(world, "inspect_results", json!({ "shape": shape })).await?;
    Ok(outcome.json()?)
}

#[tokio::test]
async fn after_a_single_call_there_is_one_result() -> anyhow::Result<()> {
    let world = World::new().await?;

    let seen = seen(&world, json!("single")).await?;

    assert_eq!(seen, json!([{ "value": "Hello" }]));
    Ok(())
}

#[tokio::test]
async fn after_a_batch_there_is_one_result_that_of_the_last_action() -> anyhow::Result<()> {
    let world = World::new().await?;

    let seen = seen(&world, json!("batch")).await?;

    assert_eq!(seen, json!([{ "value": 1 }]));
    Ok(())
}

#[tokio::test]
async fn after_a_chain_there_is_one_result_that_of_the_last_call() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = call(&world, "inspect_results", json!({ "shape": "chain" })).await?;

    assert_eq!(receipts_on(&outcome, world.hello.id()).len(), 1);
    assert_eq!(outcome.json::<Value>()?, json!([{ "value": 0 }]));
    Ok(())
}

#[tokio::test]
async fn after_parallel_calls_the_results_stand_in_the_order_of_the_join() -> anyhow::Result<()> {
    let world = World::new().await?;

    let seen = seen(&world, json!("parallel")).await?;

    assert_eq!(
        seen,
        json!([{ "value": "Hello" }, { "value": 0 }, { "value": 0 }])
    );
    Ok(())
}

#[tokio::test]
async fn after_many_calls_the_results_stand_in_the_order_of_the_list() -> anyhow::Result<()> {
    let world = World::new().await?;
    another_hello(&world, "one", "One").await?;
    another_hello(&world, "two", "Two").await?;
    stranger(&world, "rogue", json!("panic")).await?;

    let accounts = ["two.test.near", "rogue.test.near", "one.test.near"];
    let seen = seen(&world, json!({ "many": accounts })).await?;

    assert_eq!(
        seen,
        json!([{ "value": "Two" }, "failed", { "value": "One" }])
    );
    Ok(())
}

#[tokio::test]
async fn a_callback_that_nothing_comes_before_sees_no_result() -> anyhow::Result<()> {
    let world = World::new().await?;

    // Our contract may call its own callback, for it is its own predecessor then.
    let outcome = world
        .app
        .call("inspect_results_callback")
        .transact()
        .await?;

    assert_eq!(outcome.json::<Value>()?, json!([]));
    Ok(())
}
// ANCHOR_END: all
