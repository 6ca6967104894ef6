// ANCHOR: all
//! The lock of a safe: refused calls, and lost callbacks.

use near_workspaces::operations::CallTransaction;
use near_workspaces::types::{Gas, NearToken};
use serde_json::json;

use crate::common::{assert_fails_with, error_of, partner_wasm, receipts_on};
use crate::money::vault::{fill_safe, open_safe_with, safe, safe_with};
use crate::money::{Fixture, PRICE, action, call, cents};
use crate::wasm::contract_wasm;

const ONE_NEAR: NearToken = NearToken::from_near(1);

async fn fixture_with_safe() -> anyhow::Result<Fixture> {
    let fixture = Fixture::new().await?;
    fill_safe(&fixture, &fixture.world.alice, ONE_NEAR).await?;
    Ok(fixture)
}

/// Returns alice's call of `vault_spend_locked` with the guestbook on `<name>.test.near`.
fn spend_at(fixture: &Fixture, name: &str) -> CallTransaction {
    let args = json!({ "guestbook": format!("{name}.test.near"), "text": "Hello" });
    let (alice, world) = (&fixture.world.alice, &fixture.world);
    call(alice, world, "vault_spend_locked", args)
}

#[tokio::test]
async fn after_a_success_the_guestbook_has_the_price_and_the_lock_is_open() -> anyhow::Result<()> {
    let fixture = fixture_with_safe().await?;
    let before = fixture.money().await?;

    let outcome = spend_at(&fixture, "guestbook").transact().await?;

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
async fn after_a_failure_the_safe_is_unchanged() -> anyhow::Result<()> {
    let fixture = fixture_with_safe().await?;
    let before = fixture.money().await?;

    let outcome = spend_at(&fixture, "nobody").transact().await?;

    assert!(!outcome.clone().json::<bool>()?);
    assert!(fixture.changes(&before, &[&outcome]).await?.is_empty());
    assert_eq!(
        safe(&fixture, &fixture.world.alice).await?,
        open_safe_with(ONE_NEAR)
    );
    Ok(())
}

#[tokio::test]
async fn a_lock_refuses_honest_calls_too() -> anyhow::Result<()> {
    for (method, messages) in [("vault_spend", 2), ("vault_spend_locked", 0)] {
        let fixture = fixture_with_safe().await?;
        let args = json!({ "guestbook": fixture.world.guestbook.id(), "text": "Hello" });
        let outcome = fixture
            .world
            .alice
            .batch(fixture.world.app.id())
            .call(action(method, args.clone()))
            .call(action(method, args))
            .transact()
            .await?;

        assert_eq!(outcome.is_success(), messages == 2, "{method}");
        let total = fixture.world.guestbook.view("total_messages").await?;
        assert_eq!(total.json::<u32>()?, messages, "{method}");
    }
    Ok(())
}

/// Returns a fixture on which our account has a safe of its own, and the lock of it stays: the
/// message is in the guestbook, and when the callback came, code was here that does not have it.
async fn fixture_with_lock_that_stays() -> anyhow::Result<Fixture> {
    let fixture = Fixture::new().await?;
    let app = fixture.world.app.as_account();
    fill_safe(&fixture, app, ONE_NEAR).await?;
    let args = json!({ "guestbook": fixture.world.guestbook.id(), "text": "Hello" });
    let outcome = app
        .batch(app.id())
        .call(action("vault_spend_locked", args))
        .deploy(&partner_wasm("hello")?)
        .transact()
        .await?;
    let [_, callback] = receipts_on(&outcome, app.id())[..] else {
        panic!("not two receipts on our contract: {outcome:#?}");
    };
    assert!(error_of(callback).contains("MethodNotFound"));
    let deploy = app.batch(app.id()).deploy(contract_wasm());
    deploy.transact().await?.into_result()?;
    Ok(fixture)
}

#[tokio::test]
async fn after_a_lost_callback_the_safe_stays_locked() -> anyhow::Result<()> {
    let fixture = fixture_with_lock_that_stays().await?;
    let app = fixture.world.app.as_account();

    assert_eq!(safe(&fixture, app).await?, safe_with(ONE_NEAR, PRICE));
    let outcome = call(app, &fixture.world, "vault_close", json!({}));
    assert_fails_with(&outcome.transact().await?, "The safe is locked");
    Ok(())
}

#[tokio::test]
async fn the_operator_can_open_a_lock_whose_callback_is_lost() -> anyhow::Result<()> {
    let fixture = fixture_with_lock_that_stays().await?;
    let app = fixture.world.app.as_account();
    let args = json!({ "owner": app.id(), "lock": 1, "spent": true });

    let early = fixture
        .operator_calls("vault_resolve", args.clone())
        .await?;
    assert_fails_with(&early, "the callback may still run");

    fixture.world.worker.fast_forward(1_000).await?;
    let resolved = fixture.operator_calls("vault_resolve", args).await?;
    resolved.into_result()?;
    assert_eq!(
        safe(&fixture, app).await?,
        open_safe_with(ONE_NEAR.saturating_sub(PRICE))
    );
    Ok(())
}

#[tokio::test]
async fn with_any_gas_no_lock_stays_closed() -> anyhow::Result<()> {
    let fixture = fixture_with_safe().await?;
    fixture.behave(json!("burn_all_gas")).await?;
    let mut refused = 0;

    for tgas in 8..18 {
        let spend = spend_at(&fixture, "rogue").gas(Gas::from_tgas(tgas));
        let outcome = spend.transact().await?;

        // Either no call was sent, or the callback had enough gas.
        assert_eq!(
            safe(&fixture, &fixture.world.alice).await?,
            open_safe_with(ONE_NEAR)
        );
        refused += u32::from(outcome.is_failure());
    }
    assert!((1..10).contains(&refused), "both cases occur");
    Ok(())
}
// ANCHOR_END: all
