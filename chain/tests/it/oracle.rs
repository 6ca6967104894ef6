//! The recordings of a real node (protocol 78), replayed and compared.
//!
//! `oracle/mask.rs` masks the differences between the protocols. Everything else must be equal.

mod mask;

use std::collections::BTreeMap;

use chain::{Chain, Outcome};
use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::VersionedReceiptEnum;
use near_primitives::types::{Balance, Gas};
use near_primitives::views::{ActionView, ExecutionOutcomeView, ExecutionStatusView};
use serde_json::{Value, json};

use crate::test_chain::*;

const RECORDED: &str = include_str!("../fixtures/neard-78.jsonl");
const ACCOUNTS: [&str; 6] = ["alice", "bob", "p0", "p1", "p2", "p3"];

fn full(name: &str) -> String {
    format!("{name}.test.near")
}

fn make_account(chain: &mut Chain, name: &str) {
    create(chain, "test.near", &full(name), near(10_000));
    if name.starts_with('p') {
        deploy(chain, &full(name), PROBE);
    }
}

fn actions(recorded: &Value) -> Vec<Action> {
    let recorded = recorded.as_array().expect("a list of actions");
    recorded
        .iter()
        .map(|action| {
            let gas = Gas::from_teragas(action["tgas"].as_u64().unwrap_or(0));
            let yocto = action["yocto"].as_str().unwrap_or("0").parse().unwrap_or(0);
            let deposit = Balance::from_yoctonear(yocto);
            if let Some(statements) = action.get("run") {
                let args = json!({ "program": statements }).to_string();
                call("run", args, gas, deposit)
            } else if let Some(method) = action.get("call") {
                let args = action["args"].as_str().unwrap_or("").as_bytes();
                call(method.as_str().expect("a method"), args, gas, deposit)
            } else {
                let amount = action["transfer"].as_str().expect("an amount").parse();
                transfer(Balance::from_yoctonear(amount.expect("yoctoNEAR")))
            }
        })
        .collect()
}

/// Names each receipt by its path in the tree.
fn name_receipts(
    chain: &Chain,
    id: &CryptoHash,
    prefix: &str,
    names: &mut BTreeMap<CryptoHash, String>,
    order: &mut Vec<CryptoHash>,
) {
    for (index, child) in outcome(chain, id).outcome.receipt_ids.iter().enumerate() {
        let name = if prefix.is_empty() {
            index.to_string()
        } else {
            format!("{prefix}.{index}")
        };
        names.insert(*child, name.clone());
        if chain.outcome(child).is_some() {
            order.push(*child);
            name_receipts(chain, child, &name, names, order);
        }
    }
}

fn named_status(status: ExecutionStatusView, names: &BTreeMap<CryptoHash, String>) -> Value {
    match status {
        ExecutionStatusView::SuccessReceiptId(id) => json!({ "SuccessReceiptId": names[&id] }),
        status => json!(status),
    }
}

fn observe(chain: &Chain, hash: &CryptoHash) -> Value {
    let (mut names, mut order) = (BTreeMap::new(), Vec::new());
    name_receipts(chain, hash, "", &mut names, &mut order);
    let transaction = outcome(chain, hash);
    let first_block = transaction.block_height;
    let receipts: Vec<_> = order
        .iter()
        .map(|id| observe_receipt(chain, outcome(chain, id), &names, first_block))
        .collect();
    let view: ExecutionOutcomeView = transaction.outcome.clone().into();
    json!({
        "status": status(chain, hash),
        "transaction": {
            "status": named_status(view.status, &names),
            "executor": view.executor_id,
        },
        "receipts": receipts,
        "outcome_order": order.iter().map(|id| &names[id]).collect::<Vec<_>>(),
    })
}

fn observe_receipt(
    chain: &Chain,
    outcome: &Outcome,
    names: &BTreeMap<CryptoHash, String>,
    first_block: u64,
) -> Value {
    let receipt = chain
        .receipt(&outcome.id)
        .expect("an outcome's receipt is kept");
    let VersionedReceiptEnum::Action(action_receipt) = receipt.versioned_receipt() else {
        panic!("no recording has yields")
    };
    let actions: Vec<Value> = action_receipt
        .actions()
        .iter()
        .map(|action| {
            let mut action = json!(ActionView::from(action.clone()));
            if let Some(call) = action
                .get_mut("FunctionCall")
                .and_then(Value::as_object_mut)
            {
                call.remove("args");
            }
            action
        })
        .collect();
    let receivers = action_receipt.output_data_receivers();
    let view: ExecutionOutcomeView = outcome.outcome.clone().into();
    let profile: Vec<_> = view
        .metadata
        .gas_profile
        .unwrap_or_default()
        .iter()
        .map(|cost| json!([cost.cost, cost.gas_used.as_gas().to_string()]))
        .collect();
    json!({
        "receipt": names[&outcome.id],
        "from": receipt.predecessor_id(),
        "to": receipt.receiver_id(),
        "actions": actions,
        "inputs": action_receipt.input_data_ids().len(),
        "outputs": receivers.iter().map(|receiver| &receiver.receiver_id).collect::<Vec<_>>(),
        "signer": action_receipt.signer_id(),
        "executor": view.executor_id,
        "block": outcome.block_height - first_block,
        "status": named_status(view.status, names),
        "logs": view.logs,
        "profile": profile,
    })
}

fn storage(chain: &Chain) -> BTreeMap<&'static str, Option<i64>> {
    ACCOUNTS
        .iter()
        .map(|name| {
            let found = chain.head().state.account(&account(&full(name)));
            (*name, found.map(|account| account.storage_usage() as i64))
        })
        .collect()
}

/// Runs a recorded scenario, and returns its outcomes in the form of the recording.
fn replay(chain: &mut Chain, scenario: &Value) -> Value {
    let before = storage(chain);
    let from = full(scenario["signer"].as_str().expect("a signer"));
    let to = full(scenario["receiver"].as_str().expect("a receiver"));
    let signed = sign(chain, &from, &to, actions(&scenario["actions"]));
    let hash = chain
        .submit(signed)
        .expect("each recorded transaction was accepted");
    chain.produce_blocks_until_idle();
    let mut seen = observe(chain, &hash);
    let after = storage(chain);
    seen["storage"] = ACCOUNTS
        .iter()
        .filter_map(|name| Some((name.to_string(), json!(after[name]? - before[name]?))))
        .collect();
    if after["p3"].is_none() {
        make_account(chain, "p3");
    }
    seen
}

#[test]
fn every_recording_of_a_real_node_is_equal() {
    let mut chain = chain(&[("test.near", near(1_000_000)), ("near", near(1))]);
    ACCOUNTS
        .iter()
        .for_each(|name| make_account(&mut chain, name));
    let mut differences = Vec::new();
    for line in RECORDED.lines() {
        let scenario: Value = serde_json::from_str(line).expect("a line is JSON");
        let name = scenario["name"].as_str().expect("a name");
        let mut recorded = scenario["seen"].clone();
        recorded["storage"] = scenario["change"]
            .as_object()
            .expect("a change for each account")
            .iter()
            .filter_map(|(account, change)| Some((account.clone(), change.get("storage")?.clone())))
            .collect();
        let seen = replay(&mut chain, &scenario);
        if let Some(difference) = mask::first_difference(
            &mask::masked(name, &recorded),
            &mask::masked(name, &seen),
            String::new(),
        ) {
            differences.push(format!("{name}{difference}"));
        }
    }
    assert!(
        differences.is_empty(),
        "recorded != seen:\n{}",
        differences.join("\n")
    );
}
