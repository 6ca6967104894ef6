// ANCHOR: all
//! What the contract tells those who watch it: numbers that are counted, and a verdict.

use near_workspaces::operations::Function;
use near_workspaces::types::{Gas, NearToken};
use serde_json::json;

use crate::common::{World, assert_fails_with, deploy, partner_wasm};
use crate::{assert_event, by_owner, view};

/// The number of consecutive failures that opens a breaker.
const MAX_FAILURES: usize = 3;

/// Hello fails on it: its log has no room for such a greeting.
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
async fn calls_that_succeed_and_calls_that_fail_are_counted() -> anyhow::Result<()> {
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
async fn a_callback_that_panics_takes_its_count_back_with_it() -> anyhow::Result<()> {
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

    assert!(outcome.is_failure(), "it is not paid for");
    assert_eq!(
        view(&world, "get_stats").await?["totals"]["calls"],
        json!(0)
    );
    Ok(())
}

#[tokio::test]
async fn a_stranger_who_plays_the_callback_is_not_counted() -> anyhow::Result<()> {
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
async fn the_money_is_what_the_chain_says() -> anyhow::Result<()> {
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
async fn a_contract_with_less_money_than_it_is_to_keep_is_not_healthy() -> anyhow::Result<()> {
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
async fn the_owner_takes_out_what_is_earned_and_nothing_else() -> anyhow::Result<()> {
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

    // What the owner of this contract takes out goes from the account to itself. So it does not say
    // anything about the balance, and the event is what there is to see.
    let outcome = by_owner(&world, "withdraw_earnings")
        .args_json(json!({ "amount": NearToken::from_near(1) }))
        .transact()
        .await?;
    let told = json!({ "owner": owner, "amount": NearToken::from_near(1) });
    assert_event(&outcome, "earnings_withdrawn", told);
    Ok(())
}
// ANCHOR_END: test_insolvent

#[tokio::test]
async fn a_deposit_that_waits_for_its_callback_is_not_earned() -> anyhow::Result<()> {
    let world = World::new().await?;
    let account = json!({ "account_id": world.alice.id() });
    let propose = by_owner(&world, "propose_owner").args_json(account);
    propose.transact().await?.into_result()?;
    let accept = world
        .call("accept_owner")
        .deposit(NearToken::from_yoctonear(1));
    accept.transact().await?.into_result()?;
    let earnings: NearToken = world.app.view("get_earnings").await?.json()?;

    // In one receipt: the deposit comes in, and the owner takes out more than was there before.
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
async fn a_partner_that_failed_too_often_is_a_problem() -> anyhow::Result<()> {
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
