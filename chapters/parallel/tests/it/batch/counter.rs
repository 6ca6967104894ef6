// ANCHOR: all
//! Many steps of the counter in one receipt.

use near_workspaces::result::ExecutionFinalResult;
use serde_json::json;

use crate::common::{World, assert_fails_with, error_of, receipts_on};

#[tokio::test]
async fn the_steps_run_in_their_order() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = count(&world, &["increment", "increment", "decrement"]).await?;

    let [batch] = receipts_on(&outcome, world.counter.id())[..] else {
        panic!("not one receipt on the counter: {outcome:#?}");
    };
    assert_eq!(
        batch.logs,
        [
            "The counter is now at 1",
            "The counter is now at 2",
            "The counter is now at 1",
        ]
    );
    assert_eq!(number(&world).await?, 1);
    assert_eq!(outcome.json::<i8>()?, 1);
    Ok(())
}

#[tokio::test]
async fn without_steps_the_number_is_only_read() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = count(&world, &[]).await?;

    assert_eq!(outcome.json::<i8>()?, 0);
    Ok(())
}

#[tokio::test]
async fn when_a_step_fails_no_step_is_done() -> anyhow::Result<()> {
    let world = World::new().await?;
    raise_to_127(&world).await?;

    // At 127 there is room for one step down, and none for a step up.
    let steps_and_the_one_that_fails = [
        (&["increment", "decrement", "reset"][..], 0),
        (&["decrement", "increment", "increment", "reset"], 2),
        (&["decrement", "increment", "increment"], 2),
    ];
    for (steps, failing) in steps_and_the_one_that_fails {
        let outcome = count(&world, steps).await?;

        let [batch] = receipts_on(&outcome, world.counter.id())[..] else {
            panic!("not one receipt on the counter: {outcome:#?}");
        };
        assert!(error_of(batch).contains(&format!("Action #{failing}")));
        assert_eq!(number(&world).await?, 127);
        assert_fails_with(&outcome, "The counter did not count: promise result failed");
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_step_is_refused_before_the_counter_is_called() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = count(&world, &["increment", "jump"]).await?;

    assert_fails_with(&outcome, "unknown variant `jump`");
    assert!(receipts_on(&outcome, world.counter.id()).is_empty());
    Ok(())
}

async fn count(world: &World, steps: &[&str]) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("count")
        .args_json(json!({ "steps": steps }))
        .transact()
        .await?;
    Ok(outcome)
}

async fn raise_to_127(world: &World) -> anyhow::Result<()> {
    for steps in [99, 28] {
        count(world, &vec!["increment"; steps])
            .await?
            .into_result()?;
    }
    Ok(())
}

async fn number(world: &World) -> anyhow::Result<i8> {
    Ok(world.counter.view("get_num").await?.json()?)
}
// ANCHOR_END: all
