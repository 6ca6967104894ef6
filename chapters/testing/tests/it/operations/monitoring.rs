// ANCHOR: all
//! Monitoring: the statistics, the health check, and the earnings.

use near_workspaces::operations::Function;
use near_workspaces::types::{Gas, NearToken};
use serde_json::json;

use crate::common::{World, assert_fails_with, deploy, partner_wasm};
use crate::operations::{assert_event, by_owner, view};

/// The number of consecutive failures that opens a breaker.
const MAX_FAILURES: usize = 3;

/// Returns a greeting that makes hello fail, because it is longer than a log may be.
fn too_long() -> String {
    "x".repeat(20_000)
}

async fn change_greeting(world: &World, greeting: &str) -> anyhow::Result<bool> {
    let outcome = world
        .call("change_greeting")
        .args_json(json!({ "new_greeting": greeting }))
        .transact()
        .await?;
    Ok(outcome.json()?)
}

// ANCHOR: test_counts
#[tokio::test]
async fn successes_and_failures_of_calls_are_counted() -> anyhow::Result<()> {
    let world = World::new().await?;
    assert!(change_greeting(&world, "Howdy").await?);
    assert!(!change_greeting(&world, &too_long()).await?);
    assert!(change_greeting(&world, "Good night").await?);

    let stats = view(&world, "get_stats").await?;

    assert_eq!(
        stats["totals"],
        json!({ "calls": 3, "callbacks": 3, "succeeded": 2, "failed": 1 })
    );
    Ok(())
}
// ANCHOR_END: test_counts

// ANCHOR: test_panics
#[tokio::test]
async fn the_count_of_a_callback_that_panics_is_reverted() -> anyhow::Result<()> {
    let world = World::without_init().await?;
    world
        .app
        .call("new")
        .args_json(json!({ "hello": "nobody.test.near" }))
        .transact()
        .await?
        .into_result()?;

    let outcome = world.call("query_greeting").transact().await?;

    assert!(outcome.is_failure());
    let totals = view(&world, "get_stats").await?["totals"].clone();
    assert_eq!(totals["calls"], json!(1));
    assert_eq!(totals["callbacks"], json!(0));
    Ok(())
}
// ANCHOR_END: test_panics

#[tokio::test]
async fn a_call_that_was_refused_is_not_counted() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world
        .call("sign_guestbook")
        .args_json(json!({ "texts": ["one"] }))
        .transact()
        .await?;

    assert!(outcome.is_failure(), "the deposit is missing");
    assert_eq!(
        view(&world, "get_stats").await?["totals"]["calls"],
        json!(0)
    );
    Ok(())
}

#[tokio::test]
async fn a_call_of_a_callback_by_another_account_is_not_counted() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world.call("change_greeting_callback").transact().await?;

    assert!(outcome.is_failure());
    assert_eq!(
        view(&world, "get_stats").await?["totals"]["calls"],
        json!(0)
    );
    Ok(())
}

#[tokio::test]
async fn the_balances_are_those_of_the_chain() -> anyhow::Result<()> {
    let world = World::new().await?;

    let money = view(&world, "get_stats").await?["money"].clone();

    let account = world.app.view_account().await?;
    let cost =
        NearToken::from_yoctonear(10u128.pow(19)).saturating_mul(account.storage_usage.into());
    assert_eq!(
        money,
        json!({
            "balance": account.balance,
            "storage_bytes": account.storage_usage,
            "storage_cost": cost,
            "free_balance": account.balance.saturating_sub(cost),
        })
    );
    Ok(())
}

#[tokio::test]
async fn a_contract_with_a_balance_below_its_limit_is_not_healthy() -> anyhow::Result<()> {
    let world = World::new().await?;
    let healthy = json!({ "healthy": true, "problems": [] });
    assert_eq!(view(&world, "health_check").await?, healthy);

    let limits = json!({ "max_deposit": "0", "min_free_balance": NearToken::from_near(100) });
    by_owner(&world, "set_limits")
        .args_json(json!({ "limits": limits }))
        .transact()
        .await?
        .into_result()?;

    assert_eq!(
        view(&world, "health_check").await?,
        json!({ "healthy": false, "problems": ["low_balance"] })
    );
    Ok(())
}

// ANCHOR: test_insolvent
#[tokio::test]
async fn the_owner_can_withdraw_earnings_and_nothing_else() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.app.id().clone();
    let deposit = world.call("vault_deposit").args_json(json!({}));
    let deposit = deposit.deposit(NearToken::from_near(50)).transact().await?;
    deposit.into_result()?;
    let earnings: NearToken = world.app.view("get_earnings").await?.json()?;

    let too_much = earnings.saturating_add(NearToken::from_near(1));
    let outcome = by_owner(&world, "withdraw_earnings")
        .args_json(json!({ "amount": too_much }))
        .transact()
        .await?;
    assert_fails_with(&outcome, "The earnings are");

    // The owner is the account of the contract itself, so the balance does not change. The event
    // shows the withdrawal.
    let outcome = by_owner(&world, "withdraw_earnings")
        .args_json(json!({ "amount": NearToken::from_near(1) }))
        .transact()
        .await?;
    let data = json!({ "owner": owner, "amount": NearToken::from_near(1) });
    assert_event(&outcome, "earnings_withdrawn", data);
    Ok(())
}
// ANCHOR_END: test_insolvent

#[tokio::test]
async fn a_deposit_that_waits_for_its_callback_is_not_among_the_earnings() -> anyhow::Result<()> {
    let world = World::new().await?;
    let account = json!({ "account_id": world.alice.id() });
    let propose = by_owner(&world, "propose_owner").args_json(account);
    propose.transact().await?.into_result()?;
    let accept = world
        .call("accept_owner")
        .deposit(NearToken::from_yoctonear(1));
    accept.transact().await?.into_result()?;
    let earnings: NearToken = world.app.view("get_earnings").await?.json()?;

    // In one receipt: the deposit arrives, and the owner withdraws more than there was before.
    let buy = Function::new("buy_tokens")
        .args_json(json!({ "name": "nobody", "amount": "1" }))
        .deposit(NearToken::from_near(40))
        .gas(Gas::from_tgas(200));
    let withdraw = Function::new("withdraw_earnings")
        .args_json(json!({ "amount": earnings.saturating_add(NearToken::from_near(20)) }))
        .deposit(NearToken::from_yoctonear(1))
        .gas(Gas::from_tgas(50));
    let batch = world.alice.batch(world.app.id()).call(buy).call(withdraw);
    let outcome = batch.transact().await?;

    assert_fails_with(&outcome, "The earnings are");
    Ok(())
}

// ANCHOR: test_breaker
#[tokio::test]
async fn an_open_breaker_of_a_partner_is_a_problem() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = deploy(&world.worker, "rogue", &partner_wasm("rogue")?).await?;
    rogue
        .call("behave")
        .args_json(json!({ "behaviour": "panic" }))
        .transact()
        .await?
        .into_result()?;
    by_owner(&world, "set_partners")
        .args_json(json!({ "hello": rogue.id() }))
        .transact()
        .await?
        .into_result()?;
    let about_rogue = json!({ "account_id": rogue.id() });
    let watch = world.call("watch").args_json(&about_rogue);
    let watch = watch.deposit(NearToken::from_near(1)).transact().await?;
    watch.into_result()?;
    assert_eq!(view(&world, "health_check").await?["healthy"], json!(true));

    for _ in 0..MAX_FAILURES {
        let ask = world.call("ask_watched").args_json(&about_rogue);
        ask.transact().await?.into_result()?;
    }

    assert_eq!(
        view(&world, "health_check").await?,
        json!({ "healthy": false, "problems": ["breaker_open"] })
    );
    Ok(())
}
// ANCHOR_END: test_breaker
// ANCHOR_END: all
