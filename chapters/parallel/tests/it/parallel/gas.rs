// ANCHOR: all
//! Static gas: enough for the longest values, and a limit for other contracts.

use near_workspaces::types::Gas;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, gas_cost, receipts, receipts_on};
use crate::parallel::world_with_rogue_as;

// ANCHOR: test_longest
#[tokio::test]
async fn static_gas_is_enough_for_the_longest_values() -> anyhow::Result<()> {
    let world = World::new().await?;
    let greeting = "x".repeat(1_022);
    let set = world.hello.call("set_greeting");
    let set = set.args_json(json!({ "greeting": greeting }));
    set.transact().await?.into_result()?;
    for _ in 0..3 {
        let text = "x".repeat(620);
        let add = world.guestbook.call("add_message");
        let add = add.args_json(json!({ "text": text }));
        add.transact().await?.into_result()?;
    }

    // Enough for the static gas of all calls, and almost no unused gas to share.
    for (method, tgas) in [("overview", 24), ("overview_in_sequence", 31)] {
        let call = world.call(method).gas(Gas::from_tgas(tgas));
        let outcome = call.transact().await?;

        let overview: Value = outcome.json()?;
        assert_eq!(overview["greeting"]["value"], greeting);
        assert_eq!(overview["number"]["value"], 0);
        assert_eq!(overview["messages"]["value"][2]["text"], "x".repeat(620));
    }
    Ok(())
}
// ANCHOR_END: test_longest

#[tokio::test]
async fn with_too_little_gas_no_call_is_sent() -> anyhow::Result<()> {
    let world = World::new().await?;

    let call = world.call("overview").gas(Gas::from_tgas(17));
    let outcome = call.transact().await?;

    assert_fails_with(&outcome, "Exceeded the prepaid gas");
    assert_eq!(receipts(&outcome).len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_signer_pays_for_the_gas_of_all_receipts_and_nobody_else_does() -> anyhow::Result<()> {
    let world = World::new().await?;
    let alice = world.balance(world.alice.id()).await?;
    let others = [&world.app, &world.hello, &world.counter, &world.guestbook];
    let mut before = Vec::new();
    for other in others {
        before.push(world.balance(other.id()).await?);
    }

    let outcome = world.call("overview").transact().await?;

    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    for (other, before) in others.into_iter().zip(before) {
        assert_eq!(world.balance(other.id()).await?, before);
    }
    Ok(())
}

// ANCHOR: test_weight
#[tokio::test]
async fn a_call_with_a_gas_weight_can_burn_unused_gas_and_one_without_cannot() -> anyhow::Result<()>
{
    let world = world_with_rogue_as("counter", json!("burn_all_gas")).await?;
    let rogue = "rogue.test.near".parse()?;

    let weighted = world.call("overview").gas(Gas::from_tgas(300));
    let weighted = weighted.transact().await?;
    let exact = world
        .call("numbers_of")
        .args_json(json!({ "counters": [rogue] }))
        .gas(Gas::from_tgas(300))
        .transact()
        .await?;

    let burnt = |outcome| receipts_on(outcome, &rogue)[0].gas_burnt;
    // A fourth of the unused gas of 300 Tgas, compared with 2 Tgas of static gas and the fees.
    assert!(burnt(&weighted) > Gas::from_tgas(60));
    assert!(burnt(&exact) < Gas::from_tgas(3));
    Ok(())
}
// ANCHOR_END: test_weight
// ANCHOR_END: all
