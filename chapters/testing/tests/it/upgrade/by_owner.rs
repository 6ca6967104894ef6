// ANCHOR: all
//! Upgrades by the owner, through a method of the contract. They work for an account without keys
//! too.

use near_workspaces::Account;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{Gas, NearToken};
use serde_json::json;

use crate::common::{World, assert_fails_with, deploy, partner_wasm, receipts_on};
use crate::upgrade::{Snapshot, assert_works};
use crate::wasm::contract_wasm;

const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

// ANCHOR: next_release
/// The smallest contract with the methods `migrate` and `check_upgrade`, which do nothing. It
/// represents the next release.
const NEXT_RELEASE: &[u8] = &[
    0, b'a', b's', b'm', 1, 0, 0, 0, // this is wasm, version 1
    1, 4, 1, 0x60, 0, 0, // a type: no arguments, no results
    3, 2, 1, 0, // one function, of that type
    7, 27, 2, // its two names outside:
    7, b'm', b'i', b'g', b'r', b'a', b't', b'e', 0, 0, //
    13, b'c', b'h', b'e', b'c', b'k', b'_', b'u', b'p', b'g', b'r', b'a', b'd', b'e', 0, 0, //
    10, 4, 1, 2, 0, 0x0b, // its body: nothing, and the end
];
// ANCHOR_END: next_release

/// Calls `upgrade` with `code`, as the owner.
async fn upgrade_by(
    world: &World,
    owner: &Account,
    code: &[u8],
) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = owner
        .call(world.app.id(), "upgrade")
        .args(code.to_vec())
        .gas(Gas::from_tgas(300))
        .deposit(ONE_YOCTO)
        .transact()
        .await?;
    Ok(outcome)
}

// ANCHOR: test_keyless
#[tokio::test]
async fn an_account_without_keys_is_upgraded_by_its_owner() -> anyhow::Result<()> {
    let world = World::new().await?;
    world
        .app
        .call("propose_owner")
        .args_json(json!({ "account_id": world.alice.id() }))
        .deposit(ONE_YOCTO)
        .transact()
        .await?
        .into_result()?;
    let accept = world.call("accept_owner").deposit(ONE_YOCTO);
    accept.transact().await?.into_result()?;
    let key = world.app.as_account().secret_key().public_key();
    let without_key = world.app.batch().delete_key(key).transact().await?;
    without_key.into_result()?;
    assert!(world.app.as_account().view_access_keys().await?.is_empty());

    let outcome = upgrade_by(&world, &world.alice, NEXT_RELEASE).await?;

    assert!(outcome.logs()[0].contains(r#""event":"upgrade_sent""#));
    assert_eq!(receipts_on(&outcome, world.app.id()).len(), 2);
    outcome.into_result()?;
    assert_eq!(world.app.view_code().await?, NEXT_RELEASE);
    Ok(())
}
// ANCHOR_END: test_keyless

// ANCHOR: test_contract
#[tokio::test]
async fn an_owner_that_is_a_contract_can_upgrade() -> anyhow::Result<()> {
    let world = World::new().await?;
    // The rogue calls its caller back. So it becomes the partner hello, and calls `upgrade` when it
    // is called.
    let owner = deploy(&world.worker, "rogue", &partner_wasm("rogue")?).await?;
    let app = world.app.as_account();
    for (method, args) in [
        ("set_partners", json!({ "hello": owner.id() })),
        ("propose_owner", json!({ "account_id": owner.id() })),
    ] {
        let call = app.call(app.id(), method).args_json(args);
        let outcome = call.deposit(ONE_YOCTO).transact().await?;
        outcome.into_result()?;
    }
    for (method, args) in [
        ("accept_owner", "{}"),
        ("upgrade", str::from_utf8(NEXT_RELEASE)?),
    ] {
        let call = json!({ "method": method, "args": args, "deposit_yocto": "1" });
        let behave = owner.call("behave");
        behave
            .args_json(json!({ "behaviour": { "call_back": call } }))
            .transact()
            .await?
            .into_result()?;
        let outcome = world.call("query_greeting").transact().await?;
        assert!(outcome.is_failure(), "the rogue returns no greeting");
    }

    assert_eq!(world.app.view_code().await?, NEXT_RELEASE);
    Ok(())
}
// ANCHOR_END: test_contract

#[tokio::test]
async fn a_deleted_key_cannot_deploy() -> anyhow::Result<()> {
    let world = World::new().await?;
    let key = world.app.as_account().secret_key().public_key();
    let without_key = world.app.batch().delete_key(key).transact().await?;
    without_key.into_result()?;

    let deployment = world.app.batch().deploy(NEXT_RELEASE).transact().await;

    let refusal = deployment.expect_err("the chain refuses the transaction");
    assert!(
        format!("{refusal:?}").contains("AccessKeyNotFound"),
        "{refusal:?}"
    );
    assert_eq!(world.app.view_code().await?, contract_wasm());
    Ok(())
}

// ANCHOR: test_owner_rollback
#[tokio::test]
async fn an_upgrade_by_the_owner_whose_migration_fails_changes_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.app.as_account();
    let before = Snapshot::of(&world).await?;

    for (why, code) in [
        ("MethodResolveError(MethodNotFound)", partner_wasm("hello")?),
        ("CompilationError", b"this is no wasm".to_vec()),
    ] {
        let outcome = upgrade_by(&world, owner, &code).await?;

        assert_fails_with(&outcome, "Action #1");
        assert_fails_with(&outcome, why);
        assert!(Snapshot::of(&world).await? == before, "{why}");
    }
    assert_works(&world).await
}
// ANCHOR_END: test_owner_rollback

// ANCHOR: test_same_state
#[tokio::test]
async fn a_release_that_changes_no_state_keeps_owner_pause_and_limits() -> anyhow::Result<()> {
    let world = World::new().await?;
    let app = world.app.as_account();
    let limits = json!({ "max_deposit": "7", "min_free_balance": "8" });
    for (method, args) in [
        ("set_limits", json!({ "limits": limits })),
        ("pause", json!({})),
        ("propose_owner", json!({ "account_id": world.alice.id() })),
    ] {
        let call = app.call(app.id(), method).args_json(args);
        call.deposit(ONE_YOCTO).transact().await?.into_result()?;
    }
    let accept = world.call("accept_owner").deposit(ONE_YOCTO);
    accept.transact().await?.into_result()?;
    let before = Snapshot::of(&world).await?;

    let outcome = upgrade_by(&world, &world.alice, contract_wasm()).await?;

    outcome.into_result()?;
    assert!(Snapshot::of(&world).await? == before);
    let owner: String = world.app.view("get_owner").await?.json()?;
    assert_eq!(owner, world.alice.id().as_str());
    Ok(())
}
// ANCHOR_END: test_same_state

#[tokio::test]
async fn nobody_else_can_upgrade() -> anyhow::Result<()> {
    let world = World::new().await?;
    let before = Snapshot::of(&world).await?;

    let outcome = upgrade_by(&world, &world.alice, NEXT_RELEASE).await?;

    assert_fails_with(&outcome, "Only the owner may do this");
    assert!(Snapshot::of(&world).await? == before);
    Ok(())
}

#[tokio::test]
async fn an_upgrade_without_code_is_refused() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = upgrade_by(&world, world.app.as_account(), b"").await?;

    assert_fails_with(&outcome, "Give the new code as the input");
    Ok(())
}
// ANCHOR_END: all
