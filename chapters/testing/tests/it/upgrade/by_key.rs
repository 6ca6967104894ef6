// ANCHOR: all
//! Upgrades that are signed with a full-access key of the account.

use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, partner_wasm, receipts};
use crate::upgrade::{Snapshot, assert_works, migrate, world_of_the_last_release};
use crate::wasm::contract_wasm;

/// Deploys `code` and calls `migrate`, in one receipt.
async fn upgrade_to(world: &World, code: &[u8]) -> anyhow::Result<ExecutionFinalResult> {
    let batch = world.app.batch().deploy(code).call(migrate());
    Ok(batch.transact().await?)
}

/// Returns the safe of alice.
async fn safe_of_alice(world: &World) -> anyhow::Result<Value> {
    let safe = world.app.view("get_safe");
    let safe = safe.args_json(json!({ "account_id": world.alice.id() }));
    Ok(safe.await?.json()?)
}

// ANCHOR: test_upgrade
#[tokio::test]
async fn an_upgrade_replaces_the_code_and_keeps_the_values_of_the_state() -> anyhow::Result<()> {
    let world = world_of_the_last_release().await?;
    let deposit = world.call("vault_deposit").args_json(json!({}));
    let deposit = deposit.deposit(NearToken::from_near(1));
    deposit.transact().await?.into_result()?;
    let partners: Value = world.app.view("get_partners").await?.json()?;
    let safe = safe_of_alice(&world).await?;
    assert!(!safe.is_null());

    let outcome = upgrade_to(&world, contract_wasm()).await?;

    let [upgrade] = receipts(&outcome)[..] else {
        panic!("not one receipt: {outcome:#?}");
    };
    assert!(upgrade.logs[0].contains(r#""event":"migrated""#));
    assert_eq!(world.app.view_code().await?, contract_wasm());
    let after: Value = world.app.view("get_partners").await?.json()?;
    assert_eq!(after, partners);
    assert_eq!(safe_of_alice(&world).await?, safe);
    let owner: Value = world.app.view("get_owner").await?.json()?;
    assert_eq!(owner, json!(world.app.id()));
    assert_works(&world).await
}
// ANCHOR_END: test_upgrade

// ANCHOR: test_rollback
#[tokio::test]
async fn an_upgrade_whose_migration_fails_changes_nothing() -> anyhow::Result<()> {
    let world = world_of_the_last_release().await?;
    let before = Snapshot::of(&world).await?;

    for (why, code) in [
        ("MethodResolveError(MethodNotFound)", partner_wasm("hello")?),
        ("CompilationError", b"this is no wasm".to_vec()),
    ] {
        let outcome = upgrade_to(&world, &code).await?;

        assert_fails_with(&outcome, "Action #1");
        assert_fails_with(&outcome, why);
        assert!(Snapshot::of(&world).await? == before, "{why}");
    }
    assert_works(&world).await
}

#[tokio::test]
async fn a_second_migration_changes_nothing() -> anyhow::Result<()> {
    let world = world_of_the_last_release().await?;
    upgrade_to(&world, contract_wasm()).await?.into_result()?;
    let before = Snapshot::of(&world).await?;

    upgrade_to(&world, contract_wasm()).await?.into_result()?;

    assert!(Snapshot::of(&world).await? == before);
    Ok(())
}
// ANCHOR_END: test_rollback

#[tokio::test]
async fn a_migration_refuses_a_state_of_another_contract() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hello = world.hello.as_account();
    hello
        .call(hello.id(), "set_greeting")
        .args_json(json!({ "greeting": "Good morning" }))
        .transact()
        .await?
        .into_result()?;

    let outcome = hello
        .batch(hello.id())
        .deploy(contract_wasm())
        .call(migrate())
        .transact()
        .await?;

    assert_fails_with(&outcome, "The state is not that of the release before");
    assert_eq!(world.greeting().await?, "Good morning");
    Ok(())
}

#[tokio::test]
async fn a_migration_without_a_state_is_refused() -> anyhow::Result<()> {
    let world = World::without_init().await?;

    let outcome = upgrade_to(&world, contract_wasm()).await?;

    assert_fails_with(&outcome, "There is no state to migrate");
    Ok(())
}

#[tokio::test]
async fn another_account_cannot_migrate() -> anyhow::Result<()> {
    let world = world_of_the_last_release().await?;
    upgrade_to(&world, contract_wasm()).await?.into_result()?;

    let outcome = world.call("migrate").transact().await?;

    assert_fails_with(&outcome, "Method migrate is private");
    Ok(())
}

// ANCHOR: test_without
#[tokio::test]
async fn new_code_without_a_migration_cannot_read_the_state() -> anyhow::Result<()> {
    let world = world_of_the_last_release().await?;
    world
        .app
        .batch()
        .deploy(contract_wasm())
        .transact()
        .await?
        .into_result()?;

    let outcome = world.call("query_greeting").transact().await?;
    assert_fails_with(&outcome, "Cannot deserialize the contract state.");
    assert!(world.app.view("get_partners").await.is_err());

    world
        .app
        .batch()
        .call(migrate())
        .transact()
        .await?
        .into_result()?;
    assert_works(&world).await
}
// ANCHOR_END: test_without
// ANCHOR_END: all
