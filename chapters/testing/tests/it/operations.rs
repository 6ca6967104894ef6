// ANCHOR: all
//! The operation of the contract, on a chain: its owner, its guard, and its monitoring.

mod config;
mod guard;
mod monitoring;
mod owner;
mod pause;

use near_workspaces::Account;
use near_workspaces::operations::CallTransaction;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::NearToken;
use serde_json::{Value, json};

use crate::common::World;

const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// Returns a call to our contract by its owner, which is its own account at first.
fn by_owner(world: &World, method: &str) -> CallTransaction {
    world.app.call(method).max_gas().deposit(ONE_YOCTO)
}

/// Creates one more user.
async fn bob(world: &World) -> anyhow::Result<Account> {
    let bob = world
        .worker
        .root_account()?
        .create_subaccount("bob")
        .initial_balance(NearToken::from_near(100))
        .transact()
        .await?;
    Ok(bob.into_result()?)
}

/// Returns the value of a view of our contract.
async fn view(world: &World, method: &str) -> anyhow::Result<Value> {
    Ok(world.app.view(method).await?.json()?)
}

/// Returns the events of our contract in the logs of a transaction: their names and their data.
fn events(outcome: &ExecutionFinalResult) -> Vec<(String, Value)> {
    outcome
        .logs()
        .into_iter()
        .filter_map(|log| log.strip_prefix("EVENT_JSON:"))
        .map(|event| serde_json::from_str(event).expect("an event is JSON"))
        .filter(|event: &Value| event["standard"] == "cross-contract-book")
        .map(|event| {
            let name = event["event"].as_str().expect("an event has a name");
            (name.to_string(), event["data"].clone())
        })
        .collect()
}

/// Checks that there is one event, with this name and this data.
fn assert_event(outcome: &ExecutionFinalResult, name: &str, data: Value) {
    assert_eq!(events(outcome), [(name.to_string(), data)]);
}

#[tokio::test]
async fn the_metadata_lists_the_standards_of_the_contract() -> anyhow::Result<()> {
    let world = World::new().await?;

    let metadata = view(&world, "contract_source_metadata").await?;

    assert_eq!(
        metadata["standards"],
        json!([
            { "standard": "nep330", "version": "1.3.0" },
            { "standard": "nep297", "version": "1.0.0" },
        ])
    );
    assert_eq!(metadata["version"], env!("CARGO_PKG_VERSION"));
    Ok(())
}
// ANCHOR_END: all
