//! Tests on a chain of the solutions of chapter 5.

use near_sdk::env;
use near_sdk::json_types::Base58CryptoHash;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{Gas, NearToken};
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, receipts_on};
use crate::wasm::contract_wasm;

const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// Returns a call by the owner, which is the contract's own account.
async fn by_owner(
    world: &World,
    method: &str,
    args: Value,
) -> anyhow::Result<ExecutionFinalResult> {
    let call = world.app.call(method).args_json(args).max_gas();
    Ok(call.deposit(ONE_YOCTO).transact().await?)
}

// ---- 1. One method at a time ----

// ANCHOR: test_stop
#[tokio::test]
async fn a_stopped_method_is_refused_and_the_others_run() -> anyhow::Result<()> {
    let world = World::new().await?;
    let stop = json!({ "method": "query_greeting" });
    by_owner(&world, "stop_method", stop.clone())
        .await?
        .into_result()?;

    let outcome = world.call("query_greeting").transact().await?;
    assert_fails_with(&outcome, "query_greeting is stopped");
    let count = world.call("count").args_json(json!({ "steps": [] }));
    assert_eq!(count.transact().await?.json::<i8>()?, 0);

    by_owner(&world, "start_method", stop)
        .await?
        .into_result()?;
    let greeting: String = world.call("query_greeting").transact().await?.json()?;
    assert_eq!(greeting, "Hello");
    Ok(())
}
// ANCHOR_END: test_stop

#[tokio::test]
async fn a_callback_is_not_stopped() -> anyhow::Result<()> {
    let world = World::new().await?;
    let stop = json!({ "method": "query_greeting_callback" });
    by_owner(&world, "stop_method", stop).await?.into_result()?;

    let greeting: String = world.call("query_greeting").transact().await?.json()?;

    assert_eq!(greeting, "Hello");
    Ok(())
}

#[tokio::test]
async fn another_account_cannot_stop_a_method() -> anyhow::Result<()> {
    let world = World::new().await?;

    let stop = world.call("stop_method").deposit(ONE_YOCTO);
    let outcome = stop
        .args_json(json!({ "method": "query_greeting" }))
        .transact()
        .await?;

    assert_fails_with(&outcome, "Only the owner may do this");
    Ok(())
}

// ---- 2. An announcement ----

/// The number of blocks between an announcement and its deployment.
const NOTICE: u64 = 20;

/// The first bytes of the wasm of the next releases: two functions without arguments, exported as
/// `migrate` and `check_upgrade`.
const RELEASE: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\x03\x03\x02\0\0\x07\x1b\x02\x07migrate\0\0\x0dcheck_upgrade\0\x01";
/// The bodies of the two functions, which are empty.
const ANNOUNCED: &[u8] = b"\x0a\x07\x02\x02\0\x0b\x02\0\x0b";
/// The bodies of another release: the first has one instruction without effect.
const ANOTHER: &[u8] = b"\x0a\x08\x02\x03\0\x01\x0b\x02\0\x0b";
/// The bodies of a slow release: the first counts to twelve millions, which burns some 70 Tgas.
const SLOW: &[u8] =
    b"\x0a\x1b\x02\x16\x01\x01~\x03@ \0B\x01|\"\0B\x80\xb6\xdc\x05T\x0d\0\x0b\x0b\x02\0\x0b";

/// Returns the wasm of a release with these bodies.
fn release(bodies: &[u8]) -> Vec<u8> {
    [RELEASE, bodies].concat()
}

async fn announce(world: &World, code: &[u8]) -> anyhow::Result<()> {
    let hash = Base58CryptoHash::from(env::sha256_array(code));
    by_owner(world, "announce_upgrade", json!({ "hash": hash }))
        .await?
        .into_result()?;
    Ok(())
}

async fn upgrade(world: &World, code: &[u8]) -> anyhow::Result<ExecutionFinalResult> {
    upgrade_with(world, code, Gas::from_tgas(300)).await
}

async fn upgrade_with(
    world: &World,
    code: &[u8],
    gas: Gas,
) -> anyhow::Result<ExecutionFinalResult> {
    let call = world.app.call("upgrade").args(code.to_vec()).gas(gas);
    Ok(call.deposit(ONE_YOCTO).transact().await?)
}

// ANCHOR: test_announce
#[tokio::test]
async fn only_announced_code_is_deployed_and_not_before_its_time() -> anyhow::Result<()> {
    let world = World::new().await?;
    let (announced, another) = (release(ANNOUNCED), release(ANOTHER));
    let outcome = upgrade(&world, &announced).await?;
    assert_fails_with(&outcome, "Nothing is announced");

    announce(&world, &announced).await?;
    let outcome = upgrade(&world, &announced).await?;
    assert_fails_with(&outcome, "Wait until block");
    let outcome = upgrade(&world, &another).await?;
    assert_fails_with(&outcome, "This is not the code that was announced");
    assert_eq!(world.app.view_code().await?, contract_wasm());

    world.worker.fast_forward(NOTICE).await?;
    upgrade(&world, &announced).await?.into_result()?;
    assert_eq!(world.app.view_code().await?, announced);
    Ok(())
}

#[tokio::test]
async fn another_announcement_starts_the_time_again() -> anyhow::Result<()> {
    let world = World::new().await?;
    announce(&world, &release(ANNOUNCED)).await?;
    world.worker.fast_forward(NOTICE - 1).await?;

    announce(&world, &release(ANOTHER)).await?;
    world.worker.fast_forward(NOTICE / 2).await?;

    let outcome = upgrade(&world, &release(ANNOUNCED)).await?;
    assert_fails_with(&outcome, "This is not the code that was announced");
    let outcome = upgrade(&world, &release(ANOTHER)).await?;
    assert_fails_with(&outcome, "Wait until block");
    Ok(())
}
// ANCHOR_END: test_announce

// ANCHOR: test_again
#[tokio::test]
async fn a_migration_that_failed_can_be_retried_without_another_announcement() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let slow = release(SLOW);
    announce(&world, &slow).await?;
    world.worker.fast_forward(NOTICE).await?;

    let outcome = upgrade_with(&world, &slow, Gas::from_tgas(60)).await?;
    assert_fails_with(&outcome, "Exceeded the prepaid gas");
    assert_eq!(
        receipts_on(&outcome, world.app.id()).len(),
        2,
        "it was sent"
    );
    assert_eq!(world.app.view_code().await?, contract_wasm());

    upgrade(&world, &slow).await?.into_result()?;
    assert_eq!(world.app.view_code().await?, slow);
    Ok(())
}
// ANCHOR_END: test_again

// ---- 3. The health of the partners ----

// ANCHOR: test_health
#[tokio::test]
async fn more_failures_than_successes_are_a_problem() -> anyhow::Result<()> {
    let world = World::new().await?;
    for (greeting, healthy) in [("Howdy".to_string(), true), ("x".repeat(20_000), true)] {
        change_greeting(&world, &greeting).await?;
        assert_eq!(health(&world).await?["healthy"], json!(healthy));
    }

    change_greeting(&world, &"x".repeat(20_000)).await?;

    let expected = json!({ "healthy": false, "problems": ["partners_fail"] });
    assert_eq!(health(&world).await?, expected);
    Ok(())
}

#[tokio::test]
async fn a_failure_whose_callback_panics_is_not_counted() -> anyhow::Result<()> {
    let world = World::without_init().await?;
    let new = world.app.call("new");
    new.args_json(json!({ "hello": "nobody.test.near" }))
        .transact()
        .await?
        .into_result()?;

    let outcome = world.call("query_greeting").transact().await?;

    assert_fails_with(&outcome, "promise result failed");
    assert_eq!(health(&world).await?["healthy"], json!(true));
    Ok(())
}
// ANCHOR_END: test_health

async fn change_greeting(world: &World, greeting: &str) -> anyhow::Result<()> {
    let outcome = world
        .call("change_greeting")
        .args_json(json!({ "new_greeting": greeting }))
        .transact()
        .await?;
    outcome.into_result()?;
    Ok(())
}

async fn health(world: &World) -> anyhow::Result<Value> {
    Ok(world.app.view("health_check").await?.json()?)
}
