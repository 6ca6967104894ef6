// ANCHOR: all
//! Two mistakes in a callback: it is not private, and it takes the answer of a call for the fate of
//! its money.

use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::json;

use crate::common::receipts_on;
use crate::{PRICE, Stage, call, cents};

const FIVE_NEAR: NearToken = NearToken::from_near(5);

/// Tells the rogue to keep what it gets, and to hand its answer over to a promise that fails.
async fn keep_and_fail(stage: &Stage) -> anyhow::Result<()> {
    let call_back = json!({ "method": "no_such_method", "args": "{}", "deposit_yocto": "0" });
    stage.behave(json!({ "call_back": call_back })).await
}

async fn pay(stage: &Stage, method: &str) -> anyhow::Result<ExecutionFinalResult> {
    let args = match method {
        "sign_books" => json!({ "books": [stage.rogue.id()], "text": "Hello" }),
        _ => json!({ "book": stage.rogue.id(), "text": "Hello" }),
    };
    let outcome = call(&stage.world.alice, &stage.world, method, args).deposit(PRICE);
    Ok(outcome.transact().await?)
}

#[tokio::test]
async fn a_stranger_who_plays_an_open_callback_is_paid() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let before = stage.money().await?;

    let args = json!({ "payer": stage.bob.id(), "deposit": FIVE_NEAR });
    let outcome = call(&stage.bob, &stage.world, "vulnerable_sign_callback", args)
        .transact()
        .await?;

    assert_eq!(
        stage.changes(&before, &[&outcome]).await?,
        [cents("bob", 500), cents("app", -500)]
    );
    Ok(())
}

#[tokio::test]
async fn a_failed_answer_does_not_bring_the_money_back() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    keep_and_fail(&stage).await?;
    let before = stage.money().await?;

    let outcome = pay(&stage, "vulnerable_sign").await?;

    // Alice has her money back, the rogue has kept it, and we have paid.
    let [message] = receipts_on(&outcome, stage.rogue.id())[..] else {
        panic!("not one receipt on the rogue: {outcome:#?}");
    };
    assert!(message.is_success());
    assert!(!outcome.clone().json::<bool>()?);
    assert_eq!(
        stage.changes(&before, &[&outcome]).await?,
        [cents("app", -10), cents("rogue", 10)]
    );
    Ok(())
}

#[tokio::test]
async fn a_receipt_without_answer_tells_what_became_of_the_money() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    keep_and_fail(&stage).await?;
    let before = stage.money().await?;

    let outcome = pay(&stage, "sign_books").await?;

    assert_eq!(
        outcome.clone().json::<serde_json::Value>()?,
        json!([{ "book": "rogue.test.near", "signed": true }])
    );
    assert_eq!(
        stage.changes(&before, &[&outcome]).await?,
        [cents("alice", -10), cents("rogue", 10)]
    );
    Ok(())
}
// ANCHOR_END: all
