// ANCHOR: all
//! A payment that fails, and the claim of the debt.
//!
//! Bob asks an oracle that does not answer, and deletes his account while he waits. So the payment
//! back to him after 200 blocks fails.

use near_workspaces::types::NearToken;
use serde_json::json;

use crate::common::{assert_fails_with, gas_cost};
use crate::money::{Fixture, ONE_YOCTO, action, call, cents, key_of_bob};

const ONE_NEAR: NearToken = NearToken::from_near(1);

/// Starts a chain on which our contract owes 1 NEAR to bob, whose account no longer exists.
async fn fixture_that_owes_bob() -> anyhow::Result<Fixture> {
    let fixture = Fixture::new().await?;
    fixture
        .operator_calls("trust_oracle", json!({ "oracle": fixture.rogue.id() }))
        .await?
        .into_result()?;
    let question = call(
        &fixture.bob,
        &fixture.world,
        "ask_oracle",
        json!({ "text": "Shall I go?" }),
    );
    let question = question.deposit(ONE_NEAR).transact_async().await?;
    fixture.world.worker.fast_forward(2).await?;

    let bob = fixture.bob.clone();
    bob.delete_account(fixture.world.alice.id())
        .await?
        .into_result()?;
    fixture.world.worker.fast_forward(201).await?;
    let outcome = question.await?;
    assert!(outcome.logs().contains(&"bob.test.near is paid 1 NEAR"));
    fixture.world.worker.fast_forward(3).await?;
    Ok(fixture)
}

/// Creates bob's account again.
async fn bob_comes_back(fixture: &Fixture) -> anyhow::Result<()> {
    fixture
        .world
        .worker
        .create_root_account_subaccount("bob".parse()?, key_of_bob())
        .await?
        .into_result()?;
    Ok(())
}

#[tokio::test]
async fn a_payment_to_a_deleted_account_is_owed_to_it() -> anyhow::Result<()> {
    let fixture = fixture_that_owes_bob().await?;

    assert_eq!(fixture.owed(fixture.bob.id()).await?, ONE_NEAR);
    Ok(())
}

#[tokio::test]
async fn a_debt_is_paid_once() -> anyhow::Result<()> {
    let fixture = fixture_that_owes_bob().await?;
    bob_comes_back(&fixture).await?;
    let before = fixture.money().await?;

    let first = call(&fixture.bob, &fixture.world, "withdraw_owed", json!({}))
        .transact()
        .await?;
    let second = call(&fixture.bob, &fixture.world, "withdraw_owed", json!({}))
        .transact()
        .await?;

    assert!(first.clone().json::<bool>()?);
    assert_fails_with(&second, "bob.test.near is owed nothing");
    let changes = fixture.changes(&before, &[&first, &second]).await?;
    assert_eq!(changes, [cents("bob", 100), cents("app", -100)]);
    assert!(fixture.owed(fixture.bob.id()).await?.is_zero());
    Ok(())
}

#[tokio::test]
async fn two_claims_in_one_receipt_are_reverted_together() -> anyhow::Result<()> {
    let fixture = fixture_that_owes_bob().await?;
    bob_comes_back(&fixture).await?;
    let before = fixture.money().await?;

    let claim = || action("withdraw_owed", json!({}));
    let outcome = fixture
        .bob
        .batch(fixture.world.app.id())
        .call(claim())
        .call(claim())
        .transact()
        .await?;

    assert_fails_with(&outcome, "bob.test.near is owed nothing");
    assert!(fixture.changes(&before, &[&outcome]).await?.is_empty());
    assert_eq!(fixture.owed(fixture.bob.id()).await?, ONE_NEAR);
    Ok(())
}

#[tokio::test]
async fn a_claim_whose_payment_fails_can_be_repeated() -> anyhow::Result<()> {
    let fixture = fixture_that_owes_bob().await?;
    bob_comes_back(&fixture).await?;
    let before = fixture.money().await?;

    let to_nobody = json!({ "receiver_id": "nobody.test.near" });
    let first = call(&fixture.bob, &fixture.world, "withdraw_owed", to_nobody)
        .deposit(ONE_YOCTO)
        .transact()
        .await?;
    assert!(!first.clone().json::<bool>()?);
    assert_eq!(fixture.owed(fixture.bob.id()).await?, ONE_NEAR);

    let to_alice = json!({ "receiver_id": fixture.world.alice.id() });
    let second = call(&fixture.bob, &fixture.world, "withdraw_owed", to_alice)
        .deposit(ONE_YOCTO)
        .transact()
        .await?;

    assert!(second.clone().json::<bool>()?);
    // Our contract keeps the two yoctoNEAR of bob.
    let (app, ours) = cents("app", -100);
    let changes = fixture.changes(&before, &[&first, &second]).await?;
    assert_eq!(
        changes,
        [
            cents("alice", 100),
            ("bob".to_string(), -2),
            (app, ours + 2)
        ]
    );
    Ok(())
}

#[tokio::test]
async fn nobody_else_can_claim_a_debt() -> anyhow::Result<()> {
    let fixture = fixture_that_owes_bob().await?;
    let alice = fixture.world.balance(fixture.world.alice.id()).await?;

    let outcome = call(
        &fixture.world.alice,
        &fixture.world,
        "withdraw_owed",
        json!({}),
    )
    .transact()
    .await?;

    assert_fails_with(&outcome, "alice.test.near is owed nothing");
    let paid = alice.saturating_sub(fixture.world.balance(fixture.world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    assert_eq!(fixture.owed(fixture.bob.id()).await?, ONE_NEAR);
    Ok(())
}

#[tokio::test]
async fn the_entry_of_a_debt_is_removed_with_the_claim() -> anyhow::Result<()> {
    let fixture = fixture_that_owes_bob().await?;
    bob_comes_back(&fixture).await?;
    let before = fixture.world.app.view_account().await?.storage_usage;

    call(&fixture.bob, &fixture.world, "withdraw_owed", json!({}))
        .transact()
        .await?
        .into_result()?;

    let after = fixture.world.app.view_account().await?.storage_usage;
    // The prefix, the name with its length, an amount, and the 40 bytes that the chain charges for
    // an entry.
    let entry = "money.owed".len() + 4 + "bob.test.near".len() + 16 + 40;
    assert_eq!(before - after, entry as u64);
    Ok(())
}
// ANCHOR_END: all
