// ANCHOR: all
//! The settings of the owner: partners, limits and trust.

use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, deploy, gas_cost, partner_wasm, receipts_on};
use crate::operations::{assert_event, by_owner, view};

#[tokio::test]
async fn after_a_change_the_new_partner_is_called() -> anyhow::Result<()> {
    let world = World::new().await?;
    let other = deploy(&world.worker, "other", &partner_wasm("hello")?).await?;

    let outcome = by_owner(&world, "set_partners")
        .args_json(json!({ "hello": other.id() }))
        .transact()
        .await?;

    let partners = json!({
        "hello": other.id(),
        "counter": world.counter.id(),
        "guestbook": world.guestbook.id(),
    });
    assert_event(
        &outcome,
        "partners_changed",
        json!({ "partners": partners }),
    );
    assert_eq!(view(&world, "get_partners").await?, partners);
    let outcome = world.call("query_greeting").transact().await?;
    assert_eq!(receipts_on(&outcome, other.id()).len(), 1);
    assert_eq!(outcome.json::<String>()?, "Hello");
    Ok(())
}

#[tokio::test]
async fn the_contract_cannot_be_its_own_partner() -> anyhow::Result<()> {
    let world = World::new().await?;
    let before = view(&world, "get_partners").await?;

    let outcome = by_owner(&world, "set_partners")
        .args_json(json!({ "guestbook": world.app.id() }))
        .transact()
        .await?;

    assert_fails_with(&outcome, "The contract cannot be its own partner");
    assert_eq!(view(&world, "get_partners").await?, before);
    Ok(())
}

#[tokio::test]
async fn a_deposit_above_the_limit_is_refunded() -> anyhow::Result<()> {
    let world = World::new().await?;
    let limits = json!({
        "max_deposit": NearToken::from_near(1),
        "min_free_balance": NearToken::from_near(2),
    });
    let outcome = by_owner(&world, "set_limits")
        .args_json(json!({ "limits": limits }))
        .transact()
        .await?;
    assert_event(&outcome, "limits_changed", json!({ "limits": limits }));
    assert_eq!(view(&world, "get_limits").await?, limits);
    let before = world.balance(world.alice.id()).await?;

    let outcome = world
        .call("sign_guestbook")
        .args_json(json!({ "texts": ["Good morning"] }))
        .deposit(NearToken::from_millinear(1_001))
        .transact()
        .await?;

    assert_fails_with(&outcome, "Attach at most 1 NEAR");
    assert!(receipts_on(&outcome, world.guestbook.id()).is_empty());
    let paid = before.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    Ok(())
}

#[tokio::test]
async fn a_deposit_at_the_limit_is_accepted() -> anyhow::Result<()> {
    let world = World::new().await?;
    let one_near = NearToken::from_near(1);
    by_owner(&world, "set_limits")
        .args_json(json!({ "limits": { "max_deposit": one_near, "min_free_balance": "0" } }))
        .transact()
        .await?
        .into_result()?;

    let signed: Value = world
        .call("sign_guestbook")
        .args_json(json!({ "texts": ["Good morning"] }))
        .deposit(one_near)
        .transact()
        .await?
        .json()?;

    assert_eq!(signed, json!(true));
    Ok(())
}

#[tokio::test]
async fn the_owner_chooses_the_oracle() -> anyhow::Result<()> {
    let world = World::new().await?;
    let question = || {
        let ask = world
            .call("ask_oracle")
            .args_json(json!({ "text": "Now?" }));
        ask.deposit(NearToken::from_near(1))
    };
    let outcome = question().transact().await?;
    assert_fails_with(&outcome, "There is no oracle");

    let outcome = by_owner(&world, "trust_oracle")
        .args_json(json!({ "oracle": world.alice.id() }))
        .transact()
        .await?;

    let trusted = json!({ "oracle": world.alice.id(), "token": null });
    assert_event(&outcome, "trust_changed", trusted);
    let pending = question().transact_async().await?;
    world.worker.fast_forward(2).await?;
    world
        .call("answer_question")
        .args_json(json!({ "id": 0, "answer": "Yes" }))
        .transact()
        .await?
        .into_result()?;
    let answer: Value = pending.await?.json()?;
    assert_eq!(answer, json!("Yes"));
    Ok(())
}
// ANCHOR_END: all
