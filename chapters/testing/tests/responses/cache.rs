// ANCHOR: all
//! A cache: who is asked, and how old an answer may be.

use near_workspaces::operations::Function;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{Gas, NearToken};
use near_workspaces::{AccountId, Contract};
use serde_json::{Value, json};

use crate::common::{World, receipts, receipts_on};
use crate::{behave, call, greet_with, stranger};

/// Returns a chain on which our contract watches this account.
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

/// Returns a chain on which our contract watches hello.
async fn watching_hello() -> anyhow::Result<World> {
    let world = World::new().await?;
    let hello = world.hello.id().clone();
    watching(world, &hello).await
}

async fn ask(world: &World, contract: &Contract) -> anyhow::Result<ExecutionFinalResult> {
    call(world, "ask_cached", json!({ "account_id": contract.id() })).await
}

/// Returns the answer of a transaction that ended with one.
fn answered(outcome: ExecutionFinalResult) -> anyhow::Result<(String, u64)> {
    let answer = outcome.json::<Value>()?["value"].clone();
    let greeting = answer["greeting"].as_str().expect("a text").to_string();
    Ok((greeting, answer["age"].as_u64().expect("a number")))
}

// ANCHOR: test_cached
#[tokio::test]
async fn the_second_answer_comes_without_a_call() -> anyhow::Result<()> {
    let world = watching_hello().await?;

    let first = ask(&world, &world.hello).await?;
    greet_with(&world.hello, "Howdy").await?;
    let second = ask(&world, &world.hello).await?;

    assert_eq!(receipts(&first).len(), 3);
    assert_eq!(receipts(&second).len(), 1);
    let (greeting, age) = answered(first)?;
    assert_eq!((greeting.as_str(), age), ("Hello", 2));
    // The age says how far the answer can be behind.
    assert_eq!(world.greeting().await?, "Howdy");
    let (greeting, age) = answered(second)?;
    assert_eq!(greeting, "Hello");
    assert!(age > 2);
    Ok(())
}
// ANCHOR_END: test_cached

#[tokio::test]
async fn an_answer_that_is_too_old_is_asked_for_again() -> anyhow::Result<()> {
    let world = watching_hello().await?;
    ask(&world, &world.hello).await?.into_result()?;
    greet_with(&world.hello, "Howdy").await?;
    world.worker.fast_forward(51).await?;

    let outcome = ask(&world, &world.hello).await?;

    assert_eq!(receipts_on(&outcome, world.hello.id()).len(), 1);
    assert_eq!(answered(outcome)?, ("Howdy".to_string(), 2));
    Ok(())
}

// ANCHOR: test_failure
#[tokio::test]
async fn a_failure_is_answered_and_not_kept() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = stranger(&world, "rogue", json!("panic")).await?;
    let world = watching(world, rogue.id()).await?;

    let failure = ask(&world, &rogue).await?;
    behave(&rogue, json!("well")).await?;
    let outcome = ask(&world, &rogue).await?;

    assert_eq!(failure.json::<Value>()?, json!("failed"));
    assert_eq!(receipts_on(&outcome, rogue.id()).len(), 1, "it is asked");
    assert_eq!(answered(outcome)?, ("Hello".to_string(), 2));
    Ok(())
}
// ANCHOR_END: test_failure

#[tokio::test]
async fn two_at_once_both_ask() -> anyhow::Result<()> {
    let world = watching_hello().await?;
    let ask = || {
        Function::new("ask_cached")
            .args_json(json!({ "account_id": world.hello.id() }))
            .gas(Gas::from_tgas(100))
    };

    // Both run in one receipt, so neither can see the answer to the other.
    let twice = world.alice.batch(world.app.id()).call(ask()).call(ask());
    let outcome = twice.transact().await?;

    assert_eq!(receipts_on(&outcome, world.hello.id()).len(), 2);
    assert_eq!(answered(outcome)?, ("Hello".to_string(), 2));
    Ok(())
}
// ANCHOR_END: all
