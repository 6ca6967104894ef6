// ANCHOR: all
//! The test cases of each network.

use near_workspaces::types::NearToken;
use serde_json::json;

use crate::common::assert_fails_with;
use crate::networks::fixture::Fixture;

// ANCHOR: greeting
/// Checks that a greeting is changed and read in one receipt. Between two receipts others could
/// change it.
pub async fn greeting(fixture: &Fixture) -> anyhow::Result<()> {
    let greeting = format!("Hello from {}", fixture.app.id());

    let outcome = fixture
        .call("set_and_get_greeting")
        .args_json(json!({ "new_greeting": greeting }))
        .transact()
        .await?;

    assert_eq!(outcome.json::<String>()?, greeting);
    let totals = fixture.view("get_stats").await?["totals"].clone();
    assert_eq!(totals["callbacks"], totals["succeeded"]);
    Ok(())
}
// ANCHOR_END: greeting

/// Checks that steps are counted after a reset in the same receipt. Before the reset the number is
/// unknown.
pub async fn counting(fixture: &Fixture) -> anyhow::Result<()> {
    let outcome = fixture
        .call("count")
        .args_json(json!({ "steps": ["reset", "increment", "increment", "decrement"] }))
        .transact()
        .await?;

    assert_eq!(outcome.json::<i8>()?, 1);
    Ok(())
}

// ANCHOR: paying
/// Checks that alice pays the price of two messages and gets the rest back. The gas price varies,
/// and the last refunds may still be in flight, so the check has bounds.
pub async fn paying(fixture: &Fixture) -> anyhow::Result<()> {
    let before = fixture.balance().await?;

    let outcome = fixture
        .call("sign_guestbook")
        .args_json(json!({ "texts": ["Good morning", "Good night"] }))
        .deposit(NearToken::from_near(1))
        .transact()
        .await?;

    let log = format!("{} is paid 0.8 NEAR", fixture.alice.id());
    assert!(outcome.logs().contains(&log.as_str()));
    let price = NearToken::from_millinear(200);
    let paid = before.saturating_sub(fixture.balance().await?);
    assert!(paid > price, "{paid}");
    assert!(paid < NearToken::from_millinear(400), "{paid}");
    assert!(outcome.json::<bool>()?);
    Ok(())
}
// ANCHOR_END: paying

/// Checks that a low deposit, a pause by an account that is not the owner, and a call of a callback
/// by one are refused.
pub async fn refusing(fixture: &Fixture) -> anyhow::Result<()> {
    let totals = fixture.view("get_stats").await?["totals"].clone();

    let poor = fixture
        .call("sign_guestbook")
        .args_json(json!({ "texts": ["Good morning"] }));
    assert_fails_with(&poor.transact().await?, "Attach at least 0.1 NEAR");

    let pause = fixture.call("pause").deposit(NearToken::from_yoctonear(1));
    assert_fails_with(&pause.transact().await?, "Only the owner may do this");

    let callback = fixture.call("query_greeting_callback");
    assert_fails_with(
        &callback.transact().await?,
        "Method query_greeting_callback is private",
    );

    assert_eq!(fixture.view("is_paused").await?, json!(false));
    assert_eq!(fixture.view("get_stats").await?["totals"], totals);
    Ok(())
}
// ANCHOR_END: all
