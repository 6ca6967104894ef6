//! What `EXPERIMENTAL_tx_status` tells of a transaction, in the form of the recordings: receipts are
//! named by their place in the tree, blocks are counted from the transaction's.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use near_workspaces::AccountId;
use sandbox_clients::Rpc;
use serde_json::{Value, json};

/// The answer of one transaction, and what is needed to read it.
struct Answer {
    answer: Value,
    /// The place in the tree of each receipt, by id.
    names: BTreeMap<String, String>,
    /// The height of each block that is mentioned, by hash.
    heights: BTreeMap<String, u64>,
}

/// Everything that is told of a transaction that has come to its end.
pub async fn observe(rpc: &Rpc, hash: &str, signer: &AccountId) -> anyhow::Result<Value> {
    let params = json!({"tx_hash": hash, "sender_account_id": signer, "wait_until": "FINAL"});
    let answer = rpc.call("EXPERIMENTAL_tx_status", params).await?;
    ensure!(answer["final_execution_status"] == "FINAL", "{answer}");
    let mut heights = BTreeMap::new();
    for outcome in outcomes(&answer) {
        let block = text(&outcome["block_hash"])?;
        if !heights.contains_key(block) {
            let view = rpc.call("block", json!({ "block_id": block })).await?;
            let height = view["header"]["height"].as_u64().context("a height")?;
            heights.insert(block.to_owned(), height);
        }
    }
    let mut names = BTreeMap::new();
    name_children(&answer, &answer["transaction_outcome"], "", &mut names)?;
    Answer {
        answer,
        names,
        heights,
    }
    .observed()
}

impl Answer {
    fn observed(&self) -> anyhow::Result<Value> {
        let transaction = &self.answer["transaction_outcome"]["outcome"];
        let executed = self.answer["receipts_outcome"]
            .as_array()
            .context("outcomes")?;
        let receipts = executed
            .iter()
            .map(|outcome| self.receipt(outcome))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let order = receipts.iter().map(|receipt| receipt["receipt"].clone());
        Ok(json!({
            "status": self.answer["status"],
            "transaction": {
                "status": self.status(&transaction["status"])?,
                "gas_burnt": transaction["gas_burnt"],
                "tokens_burnt": transaction["tokens_burnt"],
                "logs": transaction["logs"],
                "executor": transaction["executor_id"],
            },
            "outcome_order": order.collect::<Vec<_>>(),
            "receipts": receipts,
        }))
    }

    fn receipt(&self, outcome: &Value) -> anyhow::Result<Value> {
        let id = text(&outcome["id"])?;
        let told = self.answer["receipts"].as_array().context("receipts")?;
        let receipt = told
            .iter()
            .find(|receipt| receipt["receipt_id"] == id)
            .with_context(|| format!("{} is not among the receipts", self.names[id]))?;
        let action = &receipt["receipt"]["Action"];
        let outputs = action["output_data_receivers"]
            .as_array()
            .context("outputs")?;
        let inputs = action["input_data_ids"].as_array().context("inputs")?;
        let executed = &outcome["outcome"];
        Ok(json!({
            "receipt": self.names.get(id).context("each receipt has a parent")?,
            "from": receipt["predecessor_id"],
            "to": receipt["receiver_id"],
            "actions": without_arguments(&action["actions"])?,
            "inputs": inputs.len(),
            "outputs": outputs.iter().map(|output| &output["receiver_id"]).collect::<Vec<_>>(),
            "gas_price": action["gas_price"],
            "signer": action["signer_id"],
            "executor": executed["executor_id"],
            "block": self.height(outcome)? - self.height(&self.answer["transaction_outcome"])?,
            "status": self.status(&executed["status"])?,
            "logs": executed["logs"],
            "gas_burnt": executed["gas_burnt"],
            "tokens_burnt": executed["tokens_burnt"],
            "profile": profile(&executed["metadata"]["gas_profile"]),
        }))
    }

    fn status(&self, status: &Value) -> anyhow::Result<Value> {
        let Some(id) = status.get("SuccessReceiptId") else {
            return Ok(status.clone());
        };
        let name = self.names.get(text(id)?).context("a receipt of the tree")?;
        Ok(json!({ "SuccessReceiptId": name }))
    }

    fn height(&self, outcome: &Value) -> anyhow::Result<u64> {
        let height = self.heights.get(text(&outcome["block_hash"])?);
        height.copied().context("an outcome is in a block")
    }
}

/// Names the receipts that an outcome has made, and theirs.
fn name_children(
    answer: &Value,
    parent: &Value,
    prefix: &str,
    names: &mut BTreeMap<String, String>,
) -> anyhow::Result<()> {
    let children = parent["outcome"]["receipt_ids"]
        .as_array()
        .context("receipts")?;
    for (index, child) in children.iter().enumerate() {
        let name = match prefix {
            "" => index.to_string(),
            _ => format!("{prefix}.{index}"),
        };
        names.insert(text(child)?.to_owned(), name.clone());
        if let Some(outcome) = outcomes(answer).find(|outcome| outcome["id"] == *child) {
            name_children(answer, outcome, &name, names)?;
        }
    }
    Ok(())
}

/// The outcome of the transaction and those of its receipts.
fn outcomes(answer: &Value) -> impl Iterator<Item = &Value> {
    let of_receipts = answer["receipts_outcome"].as_array();
    std::iter::once(&answer["transaction_outcome"]).chain(of_receipts.into_iter().flatten())
}

/// The arguments of a call were not recorded: they are the scenario.
fn without_arguments(actions: &Value) -> anyhow::Result<Value> {
    let mut actions = actions.clone();
    for action in actions.as_array_mut().context("actions")? {
        if let Some(call) = action
            .get_mut("FunctionCall")
            .and_then(Value::as_object_mut)
        {
            call.remove("args");
        }
    }
    Ok(actions)
}

fn profile(costs: &Value) -> Value {
    let costs = costs.as_array().into_iter().flatten();
    costs
        .map(|cost| json!([cost["cost"], cost["gas_used"]]))
        .collect()
}

fn text(value: &Value) -> anyhow::Result<&str> {
    value
        .as_str()
        .with_context(|| format!("{value} is no text"))
}
