// ANCHOR: all
//! The same call to a list of contracts.

use near_workspaces::AccountId;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::Gas;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, receipts_on};
use crate::parallel::{count_to, rogue};

// ANCHOR: test_whose
#[tokio::test]
async fn each_result_has_its_counter() -> anyhow::Result<()> {
    let world = World::new().await?;
    count_to(&world, 3).await?;
    let rogue = rogue(&world, json!("return_other_type")).await?;
    let nobody: AccountId = "nobody.test.near".parse()?;

    let counters = [&nobody, rogue.id(), world.counter.id()];
    let outcome = ask(&world, &counters).await?;

    assert_eq!(
        outcome.json::<Value>()?,
        json!([
            {
                "account_id": nobody,
                "result": "failed",
            },
            {
                "account_id": rogue.id(),
                "result": "unreadable",
            },
            {
                "account_id": world.counter.id(),
                "result": { "value": 3 },
            },
        ])
    );
    Ok(())
}
// ANCHOR_END: test_whose

#[tokio::test]
async fn an_account_may_be_called_twice() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = ask(&world, &[world.counter.id(); 2]).await?;

    assert_eq!(receipts_on(&outcome, world.counter.id()).len(), 2);
    let numbers: Vec<Value> = outcome.json()?;
    assert_eq!(numbers.len(), 2);
    assert_eq!(numbers[0], numbers[1]);
    Ok(())
}

#[tokio::test]
async fn an_empty_list_is_refused() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = ask(&world, &[]).await?;

    assert_fails_with(&outcome, "Name at least one counter");
    Ok(())
}

// ANCHOR: test_limit
#[tokio::test]
async fn a_callback_waits_for_128_results_and_no_more() -> anyhow::Result<()> {
    let world = World::new().await?;

    let most = ask(&world, &[world.counter.id(); 128]).await?;
    let too_many = ask(&world, &[world.counter.id(); 129]).await?;

    let numbers: Vec<Value> = most.json()?;
    assert_eq!(numbers.len(), 128);
    assert!(numbers.iter().all(|number| number["result"]["value"] == 0));
    assert_fails_with(
        &too_many,
        "The number of input data dependencies 129 exceeds the limit 128",
    );
    assert!(receipts_on(&too_many, world.counter.id()).is_empty());
    Ok(())
}
// ANCHOR_END: test_limit

async fn ask(world: &World, counters: &[&AccountId]) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("numbers_of")
        .args_json(json!({ "counters": counters }))
        .gas(Gas::from_tgas(1_000))
        .transact()
        .await?;
    Ok(outcome)
}
// ANCHOR_END: all
