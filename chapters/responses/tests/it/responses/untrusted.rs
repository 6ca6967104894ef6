// ANCHOR: all
//! One untrusted contract, with each of its behaviours.

use near_workspaces::Contract;
use serde_json::{Value, json};

use crate::common::{World, error_of, receipts_on};
use crate::responses::{behave, call, untrusted};

/// Returns the result of a call to the untrusted contract, and the error of its receipt, if it has
/// failed.
async fn ask(world: &World, untrusted: &Contract) -> anyhow::Result<(Value, Option<String>)> {
    let outcome = call(
        world,
        "collect_greetings",
        json!({ "accounts": [untrusted.id()] }),
    )
    .await?;

    let [receipt] = receipts_on(&outcome, untrusted.id())[..] else {
        panic!("not one receipt on the untrusted contract: {outcome:#?}");
    };
    let error = receipt.is_failure().then(|| error_of(receipt));
    let results: Value = outcome.json()?;
    Ok((results[0]["result"].clone(), error))
}

#[tokio::test]
async fn the_value_of_an_untrusted_contract_that_behaves_well_is_returned() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = untrusted(&world, "rogue", json!("well")).await?;

    let (result, error) = ask(&world, &rogue).await?;

    assert_eq!(result, json!({ "value": "Hello" }));
    assert_eq!(error, None);
    Ok(())
}

#[tokio::test]
async fn a_call_that_fails_is_a_failure() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = untrusted(&world, "rogue", json!("well")).await?;

    for (behaviour, reason) in [
        (json!("panic"), "I panic, as I was told to"),
        (json!("burn_all_gas"), "Exceeded the prepaid gas"),
    ] {
        behave(&rogue, behaviour).await?;
        let (result, error) = ask(&world, &rogue).await?;

        assert_eq!(result, json!("failed"));
        let error = error.expect("the call fails");
        assert!(error.contains(reason), "`{reason}` is not in `{error}`");
    }
    Ok(())
}

#[tokio::test]
async fn a_value_that_is_not_a_text_is_unreadable() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = untrusted(&world, "rogue", json!("well")).await?;

    for behaviour in ["return_garbage", "return_other_type", "return_nothing"] {
        behave(&rogue, json!(behaviour)).await?;
        let (result, error) = ask(&world, &rogue).await?;

        assert_eq!(result, json!("unreadable"), "{behaviour}");
        assert_eq!(error, None, "the call itself succeeds");
    }
    Ok(())
}

#[tokio::test]
async fn a_value_that_is_too_long_is_not_read() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = untrusted(&world, "rogue", json!({ "return_bytes": 1_025 })).await?;

    let (result, error) = ask(&world, &rogue).await?;

    assert_eq!(result, json!({ "too_long": 1_025 }));
    assert_eq!(error, None, "the call itself succeeds");
    Ok(())
}

#[tokio::test]
async fn a_value_with_a_fault_is_refused() -> anyhow::Result<()> {
    let world = World::new().await?;
    // A text of 101 characters, and its quotes.
    let rogue = untrusted(&world, "rogue", json!({ "return_bytes": 103 })).await?;

    let (result, _error) = ask(&world, &rogue).await?;

    assert_eq!(result, json!({ "refused": "too_many_characters" }));
    Ok(())
}

#[tokio::test]
async fn an_untrusted_contract_that_calls_back_cannot_call_the_callback() -> anyhow::Result<()> {
    let world = World::new().await?;
    let forged = json!({ "call_back": {
        "method": "collect_greetings_callback",
        "args": r#"{"accounts":[]}"#,
        "deposit_yocto": "0",
    }});
    let rogue = untrusted(&world, "rogue", forged).await?;

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
