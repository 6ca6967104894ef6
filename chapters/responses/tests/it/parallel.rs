// ANCHOR: all
//! Parallel calls on a chain: the blocks of their receipts, their failures, and their gas.

mod fan_out;
mod gas;
mod one_then_many;
mod overview;
mod portfolio;
mod sequence;
mod visit;

use near_workspaces::Contract;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, deploy, partner_wasm};

// ANCHOR: rogue
/// Starts a chain on which the rogue is this partner of our contract: `"counter"`.
async fn world_with_rogue_as(partner: &str, behaviour: Value) -> anyhow::Result<World> {
    let world = World::without_init().await?;
    let rogue = rogue(&world, behaviour).await?;
    let mut partners = json!({
        "hello": world.hello.id(),
        "counter": world.counter.id(),
        "guestbook": world.guestbook.id(),
    });
    partners[partner] = json!(rogue.id());
    let init = world.app.call("new").args_json(partners);
    init.transact().await?.into_result()?;
    Ok(world)
}

/// Deploys the rogue with this behaviour to `rogue.test.near`.
async fn rogue(world: &World, behaviour: Value) -> anyhow::Result<Contract> {
    let rogue = deploy(&world.worker, "rogue", &partner_wasm("rogue")?).await?;
    let behave = rogue.call("behave");
    let behave = behave.args_json(json!({ "behaviour": behaviour }));
    behave.transact().await?.into_result()?;
    Ok(rogue)
}
// ANCHOR_END: rogue

/// Returns the number of the counter.
async fn number(world: &World) -> anyhow::Result<i8> {
    Ok(world.counter.view("get_num").await?.json()?)
}

/// Returns the number of messages in the guestbook.
async fn messages(world: &World) -> anyhow::Result<u32> {
    Ok(world.guestbook.view("total_messages").await?.json()?)
}

/// Increments the counter to `number`.
async fn count_to(world: &World, number: i8) -> anyhow::Result<()> {
    for _ in 0..number {
        let increment = world.counter.call("increment");
        increment.transact().await?.into_result()?;
    }
    Ok(())
}

#[tokio::test]
async fn nobody_else_can_call_the_callbacks() -> anyhow::Result<()> {
    let world = World::new().await?;

    for method in [
        "overview_callback",
        "after_greeting",
        "after_number",
        "after_messages",
        "visit_callback",
        "numbers_of_callback",
        "portfolio_callback",
    ] {
        let outcome = world.call(method).transact().await?;
        assert_fails_with(&outcome, &format!("Method {method} is private"));
    }
    Ok(())
}
// ANCHOR_END: all
