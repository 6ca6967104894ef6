// ANCHOR: all
//! A callback does not conclude from the result of a method whether its deposit was refunded.

use serde_json::json;

use crate::money::{Fixture, PRICE, call, cents};

/// Makes the rogue keep deposits and return a promise that fails.
async fn keep_and_fail(fixture: &Fixture) -> anyhow::Result<()> {
    let call_back = json!({ "method": "no_such_method", "args": "{}", "deposit_yocto": "0" });
    fixture.behave(json!({ "call_back": call_back })).await
}

#[tokio::test]
async fn a_method_that_returns_a_failing_promise_keeps_its_price() -> anyhow::Result<()> {
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
