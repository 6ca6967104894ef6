// ANCHOR: all
//! Calls to contracts that nobody vouches for, on a chain.

mod breaker;
mod cache;
mod greetings;
mod measure;
mod shapes;
mod survey;
mod untrusted;
mod watch;

use near_workspaces::Contract;
use near_workspaces::result::ExecutionFinalResult;
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, deploy, partner_wasm};

// ANCHOR: untrusted
/// Deploys a contract with this behaviour in all methods to `<name>.test.near`.
async fn untrusted(world: &World, name: &str, behaviour: Value) -> anyhow::Result<Contract> {
    let untrusted = deploy(&world.worker, name, &partner_wasm("rogue")?).await?;
    behave(&untrusted, behaviour).await?;
    Ok(untrusted)
}

/// Changes its behaviour.
async fn behave(untrusted: &Contract, behaviour: Value) -> anyhow::Result<()> {
    untrusted
        .call("behave")
        .args_json(json!({ "behaviour": behaviour }))
        .transact()
        .await?
        .into_result()?;
    Ok(())
}
// ANCHOR_END: untrusted

/// Deploys another hello with this greeting to `<name>.test.near`.
async fn another_hello(world: &World, name: &str, greeting: &str) -> anyhow::Result<Contract> {
    let hello = deploy(&world.worker, name, &partner_wasm("hello")?).await?;
    greet_with(&hello, greeting).await?;
    Ok(hello)
}

/// Sets the greeting of hello.
async fn greet_with(hello: &Contract, greeting: &str) -> anyhow::Result<()> {
    hello
        .call("set_greeting")
        .args_json(json!({ "greeting": greeting }))
        .transact()
        .await?
        .into_result()?;
    Ok(())
}

/// Calls our contract as alice.
async fn call(world: &World, method: &str, args: Value) -> anyhow::Result<ExecutionFinalResult> {
    Ok(world.call(method).args_json(args).transact().await?)
}

#[tokio::test]
async fn nobody_else_can_call_the_callbacks() -> anyhow::Result<()> {
    let world = World::new().await?;

    for method in [
        "inspect_results_callback",
        "collect_greetings_callback",
        "measure_result_callback",
        "survey_numbers_callback",
        "ask_watched_callback",
        "ask_cached_callback",
    ] {
        let outcome = world.call(method).transact().await?;
        assert_fails_with(&outcome, &format!("Method {method} is private"));
    }
    Ok(())
}
// ANCHOR_END: all
