// ANCHOR: all
//! The vault: deposits, payments, withdrawals, and the price of the storage.

use near_workspaces::Account;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::common::assert_fails_with;
use crate::money::{CENT_YOCTO, Fixture, PRICE, action, call, cents, yocto};

const ONE_NEAR: NearToken = NearToken::from_near(1);

/// Returns the storage price of a safe, from the name of its owner.
pub fn storage_of_safe(owner: &Account) -> NearToken {
    let bytes = "money.safes".len() + 4 + owner.id().len() + 2 * 16 + 12 + 40;
    NearToken::from_yoctonear(bytes as u128 * 10u128.pow(19))
}

/// Adds a safe with exactly this balance for an account.
pub async fn fill_safe(
    fixture: &Fixture,
    owner: &Account,
    amount: NearToken,
) -> anyhow::Result<()> {
    call(owner, &fixture.world, "vault_deposit", json!({}))
        .deposit(amount.saturating_add(storage_of_safe(owner)))
        .transact()
        .await?
        .into_result()?;
    Ok(())
}

/// Returns the balance of an account's safe, and its locked part.
pub async fn safe(fixture: &Fixture, owner: &Account) -> anyhow::Result<Value> {
    let account_id = json!({ "account_id": owner.id() });
    let safe = fixture.view("get_safe", account_id).await?;
    Ok(match safe["lock"].get("amount") {
        Some(locked) => json!({ "balance": safe["balance"], "locked": locked }),
        None => safe,
    })
}

/// Returns the same for these amounts.
pub fn safe_with(balance: NearToken, locked: NearToken) -> Value {
    json!({ "balance": balance, "locked": locked })
}

/// Returns the same for a safe without a locked part.
pub fn open_safe_with(balance: NearToken) -> Value {
    safe_with(balance, NearToken::default())
}

async fn spend(fixture: &Fixture, guestbook: &str) -> anyhow::Result<ExecutionFinalResult> {
    let args = json!({ "guestbook": format!("{guestbook}.test.near"), "text": "Hello" });
    let outcome = call(&fixture.world.alice, &fixture.world, "vault_spend", args);
    Ok(outcome.transact().await?)
}

#[tokio::test]
async fn the_first_deposit_pays_for_the_storage_and_closing_pays_it_back() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    let alice = &fixture.world.alice;
    let empty = fixture.world.app.view_account().await?.storage_usage;
    let before = fixture.money().await?;

    let deposit = call(alice, &fixture.world, "vault_deposit", json!({}))
        .deposit(ONE_NEAR)
        .transact()
        .await?;

    let storage = storage_of_safe(alice);
    assert_eq!(
        deposit.clone().json::<NearToken>()?,
        ONE_NEAR.saturating_sub(storage)
    );
    let full = fixture.world.app.view_account().await?.storage_usage;
    assert_eq!(
        NearToken::from_yoctonear(u128::from(full - empty) * 10u128.pow(19)),
        storage
    );

    let close = call(alice, &fixture.world, "vault_close", json!({}))
        .transact()
        .await?;

    assert!(close.clone().json::<bool>()?);
    assert_eq!(fixture.world.app.view_account().await?.storage_usage, empty);
    assert_eq!(safe(&fixture, alice).await?, Value::Null);
    assert!(
        fixture
            .changes(&before, &[&deposit, &close])
            .await?
            .is_empty()
    );
    Ok(())
}

#[tokio::test]
async fn money_that_is_spent_is_paid_to_the_guestbook() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    fill_safe(&fixture, &fixture.world.alice, ONE_NEAR).await?;
    let before = fixture.money().await?;

    let outcome = spend(&fixture, "guestbook").await?;

    assert!(outcome.clone().json::<bool>()?);
    assert_eq!(
        fixture.changes(&before, &[&outcome]).await?,
        [cents("app", -10), cents("guestbook", 10)]
    );
    assert_eq!(
        safe(&fixture, &fixture.world.alice).await?,
        open_safe_with(ONE_NEAR.saturating_sub(PRICE))
    );
    Ok(())
}

#[tokio::test]
async fn money_that_was_not_spent_is_put_back_into_the_safe() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    fill_safe(&fixture, &fixture.world.alice, ONE_NEAR).await?;
    let before = fixture.money().await?;

    let outcome = spend(&fixture, "nobody").await?;

    assert!(!outcome.clone().json::<bool>()?);
    assert!(fixture.changes(&before, &[&outcome]).await?.is_empty());
    assert_eq!(
        safe(&fixture, &fixture.world.alice).await?,
        open_safe_with(ONE_NEAR)
    );
    Ok(())
}

#[tokio::test]
async fn money_for_a_safe_that_was_closed_is_owed() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    let alice = &fixture.world.alice;
    fill_safe(&fixture, alice, ONE_NEAR).await?;
    let before = fixture.money().await?;

    // Both actions run before the callback of the first.
    let outcome = alice
        .batch(fixture.world.app.id())
        .call(action(
            "vault_spend",
            json!({ "guestbook": "nobody.test.near", "text": "Hello" }),
        ))
        .call(action("vault_close", json!({})))
        .transact()
        .await?;

    assert_eq!(safe(&fixture, alice).await?, Value::Null);
    assert_eq!(fixture.owed(alice.id()).await?, PRICE);
    let paid = ONE_NEAR
        .saturating_sub(PRICE)
        .saturating_add(storage_of_safe(alice));
    let paid = yocto(paid);
    assert_eq!(
        fixture.changes(&before, &[&outcome]).await?,
        [("alice".to_string(), paid), ("app".to_string(), -paid)]
    );

    let claim = call(alice, &fixture.world, "withdraw_owed", json!({}))
        .transact()
        .await?;
    let all = paid + 10 * CENT_YOCTO;
    assert_eq!(
        fixture.changes(&before, &[&outcome, &claim]).await?,
        [("alice".to_string(), all), ("app".to_string(), -all)]
    );
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_is_paid_to_the_owner() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    fill_safe(&fixture, &fixture.world.alice, ONE_NEAR).await?;
    let before = fixture.money().await?;

    let args = json!({ "amount": PRICE });
    let outcome = call(&fixture.world.alice, &fixture.world, "vault_withdraw", args)
        .transact()
        .await?;

    assert!(outcome.clone().json::<bool>()?);
    assert_eq!(
        fixture.changes(&before, &[&outcome]).await?,
        [cents("alice", 10), cents("app", -10)]
    );
    assert_eq!(
        safe(&fixture, &fixture.world.alice).await?,
        open_safe_with(ONE_NEAR.saturating_sub(PRICE))
    );
    Ok(())
}

#[tokio::test]
async fn nobody_can_withdraw_more_than_the_safe_holds() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    fill_safe(&fixture, &fixture.world.alice, PRICE).await?;
    fill_safe(&fixture, &fixture.bob, ONE_NEAR).await?;
    let before = fixture.money().await?;

    let args = json!({ "amount": ONE_NEAR });
    let outcome = call(&fixture.world.alice, &fixture.world, "vault_withdraw", args)
        .transact()
        .await?;

    assert_fails_with(&outcome, "alice.test.near can spend 0.1 NEAR");
    assert!(fixture.changes(&before, &[&outcome]).await?.is_empty());
    Ok(())
}
// ANCHOR_END: all
