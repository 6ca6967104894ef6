// ANCHOR: all
//! Calls to many accounts for their greeting.

use near_workspaces::types::Gas;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, error_of, receipts, receipts_on};
use crate::responses::{another_hello, call, greet_with, untrusted};

// ANCHOR: test_collect
#[tokio::test]
async fn each_result_has_its_account() -> anyhow::Result<()> {
    let world = World::new().await?;
    another_hello(&world, "empty", "").await?;
    another_hello(&world, "long", &"x".repeat(2_000)).await?;
    another_hello(&world, "lines", "one\ntwo").await?;
    untrusted(&world, "rogue", json!("return_garbage")).await?;

    let accounts = [
        "nobody.test.near",
        "empty.test.near",
        "long.test.near",
        "hello.test.near",
        "rogue.test.near",
        "lines.test.near",
    ];
    let outcome = call(&world, "collect_greetings", json!({ "accounts": accounts })).await?;

    assert_eq!(
        outcome.json::<Value>()?,
        json!([
            { "account_id": "nobody.test.near", "result": "failed" },
            { "account_id": "empty.test.near", "result": { "value": "" } },
            { "account_id": "long.test.near", "result": { "too_long": 2_002 } },
            { "account_id": "hello.test.near", "result": { "value": "Hello" } },
            { "account_id": "rogue.test.near", "result": "unreadable" },
            { "account_id": "lines.test.near", "result": { "refused": "strange_character" } },
        ])
    );
    Ok(())
}
// ANCHOR_END: test_collect

#[tokio::test]
async fn all_are_called_in_the_same_block_and_the_callback_runs_once() -> anyhow::Result<()> {
    let world = World::new().await?;
    let one = another_hello(&world, "one", "One").await?;

    let accounts = [world.hello.id(), one.id()];
    let outcome = call(&world, "collect_greetings", json!({ "accounts": accounts })).await?;

    let [first, hello, other, callback] = receipts(&outcome)[..] else {
        panic!("not four receipts: {outcome:#?}");
    };
    assert_eq!(hello.executor_id, *world.hello.id());
    assert_eq!(other.executor_id, *one.id());
    let first_block = world.height(first).await?;
    assert_eq!(world.height(hello).await?, first_block + 1);
    assert_eq!(world.height(other).await?, first_block + 1);
    assert_eq!(world.height(callback).await?, first_block + 2);
    Ok(())
}

#[tokio::test]
async fn an_account_may_be_called_twice() -> anyhow::Result<()> {
    let world = World::new().await?;

    let accounts = [world.hello.id(), world.hello.id()];
    let outcome = call(&world, "collect_greetings", json!({ "accounts": accounts })).await?;

    assert_eq!(receipts_on(&outcome, world.hello.id()).len(), 2);
    let hello = json!({ "account_id": "hello.test.near", "result": { "value": "Hello" } });
    assert_eq!(outcome.json::<Value>()?, json!([hello, hello]));
    Ok(())
}

#[tokio::test]
async fn a_call_to_our_own_account_fails() -> anyhow::Result<()> {
    let world = World::new().await?;

    let outcome = call(
        &world,
        "collect_greetings",
        json!({ "accounts": [world.app.id()] }),
    )
    .await?;

    let [_first, query, _callback] = receipts_on(&outcome, world.app.id())[..] else {
        panic!("not three receipts on our contract: {outcome:#?}");
    };
    assert!(error_of(query).contains("MethodNotFound"));
    assert_eq!(
        outcome.json::<Value>()?,
        json!([{ "account_id": "app.test.near", "result": "failed" }])
    );
    Ok(())
}

// ANCHOR: test_most_expensive
#[tokio::test]
async fn the_static_gas_of_the_callback_is_enough_for_the_most_expensive_results()
-> anyhow::Result<()> {
    let world = World::new().await?;
    // The longest accepted greeting, of four bytes for each character: it is read, checked and
    // returned.
    let greeting = "𝔊".repeat(100);
    greet_with(&world.hello, &greeting).await?;

    let accounts = vec![world.hello.id(); 20];
    let outcome = call(&world, "collect_greetings", json!({ "accounts": accounts })).await?;

    let [_first, callback] = receipts_on(&outcome, world.app.id())[..] else {
        panic!("not two receipts on our contract: {outcome:#?}");
    };
    // 5 Tgas, and 0.25 for each result.
    assert!(callback.gas_burnt < Gas::from_tgas(5 + 5));
    let value = json!({ "value": greeting });
    let each = json!({ "account_id": "hello.test.near", "result": value });
    assert_eq!(outcome.json::<Value>()?, json!(vec![each; 20]));
    Ok(())
}
// ANCHOR_END: test_most_expensive

#[tokio::test]
async fn beyond_the_bound_the_length_of_a_value_costs_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rogue = untrusted(&world, "rogue", json!({ "return_bytes": 60_000 })).await?;

    let accounts = vec![rogue.id(); 20];
    let outcome = call(&world, "collect_greetings", json!({ "accounts": accounts })).await?;

    let [_first, callback] = receipts_on(&outcome, world.app.id())[..] else {
        panic!("not two receipts on our contract: {outcome:#?}");
    };
    assert!(callback.gas_burnt < Gas::from_tgas(5));
    let too_long = json!({ "too_long": 60_000 });
    let each = json!({ "account_id": "rogue.test.near", "result": too_long });
    assert_eq!(outcome.json::<Value>()?, json!(vec![each; 20]));
    Ok(())
}

#[tokio::test]
async fn the_static_gas_of_a_call_bounds_its_value() -> anyhow::Result<()> {
    let world = World::new().await?;
    // To return this many bytes needs more than 5 Tgas.
    let rogue = untrusted(&world, "rogue", json!({ "return_bytes": 80_000 })).await?;

    let outcome = call(
        &world,
        "collect_greetings",
        json!({ "accounts": [rogue.id()] }),
    )
    .await?;

    let [query] = receipts_on(&outcome, rogue.id())[..] else {
        panic!("not one receipt on the untrusted contract: {outcome:#?}");
    };
    assert!(error_of(query).contains("Exceeded the prepaid gas"));
    assert_eq!(
        outcome.json::<Value>()?,
        json!([{ "account_id": "rogue.test.near", "result": "failed" }])
    );
    Ok(())
}

#[tokio::test]
async fn an_empty_list_and_a_long_one_are_refused_before_a_call_is_sent() -> anyhow::Result<()> {
    let world = World::new().await?;

    for (number, error) in [
        (0, "Name at least one account"),
        (21, "Name 20 accounts at most"),
    ] {
        let accounts = vec![world.hello.id(); number];
        let outcome = call(&world, "collect_greetings", json!({ "accounts": accounts })).await?;

        assert_fails_with(&outcome, error);
        assert_eq!(receipts(&outcome).len(), 1);
    }
    Ok(())
}
// ANCHOR_END: all
