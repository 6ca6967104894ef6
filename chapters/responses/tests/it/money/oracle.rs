// ANCHOR: all
//! Questions to an oracle, with an answer and without.

use near_workspaces::operations::TransactionStatus;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use near_workspaces::{Account, AccountId};
use serde_json::{Value, json};

use crate::common::{assert_fails_with, receipts_on};
use crate::money::{Fixture, PRICE, action, call, cents};

const ONE_NEAR: NearToken = NearToken::from_near(1);

/// Starts a chain on which bob is the oracle.
async fn fixture_with_oracle() -> anyhow::Result<Fixture> {
    let fixture = Fixture::new().await?;
    fixture
        .operator_calls("trust_oracle", json!({ "oracle": fixture.bob.id() }))
        .await?
        .into_result()?;
    Ok(fixture)
}

/// Asks the oracle as alice. Her transaction waits for the answer.
async fn ask(fixture: &Fixture) -> anyhow::Result<TransactionStatus> {
    let args = json!({ "text": "Will it rain?" });
    let question = call(&fixture.world.alice, &fixture.world, "ask_oracle", args)
        .deposit(ONE_NEAR)
        .transact_async()
        .await?;
    // One block for the transaction, and one for its first receipt.
    fixture.world.worker.fast_forward(2).await?;
    Ok(question)
}

async fn answer(
    fixture: &Fixture,
    by: &Account,
    answer: &str,
) -> anyhow::Result<ExecutionFinalResult> {
    let args = json!({ "id": 0, "answer": answer });
    let outcome = call(by, &fixture.world, "answer_question", args);
    Ok(outcome.transact().await?)
}

async fn question(fixture: &Fixture) -> anyhow::Result<Value> {
    fixture.view("get_question", json!({ "id": 0 })).await
}

#[tokio::test]
async fn a_question_waits_with_its_deposit() -> anyhow::Result<()> {
    let fixture = fixture_with_oracle().await?;
    let asking = ask(&fixture).await?;

    assert!(asking.status().await?.is_pending());
    let question = question(&fixture).await?;
    assert_eq!(question["asker"], "alice.test.near");
    assert_eq!(question["oracle"], "bob.test.near");
    assert_eq!(question["deposit"], json!(ONE_NEAR));
    Ok(())
}

// ANCHOR: test_answer
#[tokio::test]
async fn an_answer_is_returned_by_the_transaction_that_asked_and_is_paid() -> anyhow::Result<()> {
    let fixture = fixture_with_oracle().await?;
    let empty = fixture.world.app.view_account().await?.storage_usage;
    let before = fixture.money().await?;

    let asking = ask(&fixture).await?;
    let answering = answer(&fixture, &fixture.bob, "Yes").await?;
    let asked = asking.await?;

    assert_eq!(asked.clone().json::<Value>()?, json!("Yes"));
    assert_eq!(
        fixture.changes(&before, &[&asked, &answering]).await?,
        [cents("alice", -10), cents("bob", 10)]
    );
    assert_eq!(question(&fixture).await?, Value::Null);
    assert_eq!(fixture.world.app.view_account().await?.storage_usage, empty);
    Ok(())
}

#[tokio::test]
async fn without_an_answer_the_deposit_is_paid_back_after_two_hundred_blocks() -> anyhow::Result<()>
{
    let fixture = fixture_with_oracle().await?;
    let before = fixture.money().await?;

    let asking = ask(&fixture).await?;
    fixture.world.worker.fast_forward(201).await?;
    let asked = asking.await?;

    assert_eq!(asked.clone().json::<Value>()?, Value::Null);
    assert!(asked.logs().contains(&"Nobody has answered question 0"));
    assert!(fixture.changes(&before, &[&asked]).await?.is_empty());
    assert_eq!(question(&fixture).await?, Value::Null);
    Ok(())
}
// ANCHOR_END: test_answer

#[tokio::test]
async fn only_the_oracle_can_answer() -> anyhow::Result<()> {
    let fixture = fixture_with_oracle().await?;
    let asking = ask(&fixture).await?;

    for account in [&fixture.world.alice, fixture.rogue.as_account()] {
        let outcome = answer(&fixture, account, "No").await?;
        assert_fails_with(&outcome, "You are not the oracle");
    }

    answer(&fixture, &fixture.bob, "Yes").await?.into_result()?;
    assert_eq!(asking.await?.json::<Value>()?, json!("Yes"));
    Ok(())
}

#[tokio::test]
async fn the_first_of_two_answers_is_returned_and_paid_once() -> anyhow::Result<()> {
    let fixture = fixture_with_oracle().await?;
    let before = fixture.money().await?;
    let asking = ask(&fixture).await?;

    let say = |answer: &str| action("answer_question", json!({ "id": 0, "answer": answer }));
    let answering = fixture
        .bob
        .batch(fixture.world.app.id())
        .call(say("Yes"))
        .call(say("No"))
        .transact()
        .await?;
    let asked = asking.await?;

    assert_eq!(asked.clone().json::<Value>()?, json!("Yes"));
    assert_eq!(
        fixture.changes(&before, &[&asked, &answering]).await?,
        [cents("alice", -10), cents("bob", 10)]
    );
    let late = answer(&fixture, &fixture.bob, "No").await?;
    assert_fails_with(&late, "There is no such question");
    Ok(())
}

#[tokio::test]
async fn a_question_without_the_price_of_its_storage_is_refused() -> anyhow::Result<()> {
    let fixture = fixture_with_oracle().await?;
    let before = fixture.money().await?;

    let args = json!({ "text": "Will it rain?" });
    let outcome = call(&fixture.world.alice, &fixture.world, "ask_oracle", args)
        .deposit(PRICE)
        .transact()
        .await?;

    assert_fails_with(&outcome, "Attach at least 0.10");
    assert!(fixture.changes(&before, &[&outcome]).await?.is_empty());
    assert_eq!(question(&fixture).await?, Value::Null);
    // The yielded promise was not created.
    let app: &AccountId = fixture.world.app.id();
    assert_eq!(receipts_on(&outcome, app).len(), 1);
    Ok(())
}
// ANCHOR_END: all
