// ANCHOR: all
//! Three contracts in parallel.

use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, error_of, receipts_on};
use crate::parallel::{count_to, world_with_rogue_as};

// ANCHOR: test_same_block
#[tokio::test]
async fn three_partners_run_in_one_block_and_the_callback_once_after_them() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world.call("overview").transact().await?;

    let [call, callback] = receipts_on(&outcome, world.app.id())[..] else {
        panic!("not one callback: {outcome:#?}");
    };
    let first_block = world.height(call).await?;
    for partner in [&world.hello, &world.counter, &world.guestbook] {
        let [asked] = receipts_on(&outcome, partner.id())[..] else {
            panic!("not one receipt on {}: {outcome:#?}", partner.id());
        };
        assert_eq!(world.height(asked).await?, first_block + 1);
    }
    assert_eq!(world.height(callback).await?, first_block + 2);
    Ok(())
}
// ANCHOR_END: test_same_block

#[tokio::test]
async fn the_overview_contains_all_three_values() -> anyhow::Result<()> {
    let world = World::new().await?;
    count_to(&world, 3).await?;
    let message = world.alice.call(world.guestbook.id(), "add_message");
    let message = message.args_json(json!({ "text": "Good morning" }));
    message.transact().await?.into_result()?;

    let outcome = world.call("overview").transact().await?;

    assert_eq!(
        outcome.json::<Value>()?,
        json!({
            "greeting": { "value": "Hello" },
            "number": { "value": 3 },
            "messages": { "value": [
                { "premium": false, "sender": "alice.test.near", "text": "Good morning" },
            ] },
        })
    );
    Ok(())
}

#[tokio::test]
async fn an_empty_value_is_not_a_failure() -> anyhow::Result<()> {
    let world = World::new().await?;
    let set = world.hello.call("set_greeting");
    let set = set.args_json(json!({ "greeting": "" }));
    set.transact().await?.into_result()?;

    let outcome = world.call("overview").transact().await?;

    assert_eq!(
        outcome.json::<Value>()?,
        json!({
            "greeting": { "value": "" },
            "number": { "value": 0 },
            "messages": { "value": [] },
        })
    );
    Ok(())
}

// ANCHOR: test_missing
#[tokio::test]
async fn a_partner_that_fails_does_not_affect_the_other_results() -> anyhow::Result<()> {
    for (behaviour, result) in [
        (json!("panic"), json!("failed")),
        (json!("burn_all_gas"), json!("failed")),
        (
            json!({ "return_bytes": 5_000 }),
            json!({ "too_long": 5_000 }),
        ),
    ] {
        let world = world_with_rogue_as("counter", behaviour).await?;

        let outcome = world.call("overview").transact().await?;

        assert_eq!(
            outcome.json::<Value>()?,
            json!({
                "greeting": { "value": "Hello" },
                "number": result,
                "messages": { "value": [] },
            })
        );
    }
    Ok(())
}
// ANCHOR_END: test_missing

#[tokio::test]
async fn a_value_of_another_type_makes_the_callback_fail() -> anyhow::Result<()> {
    let world = world_with_rogue_as("counter", json!("return_other_type")).await?;

    let outcome = world.call("overview").transact().await?;

    assert_fails_with(&outcome, "Failed to deserialize callback using JSON");
    let [_, callback] = receipts_on(&outcome, world.app.id())[..] else {
        panic!("not one callback: {outcome:#?}");
    };
    assert!(error_of(callback).contains("expected i8"));
    assert!(
        callback.logs.is_empty(),
        "the body of the callback never runs"
    );
    Ok(())
}

// ANCHOR: test_order
#[tokio::test]
async fn the_results_are_in_the_order_of_the_join_and_not_of_arrival() -> anyhow::Result<()> {
    // The first partner calls us back before it returns.
    let back = json!({ "method": "query_greeting", "args": "{}", "deposit_yocto": "0" });
    let world = world_with_rogue_as("hello", json!({ "call_back": back })).await?;
    count_to(&world, 3).await?;

    let outcome = world.call("overview").transact().await?;

    let [call, query, query_callback, callback] = receipts_on(&outcome, world.app.id())[..] else {
        panic!("not four receipts of ours: {outcome:#?}");
    };
    let [asked] = receipts_on(&outcome, world.counter.id())[..] else {
        panic!("not one receipt on the counter: {outcome:#?}");
    };
    let first_block = world.height(call).await?;
    let mut blocks = Vec::new();
    for receipt in [asked, query, query_callback, callback] {
        blocks.push(world.height(receipt).await? - first_block);
    }
    // The counter has finished when the first partner has only begun.
    assert_eq!(blocks, [1, 2, 4, 5]);
    let overview: Value = outcome.json()?;
    assert_eq!(overview["greeting"], json!({ "value": "Hello" }));
    assert_eq!(overview["number"], json!({ "value": 3 }));
    Ok(())
}
// ANCHOR_END: test_order
// ANCHOR_END: all
