// ANCHOR: all
//! Parallel calls on a chain: what runs when, what stays of it, and what it takes.

#[path = "../common/mod.rs"]
mod common;

mod fan_out;
mod gas;
mod one_then_many;
mod overview;
mod portfolio;
mod sequence;
mod visit;

use common::{World, assert_fails_with, deploy, partner_wasm};
use near_workspaces::Contract;
use serde_json::{Value, json};

// ANCHOR: rogue
/// Everyone is there, and our contract takes the rogue for the partner in this place: `"counter"`.
async fn world_with_rogue_as(place: &str, behaviour: Value) -> anyhow::Result<World> {
    let world = World::without_init().await?;
    let rogue = rogue(&world, behaviour).await?;
    let mut partners = json!({
        "hello": world.hello.id(),
        "counter": world.counter.id(),
        "guestbook": world.guestbook.id(),
    });
    partners[place] = json!(rogue.id());
    let init = world.app.call("new").args_json(partners);
    init.transact().await?.into_result()?;
    Ok(world)
}

/// Returns a contract on `rogue.test.near` that behaves like this.
async fn rogue(world: &World, behaviour: Value) -> anyhow::Result<Contract> {
    let rogue = deploy(&world.worker, "rogue", &partner_wasm("rogue")?).await?;
    let behave = rogue.call("behave");
    let behave = behave.args_json(json!({ "behaviour": behaviour }));
    behave.transact().await?.into_result()?;
    Ok(rogue)
}
// ANCHOR_END: rogue

/// Returns the number that the counter keeps.
async fn number(world: &World) -> anyhow::Result<i8> {
    Ok(world.counter.view("get_num").await?.json()?)
}

/// How many messages the guestbook keeps.
async fn messages(world: &World) -> anyhow::Result<u32> {
    Ok(world.guestbook.view("total_messages").await?.json()?)
}

/// Puts the counter at `number`.
async fn count_to(world: &World, number: i8) -> anyhow::Result<()> {
    for _ in 0..number {
        let increment = world.counter.call("increment");
        increment.transact().await?.into_result()?;
    }
    Ok(())
}

#[tokio::test]
async fn nobody_else_can_play_the_callbacks() -> anyhow::Result<()> {
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
