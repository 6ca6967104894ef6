//! The call without money.

use serde_json::json;

use crate::world::{World, assert_fails_with};

#[tokio::test]
async fn a_count_ends_with_the_number_of_messages() -> anyhow::Result<()> {
    let world = World::new().await?;
    let message = world.alice.call(world.guestbook.id(), "add_message");
    let message = message.args_json(json!({ "text": "Hello" }));
    message.transact().await?.into_result()?;

    let count: u32 = world
        .call("count_messages", json!({}))
        .transact()
        .await?
        .json()?;

    assert_eq!(count, 1);
    Ok(())
}

#[tokio::test]
async fn a_guestbook_that_fails_is_an_error_of_the_call() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.behave(json!("panic")).await?;

    let outcome = world.call("count_messages", json!({})).transact().await?;

    assert_fails_with(&outcome, "No number of messages: promise result failed");
    Ok(())
}

#[tokio::test]
async fn nobody_else_calls_what_is_private() -> anyhow::Result<()> {
    let world = World::new().await?;

    for method in [
        "count_messages_callback",
        "sign_guestbook_callback",
        "pay_callback",
        "migrate",
        "check_upgrade",
    ] {
        let outcome = world.call(method, json!({})).transact().await?;
        assert_fails_with(&outcome, &format!("Method {method} is private"));
    }
    Ok(())
}
