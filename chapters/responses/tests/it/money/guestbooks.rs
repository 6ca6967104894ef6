// ANCHOR: all
//! Several calls in parallel, each with a deposit: the deposits of failed calls are paid back.

use near_workspaces::AccountId;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{Gas, NearToken};
use serde_json::{Value, json};

use crate::common::{assert_fails_with, receipts_on};
use crate::money::{CENT, Fixture, PRICE, call, cents};

async fn sign(
    fixture: &Fixture,
    guestbooks: &[&AccountId],
    text: &str,
    deposit: NearToken,
) -> anyhow::Result<ExecutionFinalResult> {
    let args = json!({ "guestbooks": guestbooks, "text": text });
    let outcome = call(
        &fixture.world.alice,
        &fixture.world,
        "sign_guestbooks",
        args,
    )
    .deposit(deposit)
    .transact()
    .await?;
    Ok(outcome)
}

async fn messages(fixture: &Fixture) -> anyhow::Result<Value> {
    let messages = fixture.world.guestbook.view("get_messages");
    Ok(messages.args_json(json!({})).await?.json()?)
}

#[tokio::test]
async fn each_guestbook_gets_its_message_and_its_price() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    let before = fixture.money().await?;
    let guestbooks = [fixture.world.guestbook.id(), fixture.rogue.id()];

    let outcome = sign(&fixture, &guestbooks, "Hello", PRICE.saturating_mul(2)).await?;

    assert_eq!(
        fixture.changes(&before, &[&outcome]).await?,
        [
            cents("alice", -20),
            cents("guestbook", 10),
            cents("rogue", 10)
        ]
    );
    assert_eq!(
        messages(&fixture).await?,
        json!([{ "premium": true, "sender": "app.test.near", "text": "Hello" }])
    );
    Ok(())
}

// ANCHOR: test_any_combination
#[tokio::test]
async fn the_prices_of_all_guestbooks_that_fail_are_paid_back() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    fixture.behave(json!("panic")).await?;
    let (good, bad) = (fixture.world.guestbook.id(), fixture.rogue.id());

    for guestbooks in [
        [good, good, bad],
        [good, bad, good],
        [bad, good, good],
        [bad, bad, good],
        [bad, bad, bad],
    ] {
        let before = fixture.money().await?;

        let outcome = sign(&fixture, &guestbooks, "Hello", PRICE.saturating_mul(3)).await?;

        let signed = guestbooks
            .iter()
            .filter(|guestbook| **guestbook == good)
            .count() as i128;
        let expected = match signed {
            0 => vec![],
            _ => vec![
                cents("alice", -10 * signed),
                cents("guestbook", 10 * signed),
            ],
        };
        assert_eq!(fixture.changes(&before, &[&outcome]).await?, expected);

        let results = guestbooks
            .map(|guestbook| json!({ "guestbook": guestbook, "signed": guestbook == good }));
        assert_eq!(outcome.json::<Value>()?, json!(results));
    }
    Ok(())
}
// ANCHOR_END: test_any_combination

#[tokio::test]
async fn the_price_of_a_guestbook_that_does_not_exist_is_paid_back() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    let before = fixture.money().await?;
    let nobody: AccountId = "nobody.test.near".parse()?;
    let guestbooks = [fixture.world.guestbook.id(), &nobody];

    let outcome = sign(&fixture, &guestbooks, "Hello", PRICE.saturating_mul(2)).await?;

    assert!(outcome.logs().contains(&"alice.test.near is paid 0.1 NEAR"));
    assert_eq!(
        fixture.changes(&before, &[&outcome]).await?,
        [cents("alice", -10), cents("guestbook", 10)]
    );
    Ok(())
}

#[tokio::test]
async fn a_deposit_that_is_not_the_price_is_refused() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    let guestbooks = [fixture.world.guestbook.id(), fixture.rogue.id()];

    for deposit in [CENT, PRICE, NearToken::from_near(1)] {
        let before = fixture.money().await?;
        let outcome = sign(&fixture, &guestbooks, "Hello", deposit).await?;

        assert_fails_with(&outcome, "Attach exactly 0.2 NEAR");
        assert!(receipts_on(&outcome, fixture.rogue.id()).is_empty());
        assert!(fixture.changes(&before, &[&outcome]).await?.is_empty());
    }
    Ok(())
}

// ANCHOR: test_any_gas
#[tokio::test]
async fn with_any_gas_nobody_loses_money() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    fixture.behave(json!("burn_all_gas")).await?;
    let mut refused = 0;

    for tgas in (16..56).step_by(4) {
        let before = fixture.money().await?;
        let guestbooks = [fixture.world.guestbook.id(), fixture.rogue.id()];
        let args = json!({ "guestbooks": guestbooks, "text": "Hello" });
        let outcome = call(
            &fixture.world.alice,
            &fixture.world,
            "sign_guestbooks",
            args,
        )
        .deposit(PRICE.saturating_mul(2))
        .gas(Gas::from_tgas(tgas))
        .transact()
        .await?;

        // Either no call was sent, or one guestbook has accepted its price and the other has
        // failed.
        let expected = match outcome.is_failure() {
            true => vec![],
            false => vec![cents("alice", -10), cents("guestbook", 10)],
        };
        assert_eq!(fixture.changes(&before, &[&outcome]).await?, expected);
        refused += u32::from(outcome.is_failure());
    }
    assert!((1..10).contains(&refused), "both cases occur");
    Ok(())
}
// ANCHOR_END: test_any_gas
// ANCHOR_END: all
