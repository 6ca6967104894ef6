// ANCHOR: all
//! A callback takes no answer of a call for the fate of its money.

use serde_json::json;

use crate::{Fixture, PRICE, call, cents};

/// Tells the rogue to keep what it gets, and to hand its answer over to a promise that fails.
async fn keep_and_fail(fixture: &Fixture) -> anyhow::Result<()> {
    let call_back = json!({ "method": "no_such_method", "args": "{}", "deposit_yocto": "0" });
    fixture.behave(json!({ "call_back": call_back })).await
}

#[tokio::test]
async fn a_receipt_without_answer_tells_what_became_of_the_money() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;
    keep_and_fail(&fixture).await?;
    let before = fixture.money().await?;

    let args = json!({ "guestbooks": [fixture.rogue.id()], "text": "Hello" });
    let outcome = call(
        &fixture.world.alice,
        &fixture.world,
        "sign_guestbooks",
        args,
    )
    .deposit(PRICE)
    .transact()
    .await?;

    assert_eq!(
        outcome.clone().json::<serde_json::Value>()?,
        json!([{ "guestbook": "rogue.test.near", "signed": true }])
    );
    assert_eq!(
        fixture.changes(&before, &[&outcome]).await?,
        [cents("alice", -10), cents("rogue", 10)]
    );
    Ok(())
}
// ANCHOR_END: all
