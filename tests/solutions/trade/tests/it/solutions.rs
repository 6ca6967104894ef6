//! Tests on a chain of the solutions of the study.

use near_workspaces::Account;
use near_workspaces::types::Gas;
use serde_json::{Value, json};

use crate::world::{ONE_YOCTO, World, assert_fails_with};

const GAS: Gas = Gas::from_tgas(200);

/// Submits an item for our contract, with this message, and waits until the trade has it. The
/// transaction may wait for longer.
async fn give(world: &World, owner: &Account, item: &str, msg: Value) -> anyhow::Result<()> {
    let msg = msg.to_string();
    let args = json!({ "receiver_id": world.app.id(), "token_id": item, "msg": msg });
    let call = owner.call(world.items.id(), "nft_transfer_call");
    let call = call.args_json(args).deposit(ONE_YOCTO).gas(GAS);
    call.transact_async().await?;
    world.wait_for(item).await
}

async fn owner(world: &World, item: &str) -> anyhow::Result<Value> {
    let token = world.items.view("nft_token");
    let token: Value = token.args_json(json!({ "token_id": item })).await?.json()?;
    Ok(token["owner_id"].clone())
}

// ---- 1. Three traders ----

/// Returns carol, who has a shield and room for gold, after alice has offered her sword for the
/// shield.
async fn carol(world: &World) -> anyhow::Result<Account> {
    let carol = world.worker.dev_create_account().await?;
    world.mint("shield", &carol).await?;
    world.register(carol.id().as_str()).await?;
    let offer = json!({ "swap": { "item": "shield", "want": "5" } });
    give(world, &world.alice, "sword", offer).await?;
    Ok(carol)
}

// ANCHOR: test_join
#[tokio::test]
async fn sword_shield_and_gold_go_round() -> anyhow::Result<()> {
    let world = World::new().await?;
    let carol = carol(&world).await?;
    assert_eq!(world.fill("5").await?, "0", "the shield has not come");
    give(&world, &carol, "shield", json!({ "join": 0 })).await?;

    assert_eq!(world.fill("5").await?, "5");
    world.settle().await?;

    assert_eq!(owner(&world, "sword").await?, json!(world.bob.id()));
    assert_eq!(owner(&world, "shield").await?, json!(world.alice.id()));
    let gold = world.gold.view("ft_balance_of");
    let gold = gold.args_json(json!({ "account_id": carol.id() })).await?;
    assert_eq!(gold.json::<String>()?, "5");
    assert!(world.trade().await?.is_null());
    Ok(())
}

#[tokio::test]
async fn at_the_deadline_sword_and_shield_go_home() -> anyhow::Result<()> {
    let world = World::new().await?;
    let carol = carol(&world).await?;
    give(&world, &carol, "shield", json!({ "join": 0 })).await?;
    world.worker.fast_forward(210).await?;
    // The callback and its receipts come after the deadline.
    world.settle().await?;

    assert_eq!(owner(&world, "sword").await?, json!(world.alice.id()));
    assert_eq!(owner(&world, "shield").await?, json!(carol.id()));
    assert!(world.trade().await?.is_null());
    Ok(())
}
// ANCHOR_END: test_join

// ---- 2. Take the offer back ----

// ANCHOR: test_take_back
#[tokio::test]
async fn only_the_seller_takes_an_offer_back() -> anyhow::Result<()> {
    let world = World::new().await?;
    give(&world, &world.alice, "sword", json!({ "want": "5" })).await?;
    let take_back = |account: &Account| {
        let call = account.call(world.app.id(), "take_back").max_gas();
        call.args_json(json!({ "id": 0 })).transact()
    };

    assert_fails_with(&take_back(&world.bob).await?, "The offer is not yours");
    take_back(&world.alice).await?.into_result()?;
    world.settle().await?;

    assert_eq!(owner(&world, "sword").await?, json!(world.alice.id()));
    assert_eq!(world.fill("5").await?, "0", "the offer is over");
    Ok(())
}
// ANCHOR_END: test_take_back
