// ANCHOR: all
//! The same three contracts one after the other.

use near_workspaces::result::ExecutionFinalResult;
use serde_json::Value;

use crate::common::{World, receipts, receipts_on};
use crate::parallel::{count_to, world_with_rogue_as};

// ANCHOR: test_blocks
#[tokio::test]
async fn in_sequence_the_same_overview_takes_four_blocks_more() -> anyhow::Result<()> {
    let world = World::new().await?;
    count_to(&world, 3).await?;

    let at_once = world.call("overview").transact().await?;
    let in_sequence = world.call("overview_in_sequence").transact().await?;

    assert_eq!(blocks(&world, &at_once).await?, 2);
    assert_eq!(blocks(&world, &in_sequence).await?, 6);
    assert_eq!(at_once.json::<Value>()?, in_sequence.json::<Value>()?);
    Ok(())
}

/// Returns the number of blocks between the first receipt and the last.
async fn blocks(world: &World, outcome: &ExecutionFinalResult) -> anyhow::Result<u64> {
    let mut heights = Vec::new();
    for receipt in receipts(outcome) {
        heights.push(world.height(receipt).await?);
    }
    heights.sort_unstable();
    Ok(heights[heights.len() - 1] - heights[0])
}
// ANCHOR_END: test_blocks

#[tokio::test]
async fn the_sequence_continues_after_a_failure() -> anyhow::Result<()> {
    let world = world_with_rogue_as("hello", "panic".into()).await?;
    count_to(&world, 3).await?;

    let outcome = world.call("overview_in_sequence").transact().await?;

    assert_eq!(receipts_on(&outcome, world.guestbook.id()).len(), 1);
    let overview: Value = outcome.json()?;
    assert_eq!(overview["greeting"], "failed");
    assert_eq!(overview["number"]["value"], 3);
    Ok(())
}
// ANCHOR_END: all
