//! The result of `EXPERIMENTAL_tx_status` in the form of the recordings: receipts are named by their position
//! in the tree, blocks are counted from the transaction's.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use near_workspaces::AccountId;
use sandbox_clients::Rpc;
use serde_json::{Value, json};

/// The status of a transaction, with indexes to read it.
struct TxStatus {
    status: Value,
    /// The position in the tree of each receipt, by id.
    names: BTreeMap<String, String>,
    /// The height of each block in the status, by hash.
    heights: BTreeMap<String, u64>,
}

/// Observes a transaction that is complete.
pub async fn observe(rpc: &Rpc, hash: &str, signer: &AccountId) -> anyhow::Result<Value> {
    let params = json!({"tx_hash": hash, "sender_account_id": signer, "wait_until": "FINAL"});
    let status = rpc.call("EXPERIMENTAL_tx_status", params).await?;
    ensure!(status["final_execution_status"] == "FINAL", "{status}");
    let mut heights = BTreeMap::new();
    for outcome in outcomes(&status) {
        let block = text(&outcome["block_hash"])?;
        if !heights.contains_key(block) {
            let view = rpc.call("block", json!({ "block_id": block })).await?;
            let height = view["header"]["height"].as_u64().context("a height")?;
            heights.insert(block.to_owned(), height);
        }
    }
    let mut names = BTreeMap::new();
    name_children(&status, &status["transaction_outcome"], "", &mut names)?;
    TxStatus {
        status,
        names,
        heights,
    }
    .observed()
}

impl TxStatus {
    fn observed(&self) -> anyhow::Result<Value> {
        let transaction = &self.status["transaction_outcome"]["outcome"];
        let executed = self.status["receipts_outcome"]
            .as_array()
            .context("outcomes")?;
        let receipts = executed
            .iter()
            .map(|outcome| self.receipt(outcome))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let order = receipts.iter().map(|receipt| receipt["receipt"].clone());
        Ok(json!({
            "status": self.status["status"],
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
        let receipts = self.status["receipts"].as_array().context("receipts")?;
        let receipt = receipts
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
            "receipt": self.names.get(id).context("a receipt has no parent")?,
            "from": receipt["predecessor_id"],
            "to": receipt["receiver_id"],
            "actions": without_arguments(&action["actions"])?,
            "inputs": inputs.len(),
            "outputs": outputs.iter().map(|output| &output["receiver_id"]).collect::<Vec<_>>(),
            "gas_price": action["gas_price"],
            "signer": action["signer_id"],
            "executor": executed["executor_id"],
            "block": self.height(outcome)? - self.height(&self.status["transaction_outcome"])?,
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
        let name = self
            .names
            .get(text(id)?)
            .context("the receipt is not in the tree")?;
        Ok(json!({ "SuccessReceiptId": name }))
    }

    fn height(&self, outcome: &Value) -> anyhow::Result<u64> {
        let height = self.heights.get(text(&outcome["block_hash"])?);
        height.copied().context("the outcome has no block")
    }
}

/// Names the receipts of an outcome, and recursively theirs.
fn name_children(
    status: &Value,
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
        if let Some(outcome) = outcomes(status).find(|outcome| outcome["id"] == *child) {
            name_children(status, outcome, &name, names)?;
        }
    }
    Ok(())
}

/// Returns the outcome of the transaction and those of its receipts.
fn outcomes(status: &Value) -> impl Iterator<Item = &Value> {
    let of_receipts = status["receipts_outcome"].as_array();
    std::iter::once(&status["transaction_outcome"]).chain(of_receipts.into_iter().flatten())
}

/// Removes the arguments of a call. They were not recorded, because they are the scenario itself.
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
        .with_context(|| format!("{value} is not a text"))
}
