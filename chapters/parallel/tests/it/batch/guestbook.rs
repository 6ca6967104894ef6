// ANCHOR: all
//! Several messages in one receipt, each with its deposit.

use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::batch::{balances, refunds_of};
use crate::common::{World, assert_fails_with, error_of, gas_cost, receipts_on};

const ONE_NEAR: NearToken = NearToken::from_near(1);

#[tokio::test]
async fn the_messages_are_stored_and_the_rest_is_paid_back() -> anyhow::Result<()> {
    let world = World::new().await?;
    let accounts = [world.alice.id(), world.app.id(), world.guestbook.id()];
    let [alice, app, guestbook] = balances(&world, accounts).await?;

    let outcome = sign(&world, &["Good morning", "Good night"], ONE_NEAR).await?;

    // The predecessor of the messages is our contract, and not alice.
    assert_eq!(
        messages(&world).await?,
        json!([
            { "premium": true, "sender": "app.test.near", "text": "Good morning" },
            { "premium": true, "sender": "app.test.near", "text": "Good night" },
        ])
    );
    assert_eq!(receipts_on(&outcome, world.guestbook.id()).len(), 1);

    let price = NearToken::from_millinear(200);
    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, price.saturating_add(gas_cost(&outcome)));
    assert_eq!(world.balance(world.app.id()).await?, app);
    assert_eq!(
        world.balance(world.guestbook.id()).await?,
        guestbook.saturating_add(price)
    );
    assert!(outcome.logs().contains(&"alice.test.near is paid 0.8 NEAR"));
    assert!(outcome.json::<bool>()?);
    Ok(())
}

// ANCHOR: test_any_index
#[tokio::test]
async fn when_a_text_fails_no_text_is_stored_and_the_deposit_is_paid_back() -> anyhow::Result<()> {
    let world = World::new().await?;
    let accounts = [world.alice.id(), world.app.id(), world.guestbook.id()];

    for failing in [0, 1, 2] {
        // Too long for the static gas of a message.
        let long = "x".repeat(300_000);
        let mut texts = ["one", "two", "three"];
        texts[failing] = &long;
        let [alice, app, guestbook] = balances(&world, accounts).await?;

        let outcome = sign(&world, &texts, ONE_NEAR).await?;

        let [batch] = receipts_on(&outcome, world.guestbook.id())[..] else {
            panic!("not one receipt on the guestbook: {outcome:#?}");
        };
        let error = error_of(batch);
        assert!(error.contains(&format!("Action #{failing}")), "{error}");
        assert!(error.contains("Exceeded the prepaid gas"), "{error}");
        assert_eq!(messages(&world).await?, json!([]));

        // The chain refunds the deposits to our contract, and our callback pays them back to alice.
        assert!(refunds_of(&outcome, batch).contains(&world.app.id()));
        assert!(outcome.logs().contains(&"alice.test.near is paid 1 NEAR"));
        let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
        assert_eq!(paid, gas_cost(&outcome));
        assert_eq!(world.balance(world.app.id()).await?, app);
        assert_eq!(world.balance(world.guestbook.id()).await?, guestbook);

        assert!(!outcome.json::<bool>()?);
    }
    Ok(())
}
// ANCHOR_END: test_any_index

#[tokio::test]
async fn a_deposit_below_the_price_is_refused_before_a_call_is_sent() -> anyhow::Result<()> {
    let world = World::new().await?;
    let alice = world.balance(world.alice.id()).await?;

    let outcome = sign(&world, &["one", "two"], NearToken::from_millinear(199)).await?;

    assert_fails_with(&outcome, "Attach at least 0.2 NEAR");
    assert!(receipts_on(&outcome, world.guestbook.id()).is_empty());
    let paid = alice.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    Ok(())
}

async fn sign(
    world: &World,
    texts: &[&str],
    deposit: NearToken,
) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("sign_guestbook")
        .args_json(json!({ "texts": texts }))
        .deposit(deposit)
        .transact()
        .await?;
    Ok(outcome)
}

async fn messages(world: &World) -> anyhow::Result<Value> {
    let messages = world.guestbook.view("get_messages").args_json(json!({}));
    Ok(messages.await?.json()?)
}
// ANCHOR_END: all
