//! The recordings of a real node, replayed through the clients: sent with near-workspaces, read over JSON-RPC.
//!
//! `chain/tests/it/oracle.rs` does the same inside the process. Everything that differs between protocols 78 and
//! 88 is masked as there. Three further things are compared here of which only a part differs between the
//! protocols (chain/SPEC.md §0): the gas that the transaction itself burnt, the gas that a receipt burnt outside
//! the virtual machine, and the deposits that each account got.

#[path = "../../../../chain/tests/it/oracle/mask.rs"]
mod mask;
mod observation;
mod replay;
mod spent;
mod status;

use anyhow::Context;
use observation::{Change, Observation};
use serde_json::{Value, json};

use crate::heavy;

const RECORDED: &str = include_str!("../../../../chain/tests/fixtures/neard-78.jsonl");
const SCENARIOS: usize = 86;

#[tokio::test]
async fn every_recording_of_a_real_node_is_equal_through_the_clients() -> anyhow::Result<()> {
    let _alone = heavy::alone().await;
    let mut chain = replay::Chain::new().await?;
    let mut differences = Vec::new();
    let mut replayed = Vec::new();
    for line in RECORDED.lines() {
        let scenario: Value = serde_json::from_str(line)?;
        let name = scenario["name"].as_str().context("a name")?;
        let recorded = recorded(&scenario)?;
        let ours = chain
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
        "recorded != observed:\n{}",
        differences.join("\n")
    );
    assert_eq!(replayed.len(), SCENARIOS);
    sandbox_clients::recorded("sandbox-scenarios", &listed(&replayed))
}

/// Returns the names of the replayed scenarios, for the page.
fn listed(replayed: &[String]) -> String {
    let (random, named): (Vec<_>, Vec<_>) = replayed
        .iter()
        .partition(|name| name.starts_with("random_"));
    let mut lines = format!("{} scenarios compared, all equal:\n", replayed.len());
    for name in named {
        lines.push_str(&format!("  {}\n", name.replace('_', " ")));
    }
    lines.push_str(&format!("  and {} random programs\n", random.len()));
    lines
}

fn recorded(scenario: &Value) -> anyhow::Result<Observation> {
    let recorded = scenario["change"].as_object().context("changes")?;
    let changes = recorded
        .iter()
        .map(|(account, change)| {
            let amount = change["amount"].as_str().context("an amount")?.parse()?;
            let storage = change["storage"].as_i64().context("a size")?;
            Ok((account.clone(), Change { amount, storage }))
        })
        .collect::<anyhow::Result<_>>()?;
    let transaction = scenario["seen"].clone();
    Ok(Observation {
        transaction,
        changes,
    })
}

/// Returns the difference between two observations, in the part that the protocols have in common.
fn difference(name: &str, a: &Observation, b: &Observation) -> anyhow::Result<Option<String>> {
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

/// Returns an observation in the form that the mask needs, each receipt with the gas that it burnt outside the
/// virtual machine.
fn comparable(observed: &Observation) -> anyhow::Result<Value> {
    let mut transaction = observed.transaction.clone();
    for receipt in transaction["receipts"].as_array_mut().context("receipts")? {
        receipt["burnt_apart_from_the_vm"] = spent::apart_from_the_vm(receipt)?;
        receipt["costs_nothing"] = json!(receipt["gas_price"] == "0");
    }
    transaction["storage"] = observed
        .changes
        .iter()
        .map(|(account, change)| (account.clone(), json!(change.storage)))
        .collect();
    Ok(transaction)
}
