//! The methods about transactions, their proofs, and those that only a sandbox has.

use serde_json::json;

use super::row::{Row, Subject, merged, nothing, row};

pub fn transaction_rows(subject: &Subject) -> Vec<Row> {
    let Subject {
        account,
        transaction,
        encoded,
        receipt,
        ..
    } = subject;
    let mut rows = Vec::new();
    for method in ["tx", "tx_status", "EXPERIMENTAL_tx_status"] {
        rows.push(row(
            method,
            [
                json!([transaction, account]),
                json!([encoded]),
                json!({"tx_hash": transaction, "sender_account_id": account}),
                json!({"signed_tx_base64": encoded}),
                json!({"signed_tx_base64": encoded, "wait_until": "FINAL"}),
            ],
            [
                json!(null),
                json!("omitted"),
                json!([]),
                json!([transaction]),
                json!([transaction, account, "FINAL"]),
            ],
        ));
    }
    for method in ["broadcast_tx_async", "broadcast_tx_commit", "send_tx"] {
        rows.push(row(
            method,
            [json!([encoded]), json!({"signed_tx_base64": encoded})],
            [
                json!(null),
                json!("omitted"),
                json!([]),
                json!([encoded, "FINAL"]),
            ],
        ));
    }
    rows.extend([
        row(
            "EXPERIMENTAL_receipt",
            [json!({"receipt_id": receipt}), json!([receipt])],
            nothing(),
        ),
        row(
            "EXPERIMENTAL_receipt_to_tx",
            [
                json!({"receipt_id": receipt}),
                json!({"receipt_id": receipt, "block_height": 1, "shard_id": 0, "window": 20}),
            ],
            nothing(),
        ),
    ]);
    rows
}

pub fn proof_rows(subject: &Subject) -> Vec<Row> {
    let head = subject.block.header.hash;
    let of_transaction = json!({
        "type": "transaction",
        "transaction_hash": subject.transaction,
        "sender_id": subject.account,
        "light_client_head": head,
    });
    let mut rows = vec![row(
        "next_light_client_block",
        [json!([head]), json!({"last_block_hash": head})],
        nothing(),
    )];
    for method in [
        "light_client_proof",
        "EXPERIMENTAL_light_client_proof",
        "EXPERIMENTAL_light_client_execution_outcome_proof",
    ] {
        rows.push(row(method, [of_transaction.clone()], nothing()));
    }
    let chunk = json!({"block_hash": head, "shard_id": 0});
    let target = json!({"target_type": "account", "account_id": subject.account});
    let of_chunk = json!({"chunk_id": chunk, "light_client_head": head});
    rows.extend([
        row(
            "EXPERIMENTAL_light_client_block_proof",
            [
                json!({"block_hash": head, "light_client_head": head}),
                json!([head, head]),
            ],
            nothing(),
        ),
        row(
            "EXPERIMENTAL_light_client_chunk_execution_proof",
            [of_chunk.clone(), json!([chunk, head])],
            nothing(),
        ),
        row(
            "EXPERIMENTAL_light_client_state_proof",
            [
                merged(of_chunk, json!({"target": target})),
                json!([chunk, target, head]),
            ],
            nothing(),
        ),
    ]);
    rows
}

pub fn sandbox_rows() -> Vec<Row> {
    vec![
        row(
            "sandbox_patch_state",
            [json!({"records": []}), json!([[]])],
            nothing(),
        ),
        row(
            "sandbox_fast_forward",
            [json!({"delta_height": 0}), json!([0])],
            nothing(),
        ),
    ]
}
