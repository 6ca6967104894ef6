// ANCHOR: all
//! Re-entrancy: calls between a call and its callback, against contracts that are protected. The
//! book shows the same attacks against a contract that is not.
//!
//! Two actions of one receipt both run before the callback of the first. So a batch can do the same
//! as two transactions at the right time, and it always works.

use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::json;

use crate::common::{assert_fails_with, error_of, receipts_on};
use crate::money::vault::{fill_safe, open_safe_with, safe};
use crate::money::{Fixture, PRICE, action, call, cents};

const ONE_NEAR: NearToken = NearToken::from_near(1);

/// Starts a chain with a safe of alice, which holds the price of one message, and one of bob with
/// ten times as much.
async fn fixture_with_safes() -> anyhow::Result<Fixture> {
    let fixture = Fixture::new().await?;
    fill_safe(&fixture, &fixture.world.alice, PRICE).await?;
    fill_safe(&fixture, &fixture.bob, ONE_NEAR).await?;
    Ok(fixture)
}

/// Spends twice in one receipt as alice.
async fn spend_twice(fixture: &Fixture, method: &str) -> anyhow::Result<ExecutionFinalResult> {
    let args = json!({ "guestbook": fixture.world.guestbook.id(), "text": "Hello" });
    let outcome = fixture
        .world
        .alice
        .batch(fixture.world.app.id())
        .call(action(method, args.clone()))
        .call(action(method, args))
        .transact()
        .await?;
    Ok(outcome)
}

// ANCHOR: test_twice
#[tokio::test]
async fn two_calls_in_one_receipt_do_not_spend_the_same_money() -> anyhow::Result<()> {
    for (method, error) in [
        ("vault_spend", "alice.test.near can spend 0 NEAR"),
        ("vault_spend_locked", "The safe is locked"),
    ] {
        let fixture = fixture_with_safes().await?;
        let before = fixture.money().await?;

        let outcome = spend_twice(&fixture, method).await?;

        // The second action fails, and the first with it: no call is sent.
        assert_fails_with(&outcome, error);
        assert!(receipts_on(&outcome, fixture.world.guestbook.id()).is_empty());
        assert!(fixture.changes(&before, &[&outcome]).await?.is_empty());
        assert_eq!(
            safe(&fixture, &fixture.world.alice).await?,
            open_safe_with(PRICE)
        );
    }
    Ok(())
}
// ANCHOR_END: test_twice

/// Starts a chain on which the rogue is the guestbook and has a safe with the price of one message.
/// When it is called, it calls back and spends again before it returns.
async fn fixture_with_rogue(method: &str) -> anyhow::Result<Fixture> {
    let fixture = Fixture::new().await?;
    fill_safe(&fixture, fixture.rogue.as_account(), PRICE).await?;
    fill_safe(&fixture, &fixture.bob, ONE_NEAR).await?;
    let args = json!({ "guestbook": fixture.rogue.id(), "text": "Hello" }).to_string();
    let call_back = json!({ "method": method, "args": args, "deposit_yocto": "0" });
    fixture.behave(json!({ "call_back": call_back })).await?;
    Ok(fixture)
}

/// Spends as the rogue, with itself as the guestbook.
async fn rogue_spends(fixture: &Fixture, method: &str) -> anyhow::Result<ExecutionFinalResult> {
    let args = json!({ "guestbook": fixture.rogue.id(), "text": "Hello" });
    let outcome = call(fixture.rogue.as_account(), &fixture.world, method, args);
    Ok(outcome.transact().await?)
}

#[tokio::test]
async fn a_guestbook_that_calls_back_cannot_spend_the_same_money() -> anyhow::Result<()> {
    for (method, error) in [
        ("vault_spend", "rogue.test.near can spend 0 NEAR"),
        ("vault_spend_locked", "The safe is locked"),
    ] {
        let fixture = fixture_with_rogue(method).await?;
        let before = fixture.money().await?;

        let outcome = rogue_spends(&fixture, method).await?;

        let [_, call_back, _] = receipts_on(&outcome, fixture.world.app.id())[..] else {
            panic!("not three receipts on our contract: {outcome:#?}");
        };
        assert!(error_of(call_back).contains(error));
        assert_eq!(
            fixture.changes(&before, &[&outcome]).await?,
            [cents("app", -10), cents("rogue", 10)]
        );
        assert_eq!(
            safe(&fixture, fixture.rogue.as_account()).await?,
            open_safe_with(NearToken::default())
        );
    }
    Ok(())
}
// ANCHOR_END: all
