// ANCHOR: all
//! One call, and three that wait for it.

use near_workspaces::result::ExecutionFinalResult;
use serde_json::{Value, json};

use crate::common::{World, error_of, receipts_on};

#[tokio::test]
async fn the_calls_run_one_block_after_the_change_and_see_it() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = change(&world, "Howdy").await?;

    let [change, query] = receipts_on(&outcome, world.hello.id())[..] else {
        panic!("not two receipts on hello: {outcome:#?}");
    };
    let changed_in = world.height(change).await?;
    assert_eq!(world.height(query).await?, changed_in + 1);
    for partner in [&world.counter, &world.guestbook] {
        let [asked] = receipts_on(&outcome, partner.id())[..] else {
            panic!("not one receipt on {}: {outcome:#?}", partner.id());
        };
        assert_eq!(world.height(asked).await?, changed_in + 1);
    }
    assert_eq!(world.greeting().await?, "Howdy");
    assert_eq!(outcome.json::<Value>()?["greeting"]["value"], "Howdy");
    Ok(())
}

#[tokio::test]
async fn the_calls_run_even_when_the_change_fails() -> anyhow::Result<()> {
    let world = World::new().await?;

    // Hello logs its greeting, and this one is longer than a log may be.
    let outcome = change(&world, &"x".repeat(20_000)).await?;

    let [change, _query] = receipts_on(&outcome, world.hello.id())[..] else {
        panic!("not two receipts on hello: {outcome:#?}");
    };
    assert!(error_of(change).contains("Action #0"));
    assert_eq!(world.greeting().await?, "Hello");
    assert_eq!(
        outcome.json::<Value>()?,
        json!({
            "greeting": { "value": "Hello" },
            "number": { "value": 0 },
            "messages": { "value": [] },
        })
    );
    Ok(())
}

async fn change(world: &World, greeting: &str) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("change_greeting_then_overview")
        .args_json(json!({ "new_greeting": greeting }))
        .transact()
        .await?;
    Ok(outcome)
}
// ANCHOR_END: all
