//! Trades between alice, who has a sword, and bob, who has ten gold.

use near_workspaces::types::Gas;
use serde_json::json;

use crate::world::{ONE_YOCTO, World, assert_fails_with};

/// The gas of an offer that pays for the whole exchange.
const GAS: Gas = Gas::from_tgas(150);

/// Opens trade 0, fills it, and waits until the offer has ended. Returns what `nft_transfer_call`
/// returned.
async fn trade(world: &World, gas: Gas) -> anyhow::Result<bool> {
    let offer = world.offer(gas).transact_async().await?;
    world.wait_for("sword").await?;
    assert_eq!(world.fill("5").await?, "5");
    let kept = offer.await?.json()?;
    // The legs go on after the answer to the items.
    world.settle().await?;
    Ok(kept)
}

#[tokio::test]
async fn sword_and_gold_change_hands() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.register(world.alice.id().as_str()).await?;

    assert!(trade(&world, GAS).await?);

    let assets = ("bob".to_string(), ["5", "5", "0"].map(str::to_string));
    assert_eq!(world.assets().await?, assets);
    assert!(world.trade().await?.is_null());
    Ok(())
}

#[tokio::test]
async fn a_sword_that_nobody_buys_goes_home() -> anyhow::Result<()> {
    let world = World::new().await?;
    let offer = world.offer(GAS).transact_async().await?;
    // The deadline is counted from the block that opens the trade.
    world.wait_for("sword").await?;
    world.worker.fast_forward(210).await?;

    assert!(!offer.await?.json::<bool>()?, "the items gave it back");
    let assets = ("alice".to_string(), ["0", "10", "0"].map(str::to_string));
    assert_eq!(world.assets().await?, assets);
    assert_eq!(world.fill("5").await?, "0", "the trade is over");
    Ok(())
}

#[tokio::test]
async fn gold_for_an_account_without_room_waits_until_somebody_resumes() -> anyhow::Result<()> {
    let world = World::new().await?;
    trade(&world, GAS).await?;
    let waiting = ("bob".to_string(), ["0", "5", "5"].map(str::to_string));
    assert_eq!(world.assets().await?, waiting);
    assert_eq!(world.trade().await?["legs"][1]["status"], json!("held"));

    world.register(world.alice.id().as_str()).await?;
    let resume = world.bob.call(world.app.id(), "resume");
    let resume = resume.args_json(json!({ "id": 0 })).max_gas();
    resume.transact().await?.into_result()?;

    let assets = ("bob".to_string(), ["5", "5", "0"].map(str::to_string));
    assert_eq!(world.assets().await?, assets);
    assert!(world.trade().await?.is_null());
    Ok(())
}

#[tokio::test]
async fn the_smith_makes_a_new_item_of_a_sword_and_gold() -> anyhow::Result<()> {
    let world = World::new().await?;
    for account in [&world.alice, &world.smith] {
        world.register(account.id().as_str()).await?;
    }
    let half = json!({ "receiver_id": world.alice.id(), "amount": "5" });
    let half = world
        .bob
        .call(world.gold.id(), "ft_transfer")
        .args_json(half);
    half.deposit(ONE_YOCTO).transact().await?.into_result()?;
    let brought = world.bring(&json!({ "craft": {} }), GAS).transact_async();
    let brought = brought.await?;
    world.wait_for("sword").await?;

    let (alice, bob) = (&world.alice, &world.bob);
    let new_item = format!("{}-0", world.app.id());
    let refused = world.fill_as(bob, &new_item, "5").await?;
    assert_eq!(refused, "0", "who brings the item pays");
    assert_eq!(world.fill_as(alice, &new_item, "5").await?, "5");
    assert!(brought.await?.json::<bool>()?);
    world.settle().await?;

    let assets = ("smith".to_string(), ["0", "5", "0"].map(str::to_string));
    assert_eq!(world.assets().await?, assets);
    assert_eq!(world.owner(&new_item).await?, "alice");
    assert!(world.trade().await?.is_null());
    Ok(())
}

#[tokio::test]
async fn nobody_else_calls_what_is_private() -> anyhow::Result<()> {
    let world = World::new().await?;
    for method in [
        "exchange_callback",
        "leg_callback",
        "ask_callback",
        "mint_callback",
    ] {
        let call = world.alice.call(world.app.id(), method).max_gas();
        let outcome = call.args_json(json!({})).transact().await?;
        assert_fails_with(&outcome, &format!("Method {method} is private"));
    }
    Ok(())
}
