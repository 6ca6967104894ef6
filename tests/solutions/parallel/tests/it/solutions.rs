//! Tests on a chain of the solutions of chapter 3.

use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::Gas;
use near_workspaces::{AccountId, Contract};
use serde_json::{Value, json};

use crate::common::{World, deploy, partner_wasm, receipts, receipts_on};

// ---- 1. More than one callback can wait for ----

// ANCHOR: test_groups
#[tokio::test]
async fn two_groups_return_more_numbers_than_one_callback_can_wait_for() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = ask_in_groups(&world, &[world.counter.id(); 150]).await?;

    // The method, the callbacks of two groups, and the callback of both.
    let [call, first, second, last] = receipts_on(&outcome, world.app.id())[..] else {
        panic!("not four receipts of ours: {outcome:#?}");
    };
    let first_block = world.height(call).await?;
    assert_eq!(world.height(first).await?, first_block + 2);
    assert_eq!(world.height(second).await?, first_block + 2);
    assert_eq!(world.height(last).await?, first_block + 3);
    let groups: Vec<Value> = outcome.json()?;
    assert_eq!(numbers_in(&groups[0]), 100);
    assert_eq!(numbers_in(&groups[1]), 50);
    Ok(())
}
// ANCHOR_END: test_groups

#[tokio::test]
async fn the_longest_answers_of_a_group_are_neither_too_long_nor_too_dear() -> anyhow::Result<()> {
    let world = World::new().await?;
    // The longest name that an account can have, and the longest reason that there can be.
    let rogue = rogue(&world, &"r".repeat(54), json!({ "return_bytes": 10_000 })).await?;

    let outcome = ask_in_groups(&world, &[rogue.id(); 100]).await?;

    let last = receipts_on(&outcome, world.app.id())[2];
    assert!(last.gas_burnt < Gas::from_tgas(5), "{}", last.gas_burnt);
    let groups: Vec<Value> = outcome.json()?;
    assert_eq!(numbers_in(&groups[0]), 100);
    Ok(())
}

/// Returns the number of counters in the value of a group.
fn numbers_in(group: &Value) -> usize {
    let numbers = group["value"].as_array();
    numbers.map_or(0, Vec::len)
}

async fn ask_in_groups(
    world: &World,
    counters: &[&AccountId],
) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("numbers_in_groups")
        .args_json(json!({ "counters": counters }))
        .gas(Gas::from_tgas(1_000))
        .transact()
        .await?;
    Ok(outcome)
}

// ---- 2. A sum or nothing ----

// ANCHOR: test_worth
#[tokio::test]
async fn the_sum_is_returned_when_all_three_calls_succeed() -> anyhow::Result<()> {
    let world = World::new().await?;
    let sources = sources(&world).await?;

    let [token, lender, staking_pool] = sources.each_ref().map(Contract::id);
    let worth = net_worth(&world, [token, lender, staking_pool]).await?;

    assert_eq!(worth, json!({ "value": "1335" }));
    Ok(())
}

#[tokio::test]
async fn there_is_no_sum_when_one_call_fails() -> anyhow::Result<()> {
    let world = World::new().await?;
    let sources = sources(&world).await?;
    let rogue = rogue(&world, "rogue", json!("burn_all_gas")).await?;

    let [token, lender, _] = sources.each_ref().map(Contract::id);
    let worth = net_worth(&world, [token, lender, rogue.id()]).await?;

    assert_eq!(worth, json!({ "refused": "no value from rogue.test.near" }));
    Ok(())
}
// ANCHOR_END: test_worth

/// Deploys a token, a lender and a staking pool with assets of alice.
async fn sources(world: &World) -> anyhow::Result<[Contract; 3]> {
    let alice = world.alice.id();
    let token = deploy(&world.worker, "usd", &partner_wasm("token")?).await?;
    let lender = deploy(&world.worker, "lending", &partner_wasm("lending")?).await?;
    let staking_pool = deploy(&world.worker, "staking", &partner_wasm("staking")?).await?;
    let tokens = json!({ "owner_id": alice, "total_supply": "1000" });
    let position = json!({ "account_id": alice, "supplied": "500", "borrowed": "200" });
    let rewards = json!({ "account_id": alice, "rewards": "35" });
    for (contract, method, args) in [
        (&token, "new", tokens),
        (&lender, "set_position", position),
        (&staking_pool, "set_rewards", rewards),
    ] {
        let call = contract.call(method).args_json(args);
        call.transact().await?.into_result()?;
    }
    Ok([token, lender, staking_pool])
}

async fn net_worth(world: &World, sources: [&AccountId; 3]) -> anyhow::Result<Value> {
    let [token, lender, staking_pool] = sources;
    let outcome = world
        .call("net_worth")
        .args_json(json!({
            "account_id": world.alice.id(),
            "token": token,
            "lender": lender,
            "staking_pool": staking_pool,
        }))
        .transact()
        .await?;
    Ok(outcome.json()?)
}

// ---- 3. A compensation that reports ----

// ANCHOR: test_report
#[tokio::test]
async fn the_result_is_returned_after_the_count_was_taken_back() -> anyhow::Result<()> {
    let world = World::new().await?;

    // Too long for the static gas of the guestbook.
    let outcome = visit(&world, &"x".repeat(300_000)).await?;

    let [counted, taken_back] = receipts_on(&outcome, world.counter.id())[..] else {
        panic!("not two receipts on the counter: {outcome:#?}");
    };
    assert_eq!(counted.logs, ["The counter is now at 1"]);
    assert_eq!(taken_back.logs, ["The counter is now at 0"]);
    let last = receipts(&outcome)[5];
    assert_eq!(last.executor_id, *world.app.id());
    assert_eq!(
        world.height(last).await?,
        world.height(taken_back).await? + 1
    );
    assert_eq!(outcome.json::<String>()?, "taken_back");
    Ok(())
}
// ANCHOR_END: test_report

#[tokio::test]
async fn a_visit_without_a_compensation_is_reported_at_once() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = visit(&world, "Good morning").await?;

    assert_eq!(receipts_on(&outcome, world.app.id()).len(), 2);
    assert_eq!(outcome.json::<String>()?, "complete");
    Ok(())
}

async fn visit(world: &World, text: &str) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("visit_and_report")
        .args_json(json!({ "text": text }))
        .transact()
        .await?;
    Ok(outcome)
}

/// Deploys the rogue with this behaviour to `<name>.test.near`.
async fn rogue(world: &World, name: &str, behaviour: Value) -> anyhow::Result<Contract> {
    let rogue = deploy(&world.worker, name, &partner_wasm("rogue")?).await?;
    let behave = rogue.call("behave");
    let behave = behave.args_json(json!({ "behaviour": behaviour }));
    behave.transact().await?.into_result()?;
    Ok(rogue)
}
