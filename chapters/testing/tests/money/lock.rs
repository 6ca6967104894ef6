// ANCHOR: all
//! The lock: what it costs, and what happens when nobody opens it.

use near_workspaces::types::{Gas, NearToken};
use serde_json::json;

use crate::common::{assert_fails_with, error_of, receipts_on};
use crate::vault::{fill_safe, open_safe_with, safe, safe_with};
use crate::{PRICE, Stage, action, call, cents};

const ONE_NEAR: NearToken = NearToken::from_near(1);

async fn stage_with_safe() -> anyhow::Result<Stage> {
    let stage = Stage::new().await?;
    fill_safe(&stage, &stage.world.alice, ONE_NEAR).await?;
    Ok(stage)
}

#[tokio::test]
async fn after_a_success_the_money_is_in_the_book_and_the_lock_is_open() -> anyhow::Result<()> {
    let stage = stage_with_safe().await?;
    let before = stage.money().await?;

    let args = json!({ "book": stage.world.guestbook.id(), "text": "Hello" });
    let outcome = call(&stage.world.alice, &stage.world, "vault_spend_locked", args)
        .transact()
        .await?;

    assert!(outcome.clone().json::<bool>()?);
    assert_eq!(
        stage.changes(&before, &[&outcome]).await?,
        [cents("app", -10), cents("guestbook", 10)]
    );
    assert_eq!(
        safe(&stage, &stage.world.alice).await?,
        open_safe_with(ONE_NEAR.saturating_sub(PRICE))
    );
    Ok(())
}

#[tokio::test]
async fn after_a_failure_the_safe_is_what_it_was() -> anyhow::Result<()> {
    let stage = stage_with_safe().await?;
    let before = stage.money().await?;

    let args = json!({ "book": "nobody.test.near", "text": "Hello" });
    let outcome = call(&stage.world.alice, &stage.world, "vault_spend_locked", args)
        .transact()
        .await?;

    assert!(!outcome.clone().json::<bool>()?);
    assert!(stage.changes(&before, &[&outcome]).await?.is_empty());
    assert_eq!(
        safe(&stage, &stage.world.alice).await?,
        open_safe_with(ONE_NEAR)
    );
    Ok(())
}

#[tokio::test]
async fn a_lock_stands_in_the_way_of_honest_calls_too() -> anyhow::Result<()> {
    for (method, messages) in [("vault_spend", 2), ("vault_spend_locked", 0)] {
        let stage = stage_with_safe().await?;
        let args = json!({ "book": stage.world.guestbook.id(), "text": "Hello" });
        let outcome = stage
            .world
            .alice
            .batch(stage.world.app.id())
            .call(action(method, args.clone()))
            .call(action(method, args))
            .transact()
            .await?;

        assert_eq!(outcome.is_success(), messages == 2, "{method}");
        let total = stage.world.guestbook.view("total_messages").await?;
        assert_eq!(total.json::<u32>()?, messages, "{method}");
    }
    Ok(())
}

/// Alice's message is in the book, but the callback had too little gas to open the lock.
async fn stage_with_lock_that_stays() -> anyhow::Result<Stage> {
    let stage = stage_with_safe().await?;
    let args = json!({ "book": stage.world.guestbook.id(), "text": "Hello" });
    let outcome = call(
        &stage.world.alice,
        &stage.world,
        "vulnerable_spend_locked",
        args,
    );
    let outcome = outcome.transact().await?;
    let [_, callback] = receipts_on(&outcome, stage.world.app.id())[..] else {
        panic!("not two receipts on our contract: {outcome:#?}");
    };
    assert!(error_of(callback).contains("Exceeded the prepaid gas"));
    Ok(stage)
}

#[tokio::test]
async fn a_callback_that_fails_leaves_the_safe_locked() -> anyhow::Result<()> {
    let stage = stage_with_lock_that_stays().await?;
    let alice = &stage.world.alice;

    assert_eq!(safe(&stage, alice).await?, safe_with(ONE_NEAR, PRICE));
    stage.world.worker.fast_forward(1_000).await?;
    let outcome = call(alice, &stage.world, "vault_close", json!({}))
        .transact()
        .await?;
    assert_fails_with(&outcome, "The safe is locked");
    Ok(())
}

#[tokio::test]
async fn who_has_read_the_chain_can_open_the_lock() -> anyhow::Result<()> {
    let stage = stage_with_lock_that_stays().await?;
    let alice = &stage.world.alice;

    let args = json!({ "owner": alice.id(), "spent": true });
    stage
        .owner_calls("vault_resolve", args)
        .await?
        .into_result()?;

    assert_eq!(
        safe(&stage, alice).await?,
        open_safe_with(ONE_NEAR.saturating_sub(PRICE))
    );
    Ok(())
}

#[tokio::test]
async fn with_any_gas_no_lock_stays() -> anyhow::Result<()> {
    let stage = stage_with_safe().await?;
    stage.behave(json!("burn_all_gas")).await?;
    let mut refused = 0;

    for tgas in 8..18 {
        let args = json!({ "book": stage.rogue.id(), "text": "Hello" });
        let outcome = call(&stage.world.alice, &stage.world, "vault_spend_locked", args)
            .gas(Gas::from_tgas(tgas))
            .transact()
            .await?;

        // Either the call has never left, or the callback had enough gas.
        assert_eq!(
            safe(&stage, &stage.world.alice).await?,
            open_safe_with(ONE_NEAR)
        );
        refused += u32::from(outcome.is_failure());
    }
    assert!((1..10).contains(&refused), "both cases occur");
    Ok(())
}
// ANCHOR_END: all
