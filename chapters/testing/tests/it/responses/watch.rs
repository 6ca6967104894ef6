// ANCHOR: all
//! The payment for the entries of watched accounts.

use near_workspaces::types::NearToken;
use serde_json::json;

use crate::common::{World, assert_fails_with, gas_cost};
use crate::responses::{another_hello, call};

const PRICE: NearToken = NearToken::from_millinear(10);

/// Returns the number of bytes that our account stores.
async fn stored(world: &World) -> anyhow::Result<u64> {
    Ok(world
        .worker
        .view_account(world.app.id())
        .await?
        .storage_usage)
}

// ANCHOR: test_watch
#[tokio::test]
async fn the_price_of_an_entry_is_paid_back_when_it_is_removed() -> anyhow::Result<()> {
    let world = World::new().await?;
    let alice = world.balance(world.alice.id()).await?;
    let app = world.balance(world.app.id()).await?;
    let bytes = stored(&world).await?;

    let watching = world
        .call("watch")
        .args_json(json!({ "account_id": world.hello.id() }))
        .deposit(NearToken::from_near(1))
        .transact()
        .await?;

    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, PRICE.saturating_add(gas_cost(&watching)));
    let received = world.balance(world.app.id()).await?.saturating_sub(app);
    assert_eq!(received, PRICE);
    assert!(stored(&world).await? > bytes);

    let args = json!({ "account_id": world.hello.id() });
    let ending = call(&world, "unwatch", args).await?;

    let gas = gas_cost(&watching).saturating_add(gas_cost(&ending));
    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas, "the price is paid back");
    assert_eq!(world.balance(world.app.id()).await?, app);
    assert_eq!(stored(&world).await?, bytes);
    Ok(())
}
// ANCHOR_END: test_watch

#[tokio::test]
async fn the_price_covers_the_storage_of_an_entry() -> anyhow::Result<()> {
    let world = World::new().await?;
    // The longest accepted greeting: a hundred characters of four bytes each.
    let hello = another_hello(&world, &"a".repeat(40), &"𝔊".repeat(100)).await?;
    let bytes = stored(&world).await?;
    let args = json!({ "account_id": hello.id() });

    world
        .call("watch")
        .args_json(&args)
        .deposit(PRICE)
        .transact()
        .await?
        .into_result()?;
    let outcome = call(&world, "ask_cached", args).await?;

    assert!(outcome.json::<serde_json::Value>()?["value"].is_object());
    let stored = stored(&world).await? - bytes;
    let byte_cost = NearToken::from_yoctonear(10u128.pow(19));
    assert!(stored > 500, "the greeting is stored");
    assert!(byte_cost.saturating_mul(stored.into()) <= PRICE);
    Ok(())
}

#[tokio::test]
async fn a_deposit_below_the_price_is_refused_and_refunded() -> anyhow::Result<()> {
    let world = World::new().await?;
    let alice = world.balance(world.alice.id()).await?;

    let outcome = world
        .call("watch")
        .args_json(json!({ "account_id": world.hello.id() }))
        .deposit(NearToken::from_millinear(9))
        .transact()
        .await?;

    assert_fails_with(&outcome, "Attach at least 0.01 NEAR");
    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    Ok(())
}

#[tokio::test]
async fn only_the_payer_can_remove_an_entry() -> anyhow::Result<()> {
    let world = World::new().await?;
    let args = json!({ "account_id": world.hello.id() });
    world
        .call("watch")
        .args_json(&args)
        .deposit(PRICE)
        .transact()
        .await?
        .into_result()?;
    let app = world.balance(world.app.id()).await?;

    let outcome = world
        .counter
        .as_account()
        .call(world.app.id(), "unwatch")
        .args_json(args)
        .max_gas()
        .transact()
        .await?;

    assert_fails_with(&outcome, "hello.test.near is watched for alice.test.near");
    assert_eq!(world.balance(world.app.id()).await?, app);
    Ok(())
}
// ANCHOR_END: all
