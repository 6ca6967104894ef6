// ANCHOR: all
//! Each behaviour of the rogue, against each method that pays a guestbook.
//!
//! When the rogue's receipt succeeds, the user has paid the price to the rogue. When it fails, no
//! balance has changed. There is no third case.

use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::common::receipts_on;
use crate::money::vault::{fill_safe, open_safe_with, safe};
use crate::money::{Fixture, PRICE, call, cents};

const ONE_NEAR: NearToken = NearToken::from_near(1);

/// Returns each behaviour of the rogue, and whether its receipt succeeds.
fn behaviours() -> Vec<(Value, bool)> {
    let call_back = |method: &str, args: Value| {
        let args = args.to_string();
        json!({ "call_back": { "method": method, "args": args, "deposit_yocto": "0" } })
    };
    let message = json!({ "guestbook": "rogue.test.near", "text": "Hello" });
    let owner = json!({ "owner": "rogue.test.near", "price": PRICE });
    vec![
        (json!("well"), true),
        (json!("panic"), false),
        (json!("burn_all_gas"), false),
        (json!("return_garbage"), true),
        (json!("return_other_type"), true),
        (json!("return_nothing"), true),
        (json!({ "return_bytes": 20_000 }), true),
        (call_back("no_such_method", json!({})), true),
        (call_back("vault_spend", message.clone()), true),
        (call_back("vault_spend_locked", message), true),
        (call_back("vault_spend_callback", owner), true),
        (call_back("vault_close", json!({})), true),
        (call_back("withdraw_owed", json!({})), true),
        (call_back("retry_order", json!({ "id": 0 })), true),
    ]
}

// ANCHOR: test_rogue
/// Calls `method`, which pays the rogue, as alice, with each behaviour. Checks that `payer` has
/// paid the price when the rogue's receipt succeeds, and that the balances change by
/// `after_failure` when it fails.
async fn assert_nobody_loses_money(
    method: &str,
    args: Value,
    deposit: NearToken,
    payer: &str,
    after_failure: &[(String, i128)],
) -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    fill_safe(&fixture, &fixture.bob, ONE_NEAR).await?;
    fill_safe(&fixture, &fixture.world.alice, NearToken::from_near(2)).await?;

    for (behaviour, succeeds) in behaviours() {
        fixture.behave(behaviour.clone()).await?;
        let before = fixture.money().await?;

        let outcome = call(&fixture.world.alice, &fixture.world, method, args.clone())
            .deposit(deposit)
            .transact()
            .await?;

        let [message] = receipts_on(&outcome, fixture.rogue.id())[..] else {
            panic!("not one receipt on the rogue: {outcome:#?}");
        };
        assert_eq!(message.is_success(), succeeds, "{behaviour}");
        let changes = fixture.changes(&before, &[&outcome]).await?;
        if succeeds {
            let paid = [cents(payer, -10), cents("rogue", 10)];
            assert_eq!(changes, paid, "{behaviour}");
        } else {
            assert_eq!(changes, after_failure, "{behaviour}");
        }
        assert_eq!(
            safe(&fixture, &fixture.bob).await?,
            open_safe_with(ONE_NEAR)
        );
    }
    Ok(())
}

#[tokio::test]
async fn sign_guestbooks_loses_no_money_whatever_the_guestbook_does() -> anyhow::Result<()> {
    let args = json!({ "guestbooks": ["rogue.test.near"], "text": "Hello" });
    assert_nobody_loses_money("sign_guestbooks", args, PRICE, "alice", &[]).await
}

#[tokio::test]
async fn vault_spend_loses_no_money_whatever_the_guestbook_does() -> anyhow::Result<()> {
    let args = json!({ "guestbook": "rogue.test.near", "text": "Hello" });
    assert_nobody_loses_money("vault_spend", args, NearToken::default(), "app", &[]).await
}

#[tokio::test]
async fn vault_spend_locked_loses_no_money_whatever_the_guestbook_does() -> anyhow::Result<()> {
    let args = json!({ "guestbook": "rogue.test.near", "text": "Hello" });
    let deposit = NearToken::default();
    assert_nobody_loses_money("vault_spend_locked", args, deposit, "app", &[]).await
}

#[tokio::test]
async fn order_message_loses_no_money_whatever_the_guestbook_does() -> anyhow::Result<()> {
    let args = json!({ "guestbook": "rogue.test.near", "text": "Hello" });
    // An order that has failed is kept with its deposit.
    let kept = [cents("alice", -100), cents("app", 100)];
    assert_nobody_loses_money("order_message", args, ONE_NEAR, "alice", &kept).await
}
// ANCHOR_END: test_rogue
// ANCHOR_END: all
