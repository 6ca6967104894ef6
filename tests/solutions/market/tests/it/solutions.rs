//! The solutions on a chain.

use near_workspaces::Account;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::json;

use crate::world::{World, assert_fails_with};

const OFFER: NearToken = NearToken::from_near(5);

async fn call(
    world: &World,
    caller: &Account,
    method: &str,
) -> anyhow::Result<ExecutionFinalResult> {
    let args = json!({ "collection": world.nft.id(), "token_id": "lamp" });
    let call = caller.call(world.app.id(), method).args_json(args);
    Ok(call.max_gas().transact().await?)
}

/// Offers 5 NEAR of alice for bob's lamp, for this number of blocks.
async fn offer(world: &World, blocks: u64) -> anyhow::Result<()> {
    let args = json!({ "collection": world.nft.id(), "token_id": "lamp", "blocks": blocks });
    let call = world
        .alice
        .call(world.app.id(), "make_offer")
        .args_json(args);
    call.deposit(OFFER).transact().await?.into_result()?;
    Ok(())
}

#[tokio::test]
async fn an_offer_that_is_accepted_is_a_sale() -> anyhow::Result<()> {
    let world = World::new().await?;
    offer(&world, 1_000).await?;
    let before = world.balances().await?;

    let early = call(&world, &world.alice, "take_back_offer").await?;
    assert_fails_with(&early, "The offer is valid");
    let other = call(&world, &world.alice, "accept_offer").await?;
    assert_fails_with(&other, "You do not sell this token");
    let accepted = call(&world, &world.bob, "accept_offer").await?;

    assert!(accepted.json::<bool>()?);
    assert_eq!(world.owner(&world.nft).await?, json!(world.alice.id()));
    let artists = world.balances().await?[2] - before[2];
    assert_eq!(artists, 490 * 10i128.pow(21), "a tenth of 4.9 NEAR");
    Ok(())
}

// ANCHOR: test_expired
#[tokio::test]
async fn an_offer_that_has_expired_is_paid_back_once() -> anyhow::Result<()> {
    let world = World::new().await?;
    offer(&world, 0).await?;
    let before = world.balances().await?;

    let late = call(&world, &world.bob, "accept_offer").await?;
    assert_fails_with(&late, "The offer has expired");
    let taken = call(&world, &world.alice, "take_back_offer").await?;

    assert_eq!(
        world.changes(before, &taken).await?[0],
        OFFER.as_yoctonear() as i128
    );
    let again = call(&world, &world.alice, "take_back_offer").await?;
    assert_fails_with(&again, "There is no such offer");
    Ok(())
}
// ANCHOR_END: test_expired
