// ANCHOR: all
//! The first calls to another contract, on a chain: their results, their receipts, and their
//! failures.

use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{Gas, NearToken};
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, error_of, gas_cost, receipts, receipts_on};

// ---- The partners ----

#[tokio::test]
async fn partners_that_are_left_out_are_the_ones_on_testnet() -> anyhow::Result<()> {
    let world = World::without_init().await?;
    let outcome = world
        .app
        .call("new")
        .args_json(json!({}))
        .transact()
        .await?;
    outcome.into_result()?;

    let partners: Value = world.app.view("get_partners").await?.json()?;
    assert_eq!(
        partners,
        json!({
            "hello": "hello.near-examples.testnet",
            "counter": "counter.near-examples.testnet",
            "guestbook": "guestbook.near-examples.testnet",
        })
    );
    Ok(())
}

#[tokio::test]
async fn partners_that_are_named_are_kept() -> anyhow::Result<()> {
    let world = World::new().await?;

    let partners: Value = world.app.view("get_partners").await?.json()?;
    assert_eq!(
        partners,
        json!({
            "hello": world.hello.id(),
            "counter": world.counter.id(),
            "guestbook": world.guestbook.id(),
        })
    );
    Ok(())
}

#[tokio::test]
async fn a_second_initialization_is_refused() -> anyhow::Result<()> {
    let world = World::new().await?;
    let before: Value = world.app.view("get_partners").await?.json()?;

    let outcome = world
        .app
        .call("new")
        .args_json(json!({}))
        .transact()
        .await?;

    assert_fails_with(&outcome, "The contract has already been initialized");
    let after: Value = world.app.view("get_partners").await?.json()?;
    assert_eq!(after, before);
    Ok(())
}

#[tokio::test]
async fn another_account_cannot_choose_the_partners() -> anyhow::Result<()> {
    let world = World::without_init().await?;

    let outcome = world.call("new").args_json(json!({})).transact().await?;

    assert_fails_with(&outcome, "Method new is private");
    let error = world
        .app
        .view("get_partners")
        .await
        .expect_err("nobody has chosen the partners");
    let error = format!("{:#}", anyhow::Error::from(error));
    assert!(error.contains("The contract is not initialized"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_contract_that_is_not_initialized_calls_nobody() -> anyhow::Result<()> {
    let world = World::without_init().await?;

    let outcome = world.call("query_greeting").transact().await?;

    assert_fails_with(&outcome, "The contract is not initialized");
    assert_eq!(receipts(&outcome).len(), 1);
    Ok(())
}

// ---- A call that reads ----

// ANCHOR: test_query
#[tokio::test]
async fn a_query_returns_the_greeting() -> anyhow::Result<()> {
    let world = World::new().await?;
    world
        .alice
        .call(world.hello.id(), "set_greeting")
        .args_json(json!({ "greeting": "Good morning" }))
        .transact()
        .await?
        .into_result()?;

    let greeting: String = world.call("query_greeting").transact().await?.json()?;

    assert_eq!(greeting, "Good morning");
    Ok(())
}
// ANCHOR_END: test_query

// ANCHOR: test_three_blocks
#[tokio::test]
async fn a_query_takes_three_receipts_in_three_blocks() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world.call("query_greeting").transact().await?;

    let [call, query, callback] = receipts(&outcome)[..] else {
        panic!("not three receipts: {outcome:#?}");
    };
    assert_eq!(call.executor_id, *world.app.id());
    assert_eq!(query.executor_id, *world.hello.id());
    assert_eq!(callback.executor_id, *world.app.id());

    let first_block = world.height(call).await?;
    assert_eq!(world.height(query).await?, first_block + 1);
    assert_eq!(world.height(callback).await?, first_block + 2);
    Ok(())
}
// ANCHOR_END: test_three_blocks

// ANCHOR: test_predecessor
#[tokio::test]
async fn the_signer_stays_and_the_predecessor_changes() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world.call("query_greeting").transact().await?;

    assert_eq!(
        outcome.logs(),
        [
            "query_greeting runs on app.test.near, \
             called by alice.test.near, signed by alice.test.near",
            "query_greeting_callback runs on app.test.near, \
             called by app.test.near, signed by alice.test.near",
        ]
    );
    Ok(())
}
// ANCHOR_END: test_predecessor

// ANCHOR: test_gas
#[tokio::test]
async fn the_signer_pays_the_gas_of_every_receipt() -> anyhow::Result<()> {
    let world = World::new().await?;
    let accounts = [world.alice.id(), world.app.id(), world.hello.id()];
    let mut before = Vec::new();
    for account in accounts {
        before.push(world.balance(account).await?);
    }

    let outcome = world.call("query_greeting").transact().await?;

    let [alice, app, hello] = accounts;
    let paid = before[0].saturating_sub(world.balance(alice).await?);
    assert_eq!(paid, gas_cost(&outcome));
    assert_eq!(world.balance(app).await?, before[1]);
    assert_eq!(world.balance(hello).await?, before[2]);
    Ok(())
}
// ANCHOR_END: test_gas

// ANCHOR: test_query_fails
#[tokio::test]
async fn a_query_fails_when_the_account_of_hello_does_not_exist() -> anyhow::Result<()> {
    let world = World::without_init().await?;
    let init = world.app.call("new");
    init.args_json(json!({ "hello": "nobody.test.near" }))
        .transact()
        .await?
        .into_result()?;

    let outcome = world.call("query_greeting").transact().await?;

    let [call, query, callback] = receipts(&outcome)[..] else {
        panic!("not three receipts: {outcome:#?}");
    };
    assert!(call.is_success());
    assert!(error_of(query).contains("doesn't exist"));
    assert!(callback.is_failure());
    assert_fails_with(&outcome, "No greeting: promise result failed");
    Ok(())
}
// ANCHOR_END: test_query_fails

#[tokio::test]
async fn a_query_fails_when_the_partner_has_no_such_method() -> anyhow::Result<()> {
    let world = World::without_init().await?;
    let init = world.app.call("new");
    init.args_json(json!({ "hello": world.counter.id() }))
        .transact()
        .await?
        .into_result()?;

    let outcome = world.call("query_greeting").transact().await?;

    let [query] = receipts_on(&outcome, world.counter.id())[..] else {
        panic!("not one receipt on the counter: {outcome:#?}");
    };
    assert!(error_of(query).contains("MethodNotFound"));
    assert_fails_with(&outcome, "No greeting: promise result failed");
    Ok(())
}

#[tokio::test]
async fn a_query_fails_when_the_greeting_is_too_long() -> anyhow::Result<()> {
    let world = World::new().await?;
    let outcome = world
        .alice
        .call(world.hello.id(), "set_greeting")
        .args_json(json!({ "greeting": "x".repeat(2_000) }))
        .transact()
        .await?;
    outcome.into_result()?;

    let outcome = world.call("query_greeting").transact().await?;

    let [query] = receipts_on(&outcome, world.hello.id())[..] else {
        panic!("not one receipt on hello: {outcome:#?}");
    };
    assert!(query.is_success());
    assert_fails_with(&outcome, "No greeting: promise result too long: 2002 bytes");
    Ok(())
}

#[tokio::test]
async fn nobody_else_can_call_the_callbacks() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = world.call("query_greeting_callback").transact().await?;
    assert_fails_with(&outcome, "Method query_greeting_callback is private");

    let outcome = world.call("change_greeting_callback").transact().await?;
    assert_fails_with(&outcome, "Method change_greeting_callback is private");
    Ok(())
}

// ---- A call that changes something ----

#[tokio::test]
async fn a_change_sets_the_greeting_of_hello() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = change_greeting(&world, "Howdy").await?;

    assert_eq!(world.greeting().await?, "Howdy");
    let [change] = receipts_on(&outcome, world.hello.id())[..] else {
        panic!("not one receipt on hello: {outcome:#?}");
    };
    assert_eq!(change.logs, ["The greeting is now: Howdy"]);
    assert!(outcome.json::<bool>()?);
    Ok(())
}

// ANCHOR: test_change_fails
#[tokio::test]
async fn a_change_that_hello_refuses_returns_false() -> anyhow::Result<()> {
    let world = World::new().await?;

    // Hello logs its greeting, and this one is longer than a log may be.
    let outcome = change_greeting(&world, &"x".repeat(20_000)).await?;

    let [change] = receipts_on(&outcome, world.hello.id())[..] else {
        panic!("not one receipt on hello: {outcome:#?}");
    };
    assert!(error_of(change).contains("The length of a log message 20021 exceeds the limit 16384"));
    assert_eq!(world.greeting().await?, "Hello");
    assert_eq!(outcome.receipt_failures().len(), 1);
    assert!(outcome.logs().contains(&"Hello keeps its old greeting"));
    assert!(
        outcome.is_success(),
        "a failed call alone fails no transaction"
    );
    assert!(!outcome.json::<bool>()?);
    Ok(())
}
// ANCHOR_END: test_change_fails

#[tokio::test]
async fn with_too_little_gas_no_call_is_sent() -> anyhow::Result<()> {
    let world = World::new().await?;

    // Less than the static gas of the call and its callback.
    let outcome = world
        .call("change_greeting")
        .args_json(json!({ "new_greeting": "Howdy" }))
        .gas(Gas::from_tgas(9))
        .transact()
        .await?;

    assert_fails_with(&outcome, "Exceeded the prepaid gas");
    assert!(receipts_on(&outcome, world.hello.id()).is_empty());
    assert_eq!(world.greeting().await?, "Hello");
    Ok(())
}

#[tokio::test]
async fn a_deposit_to_a_method_that_is_not_payable_is_refunded() -> anyhow::Result<()> {
    let world = World::new().await?;
    let before = world.balance(world.alice.id()).await?;

    let outcome = world
        .call("query_greeting")
        .deposit(NearToken::from_near(1))
        .transact()
        .await?;

    assert_fails_with(&outcome, "Method query_greeting doesn't accept deposit");
    let paid = before.saturating_sub(world.balance(world.alice.id()).await?);
    assert_eq!(paid, gas_cost(&outcome));
    Ok(())
}

// ---- Helpers ----

async fn change_greeting(world: &World, greeting: &str) -> anyhow::Result<ExecutionFinalResult> {
    let outcome = world
        .call("change_greeting")
        .args_json(json!({ "new_greeting": greeting }))
        .transact()
        .await?;
    Ok(outcome)
}
// ANCHOR_END: all
