// ANCHOR: all
//! A payment that does not arrive, and how its owner gets it later.
//!
//! Bob asks the oracle, which nobody answers, and deletes his account while he waits. So the money that
//! should go back to him after 200 blocks finds nobody.

use near_workspaces::types::NearToken;
use serde_json::json;

use crate::common::{assert_fails_with, gas_cost};
use crate::{ONE_YOCTO, Stage, action, call, cents, key_of_bob};

const ONE_NEAR: NearToken = NearToken::from_near(1);

/// A stage on which 1 NEAR is owed to bob, whose account is gone.
async fn stage_that_owes_bob() -> anyhow::Result<Stage> {
    let stage = Stage::new().await?;
    stage
        .operator_calls("trust_oracle", json!({ "oracle": stage.rogue.id() }))
        .await?
        .into_result()?;
    let question = call(
        &stage.bob,
        &stage.world,
        "ask_oracle",
        json!({ "text": "Shall I go?" }),
    );
    let question = question.deposit(ONE_NEAR).transact_async().await?;
    stage.world.worker.fast_forward(2).await?;

    let bob = stage.bob.clone();
    bob.delete_account(stage.world.alice.id())
        .await?
        .into_result()?;
    stage.world.worker.fast_forward(201).await?;
    let outcome = question.await?;
    assert!(outcome.logs().contains(&"bob.test.near is paid 1 NEAR"));
    stage.world.worker.fast_forward(3).await?;
    Ok(stage)
}

/// Bob comes back to his account.
async fn bob_comes_back(stage: &Stage) -> anyhow::Result<()> {
    stage
        .world
        .worker
        .create_root_account_subaccount("bob".parse()?, key_of_bob())
        .await?
        .into_result()?;
    Ok(())
}

#[tokio::test]
async fn money_for_an_account_that_is_gone_is_owed_to_it() -> anyhow::Result<()> {
    let stage = stage_that_owes_bob().await?;

    assert_eq!(stage.owed(stage.bob.id()).await?, ONE_NEAR);
    Ok(())
}

#[tokio::test]
async fn who_comes_back_gets_what_is_owed_and_gets_it_once() -> anyhow::Result<()> {
    let stage = stage_that_owes_bob().await?;
    bob_comes_back(&stage).await?;
    let before = stage.money().await?;

    let first = call(&stage.bob, &stage.world, "withdraw_owed", json!({}))
        .transact()
        .await?;
    let second = call(&stage.bob, &stage.world, "withdraw_owed", json!({}))
        .transact()
        .await?;

    assert!(first.clone().json::<bool>()?);
    assert_fails_with(&second, "bob.test.near is owed nothing");
    let changes = stage.changes(&before, &[&first, &second]).await?;
    assert_eq!(changes, [cents("bob", 100), cents("app", -100)]);
    assert!(stage.owed(stage.bob.id()).await?.is_zero());
    Ok(())
}

#[tokio::test]
async fn two_claims_in_one_receipt_are_undone_together() -> anyhow::Result<()> {
    let stage = stage_that_owes_bob().await?;
    bob_comes_back(&stage).await?;
    let before = stage.money().await?;

    let claim = || action("withdraw_owed", json!({}));
    let outcome = stage
        .bob
        .batch(stage.world.app.id())
        .call(claim())
        .call(claim())
        .transact()
        .await?;

    assert_fails_with(&outcome, "bob.test.near is owed nothing");
    assert!(stage.changes(&before, &[&outcome]).await?.is_empty());
    assert_eq!(stage.owed(stage.bob.id()).await?, ONE_NEAR);
    Ok(())
}

#[tokio::test]
async fn a_claim_that_does_not_arrive_can_be_made_again() -> anyhow::Result<()> {
    let stage = stage_that_owes_bob().await?;
    bob_comes_back(&stage).await?;
    let before = stage.money().await?;

    let to_nobody = json!({ "receiver_id": "nobody.test.near" });
    let first = call(&stage.bob, &stage.world, "withdraw_owed", to_nobody)
        .deposit(ONE_YOCTO)
        .transact()
        .await?;
    assert!(!first.clone().json::<bool>()?);
    assert_eq!(stage.owed(stage.bob.id()).await?, ONE_NEAR);

    let to_alice = json!({ "receiver_id": stage.world.alice.id() });
    let second = call(&stage.bob, &stage.world, "withdraw_owed", to_alice)
        .deposit(ONE_YOCTO)
        .transact()
        .await?;

    assert!(second.clone().json::<bool>()?);
    // The two yoctoNEAR of bob are ours.
    let (app, ours) = cents("app", -100);
    let changes = stage.changes(&before, &[&first, &second]).await?;
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
async fn nobody_claims_what_is_owed_to_another() -> anyhow::Result<()> {
    let stage = stage_that_owes_bob().await?;
    let alice = stage.world.balance(stage.world.alice.id()).await?;

    let outcome = call(&stage.world.alice, &stage.world, "withdraw_owed", json!({}))
        .transact()
        .await?;

    assert_fails_with(&outcome, "alice.test.near is owed nothing");
    let paid = alice.saturating_sub(stage.world.balance(stage.world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    assert_eq!(stage.owed(stage.bob.id()).await?, ONE_NEAR);
    Ok(())
}

#[tokio::test]
async fn what_is_owed_takes_up_storage_until_it_is_claimed() -> anyhow::Result<()> {
    let stage = stage_that_owes_bob().await?;
    bob_comes_back(&stage).await?;
    let before = stage.world.app.view_account().await?.storage_usage;

    call(&stage.bob, &stage.world, "withdraw_owed", json!({}))
        .transact()
        .await?
        .into_result()?;

    let after = stage.world.app.view_account().await?.storage_usage;
    // The prefix, the name with its length, an amount, and what the chain counts for an entry.
    let entry = "money.owed".len() + 4 + "bob.test.near".len() + 16 + 40;
    assert_eq!(before - after, entry as u64);
    Ok(())
}
// ANCHOR_END: all
