// ANCHOR: all
//! A survey of counters: the summary, and the accounts without a value.

use near_workspaces::Contract;
use near_workspaces::result::ExecutionFinalResult;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, deploy, partner_wasm, receipts};
use crate::responses::{call, untrusted};

/// Deploys another counter with this number to `<name>.test.near`.
async fn another_counter(world: &World, name: &str, number: usize) -> anyhow::Result<Contract> {
    let counter = deploy(&world.worker, name, &partner_wasm("counter")?).await?;
    let mut steps = world.alice.batch(counter.id());
    for _ in 0..number {
        steps = steps.call(near_workspaces::operations::Function::new("increment"));
    }
    if number > 0 {
        steps.transact().await?.into_result()?;
    }
    Ok(counter)
}

async fn survey(
    world: &World,
    counters: &[&str],
    quorum: u32,
) -> anyhow::Result<ExecutionFinalResult> {
    let counters: Vec<String> = counters
        .iter()
        .map(|name| format!("{name}.test.near"))
        .collect();
    let args = json!({ "counters": counters, "quorum": quorum });
    call(world, "survey_numbers", args).await
}

// ANCHOR: test_survey
#[tokio::test]
async fn values_are_summarized_and_the_other_accounts_are_named() -> anyhow::Result<()> {
    let world = World::new().await?;
    another_counter(&world, "five", 5).await?;
    another_counter(&world, "nine", 9).await?;
    untrusted(&world, "rogue", json!("return_other_type")).await?;

    let outcome = survey(&world, &["nine", "nobody", "five", "rogue", "counter"], 3).await?;

    assert_eq!(
        outcome.json::<Value>()?,
        json!({
            "results": [
                { "account_id": "nine.test.near", "result": { "value": 9 } },
                { "account_id": "nobody.test.near", "result": "failed" },
                { "account_id": "five.test.near", "result": { "value": 5 } },
                { "account_id": "rogue.test.near", "result": "unreadable" },
                { "account_id": "counter.test.near", "result": { "value": 0 } },
            ],
            "missing": ["nobody.test.near", "rogue.test.near"],
            "result": { "numbers": { "count": 3, "lowest": 0, "median": 5, "highest": 9 } },
        })
    );
    Ok(())
}
// ANCHOR_END: test_survey

#[tokio::test]
async fn with_too_few_values_there_is_no_summary() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = survey(&world, &["counter", "nobody"], 2).await?;

    let survey: Value = outcome.json()?;
    assert_eq!(
        survey["result"],
        json!({ "too_few": { "count": 1, "quorum": 2 } })
    );
    assert_eq!(survey["results"][0]["result"], json!({ "value": 0 }));
    assert_eq!(survey["missing"], json!(["nobody.test.near"]));
    Ok(())
}

#[tokio::test]
async fn missing_accounts_can_be_asked_again() -> anyhow::Result<()> {
    let world = World::new().await?;
    let outcome = survey(&world, &["counter", "late"], 1).await?;
    let missing = outcome.json::<Value>()?["missing"].clone();
    another_counter(&world, "late", 2).await?;

    let args = json!({ "counters": missing, "quorum": 1 });
    let outcome = call(&world, "survey_numbers", args).await?;

    let survey: Value = outcome.json()?;
    assert_eq!(survey["missing"], json!([]));
    assert_eq!(survey["result"]["numbers"]["median"], json!(2));
    Ok(())
}

#[tokio::test]
async fn a_number_that_is_not_plausible_is_refused() -> anyhow::Result<()> {
    let world = World::new().await?;
    let high = another_counter(&world, "high", 100).await?;

    let within = survey(&world, &["high"], 1).await?;
    assert_eq!(
        within.json::<Value>()?["results"][0]["result"],
        json!({ "value": 100 })
    );

    high.call("increment").transact().await?.into_result()?;
    let beyond = survey(&world, &["high"], 1).await?;
    assert_eq!(
        beyond.json::<Value>()?["results"][0]["result"],
        json!({ "refused": "out_of_range" })
    );
    Ok(())
}

#[tokio::test]
async fn an_invalid_survey_is_refused_before_a_call_is_sent() -> anyhow::Result<()> {
    let world = World::new().await?;

    for (counters, quorum, error) in [
        (
            &["counter", "counter"][..],
            1,
            "Name each account only once",
        ),
        (&["counter"], 0, "The quorum is at least one"),
        (&["counter"], 2, "no more than there are accounts"),
    ] {
        let outcome = survey(&world, counters, quorum).await?;

        assert_fails_with(&outcome, error);
        assert_eq!(receipts(&outcome).len(), 1);
    }
    Ok(())
}
// ANCHOR_END: all
