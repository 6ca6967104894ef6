//! The recordings of a real node, replayed as a client would: sent with near-workspaces, read over
//! JSON-RPC.
//!
//! `chain/tests/it/oracle.rs` does the same inside the process. What protocols 78 and 88 cannot have in
//! common is masked as there. Beyond that, three things are compared here of which only a part differs
//! between the protocols (SPEC.md §0): what the transaction itself burnt, what a receipt burnt
//! apart from the virtual machine, and who ended up with whose deposit.

#[path = "../../../chain/tests/it/oracle/mask.rs"]
mod mask;
#[path = "oracle/observe.rs"]
mod observe;
#[path = "oracle/replay.rs"]
mod replay;
#[path = "oracle/spent.rs"]
mod spent;

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Value, json};

const RECORDED: &str = include_str!("../../../chain/tests/fixtures/neard-78.jsonl");
const SCENARIOS: usize = 86;

/// What was seen of a scenario, and what it changed in each account.
struct Observed {
    seen: Value,
    change: BTreeMap<String, Change>,
}

/// What became of an account's balance and storage.
struct Change {
    amount: i128,
    storage: i64,
}

#[tokio::test]
async fn every_recording_of_a_real_node_is_equal_through_the_clients() -> anyhow::Result<()> {
    let mut stage = replay::Stage::new().await?;
    let mut differences = Vec::new();
    let mut replayed = Vec::new();
    for line in RECORDED.lines() {
        let scenario: Value = serde_json::from_str(line)?;
        let name = scenario["name"].as_str().context("a name")?;
        let recorded = recorded(&scenario)?;
        let ours = stage
            .replay(&scenario)
            .await
            .with_context(|| name.to_owned())?;
        if let Some(difference) = difference(name, &recorded, &ours)? {
            differences.push(format!("{name}{difference}"));
        }
        replayed.push(name.to_owned());
    }
    assert!(
        differences.is_empty(),
        "recorded != seen:\n{}",
        differences.join("\n")
    );
    assert_eq!(replayed.len(), SCENARIOS);
    sandbox_clients::recorded("sandbox-scenarios", &told(&replayed))
}

/// What was replayed, for the page.
fn told(replayed: &[String]) -> String {
    let (random, named): (Vec<_>, Vec<_>) = replayed
        .iter()
        .partition(|name| name.starts_with("random_"));
    let mut told = format!("{} scenarios compared, all equal:\n", replayed.len());
    for name in named {
        told.push_str(&format!("  {}\n", name.replace('_', " ")));
    }
    told.push_str(&format!("  and {} random programs\n", random.len()));
    told
}

fn recorded(scenario: &Value) -> anyhow::Result<Observed> {
    let changes = scenario["change"].as_object().context("changes")?;
    let change = changes
        .iter()
        .map(|(account, change)| {
            let amount = change["amount"].as_str().context("an amount")?.parse()?;
            let storage = change["storage"].as_i64().context("a size")?;
            Ok((account.clone(), Change { amount, storage }))
        })
        .collect::<anyhow::Result<_>>()?;
    let seen = scenario["seen"].clone();
    Ok(Observed { seen, change })
}

/// Where two observations differ in what the protocols have in common.
fn difference(name: &str, a: &Observed, b: &Observed) -> anyhow::Result<Option<String>> {
    let in_receipts = mask::first_difference(
        &mask::masked(name, &comparable(a)?),
        &mask::masked(name, &comparable(b)?),
        String::new(),
    );
    if in_receipts.is_some() {
        return Ok(in_receipts);
    }
    let deposits = |observed, reward| spent::deposits(observed, reward).map(|moved| json!(moved));
    let (of_a, of_b) = (
        deposits(a, spent::Reward::ThirtyPercent)?,
        deposits(b, spent::Reward::None)?,
    );
    Ok(
        mask::first_difference(&of_a, &of_b, ".deposits".to_owned()).or_else(|| {
            let (of_a, of_b) = (spent::of_transaction(a), spent::of_transaction(b));
            mask::first_difference(&of_a, &of_b, ".transaction".to_owned())
        }),
    )
}

/// What was seen, in the form that the mask takes, each receipt with what it burnt of its own.
fn comparable(observed: &Observed) -> anyhow::Result<Value> {
    let mut seen = observed.seen.clone();
    for receipt in seen["receipts"].as_array_mut().context("receipts")? {
        receipt["burnt_apart_from_the_vm"] = spent::apart_from_the_vm(receipt)?;
        receipt["costs_nothing"] = json!(receipt["gas_price"] == "0");
    }
    seen["storage"] = observed
        .change
        .iter()
        .map(|(account, change)| (account.clone(), json!(change.storage)))
        .collect();
    Ok(seen)
}
