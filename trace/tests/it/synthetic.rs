//! Synthetic transactions of any depth and width.

use near_primitives::hash::CryptoHash;
use serde_json::{Value, json};
use trace::TxStatus;

/// A receipt of a synthetic transaction.
#[derive(Debug, Clone)]
pub struct SyntheticReceipt {
    /// The index of the receipt that creates this one. The transaction creates the first one.
    pub parent: usize,
    /// The account on which the receipt runs.
    pub receiver: String,
    /// The method.
    pub method: String,
    /// The arguments.
    pub args: String,
    /// The log lines.
    pub logs: Vec<String>,
    /// The returned value, or the error message.
    pub result: Result<String, String>,
}

impl SyntheticReceipt {
    /// Creates a receipt that succeeds.
    pub fn child_of(parent: usize) -> Self {
        Self {
            parent,
            receiver: "book.near".to_owned(),
            method: "visit".to_owned(),
            args: String::new(),
            logs: Vec::new(),
            result: Ok(String::new()),
        }
    }
}

const KEY: &str = "ed25519:GaS92okPt9k5oEp4ZFervtmn4RcUr23HDJrZ2ng4Sb9N";

fn id(what: &str, index: usize) -> String {
    CryptoHash::hash_bytes(format!("{what} {index}").as_bytes()).to_string()
}

/// Returns the status of the transaction. A receipt runs one block after the receipt that creates it.
pub fn tx_status(receipts: &[SyntheticReceipt]) -> TxStatus {
    let mut depths = Vec::new();
    for (index, receipt) in receipts.iter().enumerate() {
        let depth = if index == 0 {
            1
        } else {
            depths[receipt.parent] + 1
        };
        depths.push(depth);
    }
    let children = |parent: usize| -> Vec<String> {
        let all = receipts.iter().enumerate().skip(1);
        let own = all.filter(|(_, receipt)| receipt.parent == parent);
        own.map(|(index, _)| id("receipt", index)).collect()
    };
    let signed = json!({
        "signer_id": "alice.near", "public_key": KEY, "nonce": 1, "receiver_id": receipts[0].receiver,
        "actions": [call(&receipts[0])], "priority_fee": 0,
        "signature": "ed25519:4MgXJ6frGTFcodzefp1fby6j8oQxBMATaEmzWK31dbVPTGqT4poT8ezisj7GavTYZZKMasE6P7tC8DF54z4y3kss",
        "hash": id("transaction", 0),
    });
    let first = json!({ "SuccessReceiptId": id("receipt", 0) });
    let converted = outcome(&id("transaction", 0), 0, &[id("receipt", 0)], &[], &first);
    let outcomes = receipts.iter().enumerate().map(|(index, receipt)| {
        let children = children(index);
        outcome(
            &id("receipt", index),
            depths[index],
            &children,
            &receipt.logs,
            &status(receipt),
        )
    });
    let views = receipts.iter().enumerate().map(|(index, receipt)| {
        let predecessor = match index {
            0 => "alice.near",
            _ => receipts[receipt.parent].receiver.as_str(),
        };
        json!({
            "predecessor_id": predecessor, "receiver_id": receipt.receiver,
            "receipt_id": id("receipt", index), "priority": 0,
            "receipt": { "Action": {
                "signer_id": "alice.near", "signer_public_key": KEY, "gas_price": "1000000000",
                "output_data_receivers": [], "input_data_ids": [], "actions": [call(receipt)],
                "is_promise_yield": false,
            } },
        })
    });
    let tx_status = json!({
        "status": status(&receipts[0]), "transaction": signed, "transaction_outcome": converted,
        "receipts_outcome": outcomes.collect::<Vec<_>>(), "receipts": views.collect::<Vec<_>>(),
    });
    trace::parse_tx_status(tx_status.to_string().as_bytes()).expect("a transaction status")
}

fn call(receipt: &SyntheticReceipt) -> Value {
    json!({ "FunctionCall": {
        "method_name": receipt.method, "args": near_primitives::serialize::to_base64(receipt.args.as_bytes()),
        "gas": 30_000_000_000_000u64, "deposit": "0",
    } })
}

fn status(receipt: &SyntheticReceipt) -> Value {
    match &receipt.result {
        Ok(value) => {
            json!({ "SuccessValue": near_primitives::serialize::to_base64(value.as_bytes()) })
        }
        Err(message) => json!({ "Failure": { "ActionError": {
            "index": 0, "kind": { "FunctionCallError": { "ExecutionError": message } },
        } } }),
    }
}

fn outcome(id: &str, depth: usize, children: &[String], logs: &[String], status: &Value) -> Value {
    json!({
        "id": id, "proof": [], "block_hash": self::id("block", depth),
        "outcome": {
            "logs": logs, "receipt_ids": children, "gas_burnt": 1_000_000_000_000u64,
            "tokens_burnt": "100000000000000000000", "executor_id": "book.near", "status": status,
            "metadata": { "version": 4, "gas_profile": [] },
        },
    })
}
