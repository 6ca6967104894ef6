//! The methods that send transactions and return their outcomes.

use near_jsonrpc_primitives::types::transactions::RpcTransactionResponse;
use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;
use near_primitives::views::{
    FinalExecutionOutcomeView, FinalExecutionStatus, ReceiptView, TxExecutionStatus,
};
use serde_json::{Value, json};

use super::{call, transfer, with_probe};
use crate::node::{Sandbox, encode, sign};

#[test]
fn a_transaction_can_be_sent_in_every_way() {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let near: AccountId = "near".parse().unwrap();

    let transaction = sandbox.sign(&root, &near, vec![transfer(1)]);
    let params = json!([encode(&transaction)]);
    let first: FinalExecutionOutcomeView = sandbox.call("broadcast_tx_commit", params.clone());
    let second: FinalExecutionOutcomeView = sandbox.call("broadcast_tx_commit", params.clone());
    assert!(
        first == second,
        "a transaction sent again answers with its first outcome"
    );
    assert_eq!(first.status, FinalExecutionStatus::SuccessValue(Vec::new()));

    let transaction = sandbox.sign(&root, &near, vec![transfer(2)]);
    let hash: CryptoHash = sandbox.call("broadcast_tx_async", json!([encode(&transaction)]));
    assert_eq!(hash, transaction.get_hash());
    let done: RpcTransactionResponse = sandbox.call("tx", json!([hash, "test.near"]));
    assert_eq!(done.final_execution_status, TxExecutionStatus::Final);

    let levels = [
        "INCLUDED",
        "EXECUTED_OPTIMISTIC",
        "INCLUDED_FINAL",
        "EXECUTED",
        "FINAL",
    ];
    for (amount, level) in levels.into_iter().enumerate() {
        let transaction = sandbox.sign(&root, &near, vec![transfer(10 + amount as u128)]);
        let params = json!({"signed_tx_base64": encode(&transaction), "wait_until": level});
        let sent: RpcTransactionResponse = sandbox.call("send_tx", params.clone());
        assert_eq!(sent.final_execution_status, TxExecutionStatus::Final);
        assert!(sent.final_execution_outcome.is_some());
        for method in ["tx", "tx_status", "EXPERIMENTAL_tx_status"] {
            let known: RpcTransactionResponse = sandbox.call(method, params.clone());
            assert_eq!(known.final_execution_status, TxExecutionStatus::Final);
        }
    }
    let transaction = sandbox.sign(&root, &near, vec![transfer(99)]);
    let params = json!({"signed_tx_base64": encode(&transaction), "wait_until": "NONE"});
    let sent: Value = sandbox.call("send_tx", params);
    assert_eq!(sent, json!({"final_execution_status": "NONE"}));
}

#[test]
fn an_invalid_transaction_is_refused_with_its_error() {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let near: AccountId = "near".parse().unwrap();
    let good = sandbox.sign(&root, &near, vec![transfer(1)]);
    sandbox.call::<Value>("broadcast_tx_commit", json!([encode(&good)]));
    let (nonce, block_hash) = (
        good.transaction.nonce().nonce(),
        *good.transaction.block_hash(),
    );
    let encoded = encode(&sign(&root, nonce, &near, vec![transfer(2)], block_hash));
    let asked = [
        ("broadcast_tx_commit", json!([encoded])),
        ("send_tx", json!({"signed_tx_base64": encoded})),
        ("tx", json!([encoded])),
        (
            "EXPERIMENTAL_tx_status",
            json!({"signed_tx_base64": encoded}),
        ),
    ];
    for (method, params) in asked {
        let (status, error) = sandbox.refusal(method, params);
        assert_eq!((status, &error["code"]), (200, &json!(-32_000)), "{method}");
        assert_eq!(error["name"], "HANDLER_ERROR");
        assert_eq!(error["cause"]["name"], "INVALID_TRANSACTION");
        let reason = &error["data"]["TxExecutionError"]["InvalidTxError"]["InvalidNonce"];
        assert!(reason.is_object(), "{method}: {error}");
    }
}

#[test]
fn a_status_can_include_the_receipts() {
    let (mut sandbox, signer, probe) = with_probe();
    let root = sandbox.root();
    let program = json!({"program": [
        {"create": {"to": probe, "actions": [{"run": {"program": [], "tgas": 10}}]}},
        {"return_promise": {"of": 0}},
    ]});
    let outcome = sandbox.commit(&root, &probe, vec![call("run", program.clone())]);
    let id = json!({"tx_hash": outcome.transaction.hash, "sender_account_id": "test.near"});
    let status: Value = sandbox.call("EXPERIMENTAL_tx_status", id);
    let receipts: Vec<ReceiptView> = serde_json::from_value(status["receipts"].clone()).unwrap();
    assert_eq!(receipts.len(), outcome.receipts_outcome.len());
    for (receipt, outcome) in receipts.iter().zip(&outcome.receipts_outcome) {
        assert_eq!(receipt.receipt_id, outcome.id);
        let found: ReceiptView =
            sandbox.call("EXPERIMENTAL_receipt", json!({"receipt_id": outcome.id}));
        assert_eq!(found, *receipt);
    }
    let (_, error) = sandbox.refusal(
        "EXPERIMENTAL_receipt",
        json!({"receipt_id": CryptoHash([1; 32])}),
    );
    assert_eq!(error["cause"]["name"], "UNKNOWN_RECEIPT");

    // The first receipt of a transaction to oneself is not kept, as on a real node.
    let outcome = sandbox.commit(&signer, &probe, vec![call("run", program)]);
    let id = json!({"tx_hash": outcome.transaction.hash, "sender_account_id": probe});
    let status: Value = sandbox.call("EXPERIMENTAL_tx_status", id);
    let receipts = status["receipts"].as_array().unwrap();
    assert_eq!(receipts.len() + 1, outcome.receipts_outcome.len());
}
