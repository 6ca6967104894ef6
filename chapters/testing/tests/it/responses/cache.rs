// ANCHOR: all
//! A cache of greetings, and their age.

use near_workspaces::operations::Function;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{Gas, NearToken};
use near_workspaces::{AccountId, Contract};
use serde_json::{Value, json};

use crate::common::{World, receipts, receipts_on};
use crate::responses::{behave, call, greet_with, untrusted};

/// Adds an entry for this account to our contract.
async fn watching(world: World, account_id: &AccountId) -> anyhow::Result<World> {
    world
        .call("watch")
        .args_json(json!({ "account_id": account_id }))
        .deposit(NearToken::from_millinear(10))
        .transact()
        .await?
        .into_result()?;
    Ok(world)
}

/// Starts a chain on which our contract watches hello.
async fn watching_hello() -> anyhow::Result<World> {
    let world = World::new().await?;
    let hello = world.hello.id().clone();
    watching(world, &hello).await
}

async fn ask(world: &World, contract: &Contract) -> anyhow::Result<ExecutionFinalResult> {
    call(world, "ask_cached", json!({ "account_id": contract.id() })).await
}

/// Returns the greeting and the age that a transaction returned.
fn greeting_and_age(outcome: ExecutionFinalResult) -> anyhow::Result<(String, u64)> {
    let value = outcome.json::<Value>()?["value"].clone();
    let greeting = value["greeting"].as_str().expect("a text").to_string();
    Ok((greeting, value["age"].as_u64().expect("a number")))
}

// ANCHOR: test_cached
#[tokio::test]
async fn the_second_greeting_comes_from_the_cache() -> anyhow::Result<()> {
    let world = watching_hello().await?;

    let first = ask(&world, &world.hello).await?;
    greet_with(&world.hello, "Howdy").await?;
    let second = ask(&world, &world.hello).await?;

    assert_eq!(receipts(&first).len(), 3);
    assert_eq!(receipts(&second).len(), 1);
    let (greeting, age) = greeting_and_age(first)?;
    assert_eq!((greeting.as_str(), age), ("Hello", 2));
    // The age is how old the greeting can be at most.
    assert_eq!(world.greeting().await?, "Howdy");
    let (greeting, age) = greeting_and_age(second)?;
    assert_eq!(greeting, "Hello");
    assert!(age > 2);
    Ok(())
}
// ANCHOR_END: test_cached

#[tokio::test]
async fn a_greeting_that_is_too_old_is_read_again() -> anyhow::Result<()> {
    let world = watching_hello().await?;
    ask(&world, &world.hello).await?.into_result()?;
    greet_with(&world.hello, "Howdy").await?;
    world.worker.fast_forward(51).await?;

    let outcome = ask(&world, &world.hello).await?;

    assert_eq!(receipts_on(&outcome, world.hello.id()).len(), 1);
    assert_eq!(greeting_and_age(outcome)?, ("Howdy".to_string(), 2));
    Ok(())
}

// ANCHOR: test_failure
#[tokio::test]
async fn a_failure_is_returned_and_not_cached() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = untrusted(&world, "rogue", json!("panic")).await?;
    let world = watching(world, rogue.id()).await?;

    let failure = ask(&world, &rogue).await?;
    behave(&rogue, json!("well")).await?;
    let outcome = ask(&world, &rogue).await?;

    assert_eq!(failure.json::<Value>()?, json!("failed"));
    assert_eq!(receipts_on(&outcome, rogue.id()).len(), 1, "it is called");
    assert_eq!(greeting_and_age(outcome)?, ("Hello".to_string(), 2));
    Ok(())
}
// ANCHOR_END: test_failure

#[tokio::test]
async fn two_calls_in_one_receipt_both_call_the_account() -> anyhow::Result<()> {
    let world = watching_hello().await?;
    let ask = || {
        Function::new("ask_cached")
            .args_json(json!({ "account_id": world.hello.id() }))
            .gas(Gas::from_tgas(100))
    };

    // Both run before the callback of the first, so the cache is empty for both.
    let twice = world.alice.batch(world.app.id()).call(ask()).call(ask());
    let outcome = twice.transact().await?;

    assert_eq!(receipts_on(&outcome, world.hello.id()).len(), 2);
    assert_eq!(greeting_and_age(outcome)?, ("Hello".to_string(), 2));
    Ok(())
}
// ANCHOR_END: all
