//! Tests of the solutions of the page about responses.

use near_workspaces::Contract;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, deploy, partner_wasm, receipts_on};

/// Calls our contract as alice.
async fn call(world: &World, method: &str, args: Value) -> anyhow::Result<ExecutionFinalResult> {
    Ok(world.call(method).args_json(args).transact().await?)
}

/// Deploys a watched contract with this behaviour to `rogue.test.near`.
async fn watched_rogue(world: &World, behaviour: Value) -> anyhow::Result<Contract> {
    let rogue = deploy(&world.worker, "rogue", &partner_wasm("rogue")?).await?;
    behave(&rogue, behaviour).await?;
    let watch = world.call("watch");
    watch
        .args_json(json!({ "account_id": rogue.id() }))
        .deposit(NearToken::from_millinear(10))
        .transact()
        .await?
        .into_result()?;
    Ok(rogue)
}

/// Changes the behaviour of the contract.
async fn behave(rogue: &Contract, behaviour: Value) -> anyhow::Result<()> {
    let behave = rogue.call("behave");
    behave
        .args_json(json!({ "behaviour": behaviour }))
        .transact()
        .await?
        .into_result()?;
    Ok(())
}

// ---- 1. A breaker that never opens ----

// ANCHOR: test_forgetful
#[tokio::test]
async fn when_the_callback_fails_no_failure_is_counted() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = watched_rogue(&world, json!("panic")).await?;
    let args = json!({ "account_id": rogue.id() });

    for _ in 0..4 {
        let outcome = call(&world, "ask_forgetful", args.clone()).await?;

        assert_fails_with(&outcome, "No greeting from rogue.test.near");
        assert_eq!(receipts_on(&outcome, rogue.id()).len(), 1, "it is called");
    }

    let view = world.app.view("get_breaker").args_json(args);
    let breaker: Value = view.await?.json()?;
    assert_eq!(breaker, json!({ "closed": { "failures": 0 } }));
    Ok(())
}
// ANCHOR_END: test_forgetful

// ---- 2. A stale greeting is better than none ----

// ANCHOR: test_stale
#[tokio::test]
async fn without_a_new_greeting_the_stale_one_is_returned() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = watched_rogue(&world, json!("panic")).await?;
    let args = json!({ "account_id": rogue.id() });

    let nothing = call(&world, "ask_or_stale", args.clone()).await?;
    behave(&rogue, json!("well")).await?;
    let new = call(&world, "ask_or_stale", args.clone()).await?;
    behave(&rogue, json!("panic")).await?;
    world.worker.fast_forward(100).await?;
    let stale = call(&world, "ask_or_stale", args).await?;

    assert_eq!(nothing.json::<Value>()?, json!({ "nothing": "failed" }));
    assert_eq!(
        new.json::<Value>()?,
        json!({ "new": { "greeting": "Hello", "age": 2 } })
    );
    let stale = stale.json::<Value>()?["stale"].clone();
    assert_eq!(stale["result"], json!("failed"));
    assert_eq!(stale["cached"]["greeting"], json!("Hello"));
    assert!(stale["cached"]["age"].as_u64() > Some(100));
    Ok(())
}
// ANCHOR_END: test_stale

#[tokio::test]
async fn an_account_that_is_not_watched_is_not_called() -> anyhow::Result<()> {
    let world = World::new().await?;

    let args = json!({ "account_id": world.hello.id() });
    let outcome = call(&world, "ask_or_stale", args).await?;

    assert_fails_with(&outcome, "hello.test.near is not watched");
    assert!(receipts_on(&outcome, world.hello.id()).is_empty());
    Ok(())
}

// ---- 3. The majority ----

// ANCHOR: test_majority
#[tokio::test]
async fn a_single_number_among_failures_does_not_win() -> anyhow::Result<()> {
    let world = World::new().await?;
    let liar = deploy(&world.worker, "liar", &partner_wasm("counter")?).await?;
    liar.call("increment").transact().await?.into_result()?;

    let alone = ["liar.test.near", "nobody.test.near", "nowhere.test.near"];
    let alone = call(&world, "survey_majority", json!({ "counters": alone })).await?;
    deploy(&world.worker, "other", &partner_wasm("counter")?).await?;
    let outvoted = ["liar.test.near", "counter.test.near", "other.test.near"];
    let outvoted = call(&world, "survey_majority", json!({ "counters": outvoted })).await?;

    assert_eq!(alone.json::<Value>()?, Value::Null);
    assert_eq!(outvoted.json::<Value>()?, json!(0));
    Ok(())
}
// ANCHOR_END: test_majority
