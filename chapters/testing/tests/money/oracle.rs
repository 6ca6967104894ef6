// ANCHOR: all
//! Questions that somebody outside of the chain answers, or nobody does.

use near_workspaces::operations::TransactionStatus;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use near_workspaces::{Account, AccountId};
use serde_json::{Value, json};

use crate::common::{assert_fails_with, receipts_on};
use crate::{PRICE, Stage, action, call, cents};

const ONE_NEAR: NearToken = NearToken::from_near(1);

/// A stage on which bob is the oracle.
async fn stage_with_oracle() -> anyhow::Result<Stage> {
    let stage = Stage::new().await?;
    stage
        .operator_calls("trust_oracle", json!({ "oracle": stage.bob.id() }))
        .await?
        .into_result()?;
    Ok(stage)
}

/// Alice asks. Her transaction waits for the answer.
async fn ask(stage: &Stage) -> anyhow::Result<TransactionStatus> {
    let args = json!({ "text": "Will it rain?" });
    let question = call(&stage.world.alice, &stage.world, "ask_oracle", args)
        .deposit(ONE_NEAR)
        .transact_async()
        .await?;
    // The block of the transaction, and that of its first receipt.
    stage.world.worker.fast_forward(2).await?;
    Ok(question)
}

async fn answer(stage: &Stage, by: &Account, answer: &str) -> anyhow::Result<ExecutionFinalResult> {
    let args = json!({ "id": 0, "answer": answer });
    let outcome = call(by, &stage.world, "answer_question", args);
    Ok(outcome.transact().await?)
}

async fn question(stage: &Stage) -> anyhow::Result<Value> {
    stage.view("get_question", json!({ "id": 0 })).await
}

#[tokio::test]
async fn a_question_waits_and_its_money_with_it() -> anyhow::Result<()> {
    let stage = stage_with_oracle().await?;
    let asking = ask(&stage).await?;

    assert!(asking.status().await?.is_pending());
    let question = question(&stage).await?;
    assert_eq!(question["asker"], "alice.test.near");
    assert_eq!(question["oracle"], "bob.test.near");
    assert_eq!(question["deposit"], json!(ONE_NEAR));
    Ok(())
}

// ANCHOR: test_answer
#[tokio::test]
async fn an_answer_ends_the_transaction_that_asked_and_pays_the_oracle() -> anyhow::Result<()> {
    let stage = stage_with_oracle().await?;
    let empty = stage.world.app.view_account().await?.storage_usage;
    let before = stage.money().await?;

    let asking = ask(&stage).await?;
    let answering = answer(&stage, &stage.bob, "Yes").await?;
    let asked = asking.await?;

    assert_eq!(asked.clone().json::<Value>()?, json!("Yes"));
    assert_eq!(
        stage.changes(&before, &[&asked, &answering]).await?,
        [cents("alice", -10), cents("bob", 10)]
    );
    assert_eq!(question(&stage).await?, Value::Null);
    assert_eq!(stage.world.app.view_account().await?.storage_usage, empty);
    Ok(())
}

#[tokio::test]
async fn without_an_answer_all_money_is_back_after_two_hundred_blocks() -> anyhow::Result<()> {
    let stage = stage_with_oracle().await?;
    let before = stage.money().await?;

    let asking = ask(&stage).await?;
    stage.world.worker.fast_forward(201).await?;
    let asked = asking.await?;

    assert_eq!(asked.clone().json::<Value>()?, Value::Null);
    assert!(asked.logs().contains(&"Nobody has answered question 0"));
    assert!(stage.changes(&before, &[&asked]).await?.is_empty());
    assert_eq!(question(&stage).await?, Value::Null);
    Ok(())
}
// ANCHOR_END: test_answer

#[tokio::test]
async fn nobody_but_the_oracle_answers() -> anyhow::Result<()> {
    let stage = stage_with_oracle().await?;
    let asking = ask(&stage).await?;

    for stranger in [&stage.world.alice, stage.rogue.as_account()] {
        let outcome = answer(&stage, stranger, "No").await?;
        assert_fails_with(&outcome, "You are not the oracle");
    }

    answer(&stage, &stage.bob, "Yes").await?.into_result()?;
    assert_eq!(asking.await?.json::<Value>()?, json!("Yes"));
    Ok(())
}

#[tokio::test]
async fn the_first_of_two_answers_counts_and_is_paid_once() -> anyhow::Result<()> {
    let stage = stage_with_oracle().await?;
    let before = stage.money().await?;
    let asking = ask(&stage).await?;

    let say = |answer: &str| action("answer_question", json!({ "id": 0, "answer": answer }));
    let answering = stage
        .bob
        .batch(stage.world.app.id())
        .call(say("Yes"))
        .call(say("No"))
        .transact()
        .await?;
    let asked = asking.await?;

    assert_eq!(asked.clone().json::<Value>()?, json!("Yes"));
    assert_eq!(
        stage.changes(&before, &[&asked, &answering]).await?,
        [cents("alice", -10), cents("bob", 10)]
    );
    let late = answer(&stage, &stage.bob, "No").await?;
    assert_fails_with(&late, "There is no such question");
    Ok(())
}

#[tokio::test]
async fn a_question_that_does_not_pay_for_itself_is_refused() -> anyhow::Result<()> {
    let stage = stage_with_oracle().await?;
    let before = stage.money().await?;

    let args = json!({ "text": "Will it rain?" });
    let outcome = call(&stage.world.alice, &stage.world, "ask_oracle", args)
        .deposit(PRICE)
        .transact()
        .await?;

    assert_fails_with(&outcome, "Attach at least 0.10");
    assert!(stage.changes(&before, &[&outcome]).await?.is_empty());
    assert_eq!(question(&stage).await?, Value::Null);
    // The promise that was to wait has never left.
    let app: &AccountId = stage.world.app.id();
    assert_eq!(receipts_on(&outcome, app).len(), 1);
    Ok(())
}
// ANCHOR_END: all
