//! The latency for a user of near-workspaces: `cargo bench --profile dev`.
//!
//! The benchmark prints the median of some rounds, and asserts nothing. `BLESS=1` writes the figure of the
//! page.

use std::time::{Duration, Instant};

use anyhow::Context;
use near_workspaces::network::Sandbox;
use near_workspaces::types::{Gas, KeyType, SecretKey};
use near_workspaces::{Contract, Worker};
use sandbox_clients::fixture_wasm;
use serde_json::{Value, json};

const ROUNDS: usize = 21;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    // The first start may build the sandbox.
    start().await?;
    let mut lines = String::new();
    let mut starts = Vec::new();
    for _ in 0..ROUNDS {
        starts.push(start().await?);
    }
    lines += &line("start to first answer", starts)?;

    let worker = near_workspaces::sandbox().await?;
    let mut contracts = Vec::new();
    for name in ["p0", "p1", "p2", "p3"] {
        contracts.push(deploy(&worker, name).await?);
    }
    let caller = &contracts[0];
    for (title, program) in [
        ("call, partner, callback", call_and_callback()),
        ("three calls in parallel, callback", three_in_parallel()),
    ] {
        // The first call compiles the contract.
        call(caller, &program).await?;
        let mut calls = Vec::new();
        for _ in 0..ROUNDS {
            calls.push(call(caller, &program).await?);
        }
        lines += &line(title, calls)?;
    }
    print!("{lines}");
    sandbox_clients::measured("sandbox-speed-for-clients", &lines)
}

async fn start() -> anyhow::Result<Duration> {
    let start = Instant::now();
    let worker = near_workspaces::sandbox().await?;
    worker.view_block().await?;
    Ok(start.elapsed())
}

async fn deploy(worker: &Worker<Sandbox>, name: &str) -> anyhow::Result<Contract> {
    let key = SecretKey::from_seed(KeyType::ED25519, name);
    let contract = worker
        .create_root_account_subaccount_and_deploy(name.parse()?, key, &fixture_wasm("probe")?)
        .await?;
    Ok(contract.into_result()?)
}

/// Runs one transaction, and returns the time from sending it to the result with all its outcomes.
async fn call(contract: &Contract, program: &Value) -> anyhow::Result<Duration> {
    let call = contract
        .call("run")
        .args_json(json!({ "program": program }))
        .gas(Gas::from_tgas(300));
    let start = Instant::now();
    let outcome = call.transact().await?;
    let taken = start.elapsed();
    outcome.into_result()?;
    Ok(taken)
}

fn call_and_callback() -> Value {
    json!([
        create("p1"),
        {"then": {"after": 0, "to": "p0.test.near", "actions": [callback()]}},
        {"return_promise": {"of": 1}},
    ])
}

fn three_in_parallel() -> Value {
    json!([
        create("p1"),
        create("p2"),
        create("p3"),
        {"and": {"of": [0, 1, 2]}},
        {"then": {"after": 3, "to": "p0.test.near", "actions": [callback()]}},
        {"return_promise": {"of": 4}},
    ])
}

fn create(partner: &str) -> Value {
    let action = json!({"run": {"program": [{"return": {"text": "7"}}], "tgas": 20}});
    json!({"create": {"to": format!("{partner}.test.near"), "actions": [action]}})
}

fn callback() -> Value {
    json!({"run": {"program": ["return_results"], "tgas": 20}})
}

fn line(title: &str, mut taken: Vec<Duration>) -> anyhow::Result<String> {
    taken.sort();
    let median = taken.get(taken.len() / 2).context("there were rounds")?;
    Ok(format!(
        "{:>9.2} ms  {title}\n",
        median.as_secs_f64() * 1_000.0
    ))
}
