// ANCHOR: all
//! A very long value, read with a bound and without.

use near_workspaces::result::ExecutionFinalResult;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, receipts_on};
use crate::responses::{call, untrusted};

const TWO_MEGABYTES: usize = 2_000_000;

/// Measures with this bound the value of an untrusted contract, which has two million bytes.
async fn measure(world: &World, max_bytes: Option<u32>) -> anyhow::Result<ExecutionFinalResult> {
    let rogue = untrusted(world, "rogue", json!({ "return_bytes": TWO_MEGABYTES })).await?;
    let args = json!({ "account_id": rogue.id(), "max_bytes": max_bytes });

    let outcome = call(world, "measure_result", args).await?;

    let [query] = receipts_on(&outcome, rogue.id())[..] else {
        panic!("not one receipt on the untrusted contract: {outcome:#?}");
    };
    assert!(query.is_success());
    Ok(outcome)
}

async fn measured(world: &World) -> anyhow::Result<u32> {
    Ok(world.app.view("get_measurement_count").await?.json()?)
}

// ANCHOR: test_measure
#[tokio::test]
async fn with_a_bound_the_callback_succeeds() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = measure(&world, Some(1_024)).await?;

    assert_eq!(
        outcome.json::<Value>()?,
        json!({ "too_long": TWO_MEGABYTES })
    );
    assert_eq!(measured(&world).await?, 1);
    Ok(())
}

#[tokio::test]
async fn without_a_bound_the_callback_fails_and_its_changes_are_reverted() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = measure(&world, None).await?;

    assert_fails_with(&outcome, "Exceeded the prepaid gas");
    assert_eq!(measured(&world).await?, 0);
    Ok(())
}
// ANCHOR_END: test_measure
// ANCHOR_END: all
