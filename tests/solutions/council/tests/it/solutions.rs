//! Tests on a chain of the solutions of the council.

use near_sdk::json_types::Base64VecU8;
use near_workspaces::types::Gas;
use serde_json::{Value, json};

use crate::world::{BOND, NOTHING, PRICE, World, assert_fails_with};

/// Returns an action with arguments in JSON.
fn action(method: &str, args: &Value, tgas: u64) -> Value {
    let deposit = if method == "add_message" {
        PRICE
    } else {
        NOTHING
    };
    let args = Base64VecU8(args.to_string().into_bytes());
    json!({ "method": method, "args": args, "deposit": deposit, "gas": Gas::from_tgas(tgas) })
}

/// Lets the council call one of its own methods. Returns its result.
async fn decide(world: &World, method: &str, args: Value, tgas: u64) -> anyhow::Result<bool> {
    let args = json!({
        "receiver_id": world.app.id(),
        "actions": [action(method, &args, tgas)],
        "lifetime": 10_000,
    });
    let outcome = world.call(&world.dave, "propose", args, BOND).await?;
    let id: u32 = outcome.json()?;
    for member in &world.members[..2] {
        let hash = world.hash(id).await?;
        let args = json!({ "id": id, "hash": hash, "attempt": 0, "approve": true });
        let outcome = world.call(member, "vote", args, NOTHING).await?;
        outcome.into_result()?;
    }
    let outcome = world.call(&world.eve, "execute", json!({ "id": id }), NOTHING);
    Ok(outcome.await?.json()?)
}

/// Returns the number of calls that are left in the plan.
async fn left(world: &World) -> anyhow::Result<usize> {
    let plan: Value = world.app.view("get_plan").await?.json()?;
    Ok(plan["left"].as_array().map_or(0, Vec::len))
}

// ---- 1. Two receivers, one after the other ----

// ANCHOR: test_plan
#[tokio::test]
async fn a_plan_stops_at_a_failure_and_goes_on_from_there() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.behave(json!("panic")).await?;
    let message = action("add_message", &json!({ "text": "Hello" }), 10);
    let steps = [&world.guestbook, &world.rogue]
        .map(|receiver| json!({ "receiver_id": receiver.id(), "action": message }));

    decide(&world, "start_plan", json!({ "steps": steps }), 80).await?;
    assert_eq!(left(&world).await?, 1);

    world.behave(json!("well")).await?;
    decide(&world, "resume_plan", json!({}), 80).await?;
    assert_eq!(left(&world).await?, 0);
    let messages: u32 = world.guestbook.view("total_messages").await?.json()?;
    assert_eq!(messages, 1, "the first call was not made again");
    Ok(())
}
// ANCHOR_END: test_plan

#[tokio::test]
async fn a_plan_does_not_call_the_council_itself() -> anyhow::Result<()> {
    let world = World::new().await?;
    let debt = json!({ "owner": world.eve.id(), "amount": BOND });
    let step = json!({
        "receiver_id": world.app.id(),
        "action": action("pay_callback", &debt, 10),
    });

    assert!(!decide(&world, "start_plan", json!({ "steps": [step] }), 80).await?);

    assert_eq!(left(&world).await?, 0);
    Ok(())
}

// ---- 2. A veto ----

// ANCHOR: test_veto
#[tokio::test]
async fn what_a_member_vetoes_ends_and_the_bond_is_paid_back() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.propose(&world.guestbook, 10_000).await?;
    world.approve(0).await?;
    let before = world.balance(world.dave.id()).await?;
    let [_, _, carol] = &world.members;

    let veto = world.call(carol, "veto", json!({ "id": 0 }), NOTHING);
    veto.await?.into_result()?;

    assert_fails_with(world.execute().await?, "It expired in block");
    let expire = world.call(&world.eve, "expire", json!({ "id": 0 }), NOTHING);
    assert!(expire.await?.json::<bool>()?);
    let paid_back = world.balance(world.dave.id()).await? - before;
    assert_eq!(paid_back, BOND.as_yoctonear());
    Ok(())
}
// ANCHOR_END: test_veto
