// ANCHOR: all
//! Two changes in parallel, and the compensation when one of them fails.

use near_workspaces::result::ExecutionFinalResult;
use serde_json::json;

use crate::common::{World, error_of, receipts_on};
use crate::parallel::{count_to, messages, number};

/// Returns a text that is too long for the static gas of the guestbook.
fn long_text() -> String {
    "x".repeat(300_000)
}

#[tokio::test]
async fn a_visit_is_counted_and_signed() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = visit(&world, "Good morning").await?;

    assert_eq!(outcome.json::<String>()?, "complete");
    assert_eq!(number(&world).await?, 1);
    assert_eq!(messages(&world).await?, 1);
    Ok(())
}

// ANCHOR: test_taken_back
#[tokio::test]
async fn a_failed_call_does_not_revert_the_other_and_the_callback_compensates() -> anyhow::Result<()>
{
    let world = World::new().await?;
    count_to(&world, 5).await?;

    let outcome = visit(&world, &long_text()).await?;

    let [signed] = receipts_on(&outcome, world.guestbook.id())[..] else {
        panic!("not one receipt on the guestbook: {outcome:#?}");
    };
    assert!(error_of(signed).contains("Exceeded the prepaid gas"));
    let [counted, taken_back] = receipts_on(&outcome, world.counter.id())[..] else {
        panic!("not two receipts on the counter: {outcome:#?}");
    };
    // In the same block as the failure, the counter went up. Two blocks later it went down.
    assert_eq!(counted.logs, ["The counter is now at 6"]);
    assert_eq!(world.height(counted).await?, world.height(signed).await?);
    assert_eq!(taken_back.logs, ["The counter is now at 5"]);
    assert_eq!(
        world.height(taken_back).await?,
        world.height(signed).await? + 2
    );

    assert_eq!(outcome.json::<String>()?, "taken_back");
    assert_eq!(number(&world).await?, 5);
    assert_eq!(messages(&world).await?, 0);
    Ok(())
}
// ANCHOR_END: test_taken_back

#[tokio::test]
async fn a_message_without_a_count_is_not_undone() -> anyhow::Result<()> {
    let world = World::new().await?;
    count_to(&world, 127).await?;

    let outcome = visit(&world, "Good morning").await?;

    let [counted] = receipts_on(&outcome, world.counter.id())[..] else {
        panic!("not one receipt on the counter: {outcome:#?}");
    };
    assert!(error_of(counted).contains("The counter is at 127"));
    assert_eq!(outcome.json::<String>()?, "not_counted");
    assert_eq!(messages(&world).await?, 1);
    Ok(())
}

async fn visit(world: &World, text: &str) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("visit")
        .args_json(json!({ "text": text }))
        .transact()
        .await?;
    Ok(outcome)
}
// ANCHOR_END: all
