// ANCHOR: all
//! One stranger, and each way in which it can misbehave.

use near_workspaces::Contract;
use serde_json::{Value, json};

use crate::common::{World, error_of, receipts_on};
use crate::{behave, call, stranger};

/// What becomes of a question to the stranger, and the error of its receipt, if it has one.
async fn ask(world: &World, stranger: &Contract) -> anyhow::Result<(Value, Option<String>)> {
    let outcome = call(
        world,
        "collect_greetings",
        json!({ "accounts": [stranger.id()] }),
    )
    .await?;

    let [receipt] = receipts_on(&outcome, stranger.id())[..] else {
        panic!("not one receipt on the stranger: {outcome:#?}");
    };
    let error = receipt.is_failure().then(|| error_of(receipt));
    let answers: Value = outcome.json()?;
    Ok((answers[0]["result"].clone(), error))
}

#[tokio::test]
async fn one_that_behaves_well_is_an_answer() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = stranger(&world, "rogue", json!("well")).await?;

    let (outcome, error) = ask(&world, &rogue).await?;

    assert_eq!(outcome, json!({ "value": "Hello" }));
    assert_eq!(error, None);
    Ok(())
}

#[tokio::test]
async fn one_whose_call_fails_has_failed() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = stranger(&world, "rogue", json!("well")).await?;

    for (behaviour, reason) in [
        (json!("panic"), "I panic, as I was told to"),
        (json!("burn_all_gas"), "Exceeded the prepaid gas"),
    ] {
        behave(&rogue, behaviour).await?;
        let (outcome, error) = ask(&world, &rogue).await?;

        assert_eq!(outcome, json!("failed"));
        let error = error.expect("the call fails");
        assert!(error.contains(reason), "`{reason}` is not in `{error}`");
    }
    Ok(())
}

#[tokio::test]
async fn one_whose_answer_is_no_text_is_unreadable() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = stranger(&world, "rogue", json!("well")).await?;

    for behaviour in ["return_garbage", "return_other_type", "return_nothing"] {
        behave(&rogue, json!(behaviour)).await?;
        let (outcome, error) = ask(&world, &rogue).await?;

        assert_eq!(outcome, json!("unreadable"), "{behaviour}");
        assert_eq!(error, None, "the call itself succeeds");
    }
    Ok(())
}

#[tokio::test]
async fn one_that_answers_too_much_is_not_read() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = stranger(&world, "rogue", json!({ "return_bytes": 1_025 })).await?;

    let (outcome, error) = ask(&world, &rogue).await?;

    assert_eq!(outcome, json!({ "too_long": 1_025 }));
    assert_eq!(error, None, "the call itself succeeds");
    Ok(())
}

#[tokio::test]
async fn one_whose_answer_can_be_read_may_still_be_refused() -> anyhow::Result<()> {
    let world = World::new().await?;
    // A text of 101 characters, and its quotes.
    let rogue = stranger(&world, "rogue", json!({ "return_bytes": 103 })).await?;

    let (outcome, _error) = ask(&world, &rogue).await?;

    assert_eq!(outcome, json!({ "refused": "too_many_characters" }));
    Ok(())
}

#[tokio::test]
async fn one_that_calls_back_cannot_play_the_callback() -> anyhow::Result<()> {
    let world = World::new().await?;
    let forged = json!({ "call_back": {
        "method": "collect_greetings_callback",
        "args": r#"{"accounts":[]}"#,
        "deposit_yocto": "0",
    }});
    let rogue = stranger(&world, "rogue", forged).await?;

    let outcome = call(
        &world,
        "collect_greetings",
        json!({ "accounts": [rogue.id()] }),
    )
    .await?;

    let refused = receipts_on(&outcome, world.app.id())
        .into_iter()
        .find(|receipt| receipt.is_failure())
        .expect("the call back fails");
    assert!(error_of(refused).contains("Method collect_greetings_callback is private"));
    assert_eq!(
        outcome.json::<Value>()?,
        json!([{ "account_id": "rogue.test.near", "result": "failed" }])
    );
    Ok(())
}
// ANCHOR_END: all
