// ANCHOR: all
//! Retries of an order, in separate transactions.

use near_workspaces::Account;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::common::{assert_fails_with, receipts_on};
use crate::money::{Fixture, PRICE, action, call, cents};

const ONE_NEAR: NearToken = NearToken::from_near(1);

/// Starts a chain on which the rogue refuses messages.
async fn fixture_with_guestbook_that_refuses() -> anyhow::Result<Fixture> {
    let fixture = Fixture::new().await?;
    fixture.behave(json!("panic")).await?;
    Ok(fixture)
}

/// Orders a message to the rogue as alice.
async fn order(fixture: &Fixture) -> anyhow::Result<ExecutionFinalResult> {
    let args = json!({ "guestbook": fixture.rogue.id(), "text": "Hello" });
    let outcome = call(&fixture.world.alice, &fixture.world, "order_message", args)
        .deposit(ONE_NEAR)
        .transact()
        .await?;
    Ok(outcome)
}

async fn with_order(
    fixture: &Fixture,
    caller: &Account,
    method: &str,
) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = call(caller, &fixture.world, method, json!({ "id": 0 }));
    Ok(outcome.transact().await?)
}

/// Returns the result of an attempt of order 0: whether it has succeeded, and the number of
/// attempts that are left.
fn attempt(outcome: &ExecutionFinalResult) -> anyhow::Result<(bool, u64)> {
    let attempt: Value = outcome.clone().json()?;
    assert_eq!(attempt["order"], 0);
    let signed = attempt["signed"].as_bool().unwrap_or_default();
    Ok((
        signed,
        attempt["attempts_left"].as_u64().unwrap_or_default(),
    ))
}

async fn kept(fixture: &Fixture) -> anyhow::Result<Value> {
    fixture.view("get_order", json!({ "id": 0 })).await
}

#[tokio::test]
async fn an_order_that_succeeds_is_not_kept() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    let empty = fixture.world.app.view_account().await?.storage_usage;
    let before = fixture.money().await?;

    let outcome = order(&fixture).await?;

    assert_eq!(attempt(&outcome)?, (true, 0));
    assert_eq!(
        fixture.changes(&before, &[&outcome]).await?,
        [cents("alice", -10), cents("rogue", 10)]
    );
    assert_eq!(kept(&fixture).await?, Value::Null);
    assert_eq!(fixture.world.app.view_account().await?.storage_usage, empty);
    Ok(())
}

#[tokio::test]
async fn an_order_that_fails_is_kept_and_anyone_can_retry_it() -> anyhow::Result<()> {
    let fixture = fixture_with_guestbook_that_refuses().await?;
    let before = fixture.money().await?;

    let first = order(&fixture).await?;

    assert_eq!(attempt(&first)?, (false, 2));
    assert!(first.logs().contains(&"Order 0 is in flight"));
    let mut kept_order = kept(&fixture).await?;
    assert!(kept_order["since"].take().is_u64());
    assert_eq!(
        kept_order,
        json!({
            "payer": "alice.test.near",
            "deposit": ONE_NEAR,
            "guestbook": "rogue.test.near",
            "text": "Hello",
            "price": PRICE,
            "attempts": 1,
            "in_flight": false,
            "since": null,
        })
    );
    assert_eq!(
        fixture.changes(&before, &[&first]).await?,
        [cents("alice", -100), cents("app", 100)]
    );

    fixture.behave(json!("well")).await?;
    let before_retry = fixture.money().await?;
    let second = with_order(&fixture, &fixture.bob, "retry_order").await?;

    assert_eq!(attempt(&second)?, (true, 0));
    assert_eq!(kept(&fixture).await?, Value::Null);
    assert_eq!(
        fixture.changes(&before_retry, &[&second]).await?,
        [cents("alice", 90), cents("app", -100), cents("rogue", 10)]
    );
    Ok(())
}

#[tokio::test]
async fn after_the_last_attempt_the_deposit_is_paid_back() -> anyhow::Result<()> {
    let fixture = fixture_with_guestbook_that_refuses().await?;
    let before = fixture.money().await?;

    let first = order(&fixture).await?;
    let second = with_order(&fixture, &fixture.bob, "retry_order").await?;
    assert_eq!(kept(&fixture).await?["attempts"], 2);
    let third = with_order(&fixture, &fixture.bob, "retry_order").await?;

    assert_eq!(kept(&fixture).await?, Value::Null);
    let outcomes = [&first, &second, &third];
    assert!(fixture.changes(&before, &outcomes).await?.is_empty());
    let fourth = with_order(&fixture, &fixture.bob, "retry_order").await?;
    assert_fails_with(&fourth, "There is no such order");
    Ok(())
}

#[tokio::test]
async fn two_retries_in_one_receipt_do_not_pay_twice() -> anyhow::Result<()> {
    let fixture = fixture_with_guestbook_that_refuses().await?;
    order(&fixture).await?.into_result()?;
    fixture.behave(json!("well")).await?;
    let before = fixture.money().await?;

    let retry = || action("retry_order", json!({ "id": 0 }));
    let outcome = fixture
        .bob
        .batch(fixture.world.app.id())
        .call(retry())
        .call(retry())
        .transact()
        .await?;

    assert_fails_with(&outcome, "The order is in flight");
    assert!(receipts_on(&outcome, fixture.rogue.id()).is_empty());
    assert!(fixture.changes(&before, &[&outcome]).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_guestbook_that_retries_its_own_order_is_not_paid_twice() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    let args = json!({ "id": 0 }).to_string();
    let call_back = json!({ "method": "retry_order", "args": args, "deposit_yocto": "0" });
    fixture.behave(json!({ "call_back": call_back })).await?;
    let before = fixture.money().await?;

    let outcome = order(&fixture).await?;

    assert_eq!(
        fixture.changes(&before, &[&outcome]).await?,
        [cents("alice", -10), cents("rogue", 10)]
    );
    assert_eq!(kept(&fixture).await?, Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_cancelled_order_is_paid_back_to_its_payer() -> anyhow::Result<()> {
    let fixture = fixture_with_guestbook_that_refuses().await?;
    let before = fixture.money().await?;
    let ordered = order(&fixture).await?;

    let by_bob = with_order(&fixture, &fixture.bob, "cancel_order").await?;
    assert_fails_with(&by_bob, "The order is not yours");
    let cancelled = with_order(&fixture, &fixture.world.alice, "cancel_order").await?;

    let outcomes = [&ordered, &by_bob, &cancelled];
    assert!(fixture.changes(&before, &outcomes).await?.is_empty());
    assert_eq!(kept(&fixture).await?, Value::Null);
    Ok(())
}
// ANCHOR_END: all
