// ANCHOR: all
//! What comes in between a call and its callback, and gets nothing. The book shows the same attacks against
//! a contract that they rob.
//!
//! Two actions of one receipt both run before the callback of the first. So a batch is as good for an
//! attack as two transactions that come close together, and it needs no luck.

use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::json;

use crate::common::{assert_fails_with, error_of, receipts_on};
use crate::vault::{fill_safe, open_safe_with, safe};
use crate::{Fixture, PRICE, action, call, cents};

const ONE_NEAR: NearToken = NearToken::from_near(1);

/// Alice has money for one message in her safe, and bob has ten times as much in his.
async fn fixture_with_safes() -> anyhow::Result<Fixture> {
    let fixture = Fixture::new().await?;
    fill_safe(&fixture, &fixture.world.alice, PRICE).await?;
    fill_safe(&fixture, &fixture.bob, ONE_NEAR).await?;
    Ok(fixture)
}

/// Alice spends on the guestbook, twice in one receipt.
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
async fn the_guarded_vaults_do_not_pay_twice() -> anyhow::Result<()> {
    for (method, error) in [
        ("vault_spend", "alice.test.near can spend 0 NEAR"),
        ("vault_spend_locked", "The safe is locked"),
    ] {
        let fixture = fixture_with_safes().await?;
        let before = fixture.money().await?;

        let outcome = spend_twice(&fixture, method).await?;

        // The second action fails, and with it the first: neither call leaves.
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

/// Returns the rogue has a safe with money for one message, and is the guestbook as well: when it has the money, it
/// spends again before it answers.
async fn fixture_with_rogue(method: &str) -> anyhow::Result<Fixture> {
    let fixture = Fixture::new().await?;
    fill_safe(&fixture, fixture.rogue.as_account(), PRICE).await?;
    fill_safe(&fixture, &fixture.bob, ONE_NEAR).await?;
    let args = json!({ "guestbook": fixture.rogue.id(), "text": "Hello" }).to_string();
    let call_back = json!({ "method": method, "args": args, "deposit_yocto": "0" });
    fixture.behave(json!({ "call_back": call_back })).await?;
    Ok(fixture)
}

/// Returns the rogue spends on itself.
async fn rogue_spends(fixture: &Fixture, method: &str) -> anyhow::Result<ExecutionFinalResult> {
    let args = json!({ "guestbook": fixture.rogue.id(), "text": "Hello" });
    let outcome = call(fixture.rogue.as_account(), &fixture.world, method, args);
    Ok(outcome.transact().await?)
}

#[tokio::test]
async fn a_guestbook_that_calls_back_gets_no_more_from_the_guarded_vaults() -> anyhow::Result<()> {
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
