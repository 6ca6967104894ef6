//! From the last release to this one: code and state change together, or not at all.

use std::fs;

use near_workspaces::result::ExecutionFinalResult;
use serde_json::json;

use crate::wasm::contract_wasm;
use crate::world::{ONE_NEAR, ONE_YOCTO, World, assert_fails_with};

/// Returns the code that is live, if it was laid into `tests/releases`. The first release upgrades
/// to itself.
fn last_release() -> Vec<u8> {
    fs::read("tests/releases/last.wasm").unwrap_or_else(|_| contract_wasm().to_vec())
}

/// Sends new code as the owner.
async fn upgrade(world: &World, code: &[u8]) -> anyhow::Result<ExecutionFinalResult> {
    let call = world.app.call("upgrade").args(code.to_vec()).max_gas();
    Ok(call.deposit(ONE_YOCTO).transact().await?)
}

#[tokio::test]
async fn an_upgrade_keeps_owner_pause_and_partners() -> anyhow::Result<()> {
    let world = World::with_release(&last_release()).await?;
    let next = json!({ "account_id": world.alice.id() });
    world.by_owner("propose_owner", next).await?;
    world.by_owner("pause", json!({})).await?;

    upgrade(&world, contract_wasm()).await?.into_result()?;

    assert_eq!(world.app.view_code().await?, contract_wasm());
    let proposed = world.view("get_proposed_owner").await?;
    assert_eq!(proposed, json!(world.alice.id()));
    assert_eq!(world.view("is_paused").await?, json!(true));
    world.by_owner("resume", json!({})).await?;
    let sign = world.call("sign_guestbook", json!({ "texts": ["Hello"] }));
    let signed = sign.deposit(ONE_NEAR).transact().await?;
    assert!(signed.json::<bool>()?, "the partner is still known");
    Ok(())
}

#[tokio::test]
async fn code_without_a_migration_changes_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let before = world.app.view_state().await?;

    for code in [world.guestbook.view_code().await?, b"no wasm".to_vec()] {
        let outcome = upgrade(&world, &code).await?;

        assert_fails_with(&outcome, "Action #1");
        assert_eq!(world.app.view_code().await?, contract_wasm());
        assert_eq!(world.app.view_state().await?, before);
    }
    Ok(())
}
