//! Transactions that wait, are asked for before they are sent, or are left out of a block.

use std::time::{Duration, Instant};

use near_crypto::Signer;
use near_jsonrpc_primitives::types::transactions::RpcTransactionResponse;
use near_primitives::hash::CryptoHash;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::{AccountId, Nonce};
use near_primitives::views::TxExecutionStatus;
use serde_json::{Value, json};

use super::{transfer, with_probe};
use crate::node::{Client, Sandbox, encode, sign};
use crate::process::change;

const STATUS_METHODS: [&str; 3] = ["tx", "tx_status", "EXPERIMENTAL_tx_status"];
const LEVELS: [&str; 5] = [
    "INCLUDED",
    "EXECUTED_OPTIMISTIC",
    "INCLUDED_FINAL",
    "EXECUTED",
    "FINAL",
];
const ONE_NEAR: u128 = 10_u128.pow(24);

/// Starts a sandbox with these settings.
fn with_settings(settings: impl FnOnce(&mut Value)) -> Sandbox {
    Sandbox::start_with(|home| change(&home.join("config.json"), settings))
}

/// Starts a sandbox in which a request waits for half a second.
fn impatient() -> Sandbox {
    with_settings(|config| {
        config["rpc"]["polling_config"]["polling_timeout"] =
            json!({"secs": 0, "nanos": 500_000_000});
    })
}

/// Starts a sandbox whose blocks are three seconds apart, so that transactions share one.
fn unhurried() -> Sandbox {
    with_settings(|config| {
        config["consensus"]["min_block_production_delay"] = json!({"secs": 3, "nanos": 0});
    })
}

fn near() -> AccountId {
    "near".parse().unwrap()
}

/// Signs transfers to `near` with the next nonces of a key, one for each step and amount.
fn transfers(
    sandbox: &mut Sandbox,
    signer: &Signer,
    transfers: &[(Nonce, u128)],
) -> Vec<SignedTransaction> {
    let template = sandbox.sign(signer, &near(), vec![transfer(0)]);
    let (next, block_hash) = (
        template.transaction.nonce().nonce(),
        *template.transaction.block_hash(),
    );
    let sign = |(step, amount): &(Nonce, u128)| {
        sign(
            signer,
            next + step,
            &near(),
            vec![transfer(*amount)],
            block_hash,
        )
    };
    transfers.iter().map(sign).collect()
}

fn by_hash(transaction: &SignedTransaction, wait_until: &str) -> Value {
    json!({
        "tx_hash": transaction.get_hash(),
        "sender_account_id": transaction.transaction.signer_id(),
        "wait_until": wait_until,
    })
}

/// Sends two transactions for one block, and returns the error of the second.
fn error_of_the_second(sandbox: &mut Sandbox, transactions: &[SignedTransaction]) -> Value {
    let [first, second] = transactions else {
        panic!("there are two");
    };
    sandbox.call::<CryptoHash>("broadcast_tx_async", json!([encode(first)]));
    let (status, error) = sandbox.refusal("broadcast_tx_commit", json!([encode(second)]));
    assert_eq!(status, 200);
    assert_eq!(error["cause"]["name"], "INVALID_TRANSACTION");
    let known: RpcTransactionResponse = sandbox.call("tx", by_hash(first, "INCLUDED"));
    assert!(known.final_execution_outcome.is_some());
    let (_, unknown) = sandbox.refusal("tx", by_hash(second, "NONE"));
    assert_eq!(unknown["cause"]["name"], "UNKNOWN_TRANSACTION");
    error["data"]["TxExecutionError"]["InvalidTxError"].clone()
}

#[test]
fn the_second_of_two_transactions_with_one_nonce_is_refused() {
    let mut sandbox = unhurried();
    let root = sandbox.root();
    let both = transfers(&mut sandbox, &root, &[(0, 1), (0, 2)]);
    let error = error_of_the_second(&mut sandbox, &both);
    assert!(error["InvalidNonce"].is_object(), "{error}");
}

#[test]
fn the_second_of_two_transactions_that_cost_too_much_together_is_refused() {
    let mut sandbox = unhurried();
    let root = sandbox.root();
    let most = 600_000_000 * ONE_NEAR;
    let both = transfers(&mut sandbox, &root, &[(0, most), (1, most)]);
    let error = error_of_the_second(&mut sandbox, &both);
    assert!(error["NotEnoughBalance"].is_object(), "{error}");
}

#[test]
fn both_clients_that_send_one_transaction_get_its_outcome() {
    let mut sandbox = unhurried();
    let root = sandbox.root();
    let sent = transfers(&mut sandbox, &root, &[(0, 1)]);
    let params = json!([encode(&sent[0])]);
    let (address, same) = (sandbox.address, params.clone());
    let other = std::thread::spawn(move || Client::new(address).rpc("broadcast_tx_commit", same).1);
    let outcome: Value = sandbox.call("broadcast_tx_commit", params);
    assert_eq!(other.join().unwrap()["result"], outcome);
}

#[test]
fn transactions_that_arrive_in_the_wrong_order_are_all_executed() {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let sent = transfers(&mut sandbox, &root, &[(3, 4), (2, 3), (1, 2), (0, 1)]);
    for transaction in &sent {
        sandbox.call::<CryptoHash>("broadcast_tx_async", json!([encode(transaction)]));
    }
    for transaction in &sent {
        let done: RpcTransactionResponse = sandbox.call("tx", by_hash(transaction, "FINAL"));
        assert_eq!(done.final_execution_status, TxExecutionStatus::Final);
    }
}

#[test]
fn a_transaction_after_a_refused_one_is_executed() {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let sent = transfers(
        &mut sandbox,
        &root,
        &[(0, 2_000_000_000 * ONE_NEAR), (1, 1)],
    );
    let (_, error) = sandbox.refusal("broadcast_tx_commit", json!([encode(&sent[0])]));
    assert_eq!(error["cause"]["name"], "INVALID_TRANSACTION");
    let outcome: Value = sandbox.call("broadcast_tx_commit", json!([encode(&sent[1])]));
    assert_eq!(outcome["status"], json!({"SuccessValue": ""}));
}

#[test]
fn a_transaction_whose_nonce_leaves_a_gap_is_executed() {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let sent = transfers(&mut sandbox, &root, &[(100, 1)]);
    let outcome: Value = sandbox.call("broadcast_tx_commit", json!([encode(&sent[0])]));
    assert_eq!(outcome["status"], json!({"SuccessValue": ""}));
}

#[test]
fn a_transaction_that_nobody_sends_is_waited_for_until_the_timeout() {
    let mut sandbox = impatient();
    for method in STATUS_METHODS {
        for level in LEVELS {
            let params = json!({
                "tx_hash": CryptoHash([3; 32]), "sender_account_id": "near", "wait_until": level,
            });
            let (status, error) = sandbox.refusal(method, params);
            assert_eq!(status, 408, "{method} {level}");
            let expected = json!({"name": "TIMEOUT_ERROR", "info": {"cause": "NOT_OBSERVED"}});
            assert_eq!(error["cause"], expected, "{method} {level}");
        }
    }
    let (status, error) = sandbox.refusal("tx", json!([CryptoHash([3; 32]), "near"]));
    assert_eq!(
        (status, &error["cause"]["info"]["cause"]),
        (408, &json!("NOT_OBSERVED"))
    );
}

#[test]
fn a_client_that_does_not_wait_hears_at_once_that_a_transaction_is_unknown() {
    let mut sandbox = Sandbox::start();
    let params = json!({
        "tx_hash": CryptoHash([3; 32]), "sender_account_id": "near", "wait_until": "NONE",
    });
    for method in STATUS_METHODS {
        let start = Instant::now();
        let (status, error) = sandbox.refusal(method, params.clone());
        assert_eq!(
            (status, &error["cause"]["name"]),
            (200, &json!("UNKNOWN_TRANSACTION")),
            "{method}"
        );
        assert!(start.elapsed() < Duration::from_secs(10), "{method}");
    }
}

#[test]
fn a_transaction_that_is_asked_for_before_it_is_sent_answers_with_its_outcome() {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let sent = transfers(&mut sandbox, &root, &[(0, 1)]);
    let (address, params) = (sandbox.address, by_hash(&sent[0], "FINAL"));
    let (connected, is_connected) = std::sync::mpsc::channel();
    let asking = std::thread::spawn(move || {
        let mut client = Client::new(address);
        client.rpc("status", Value::Null);
        connected.send(()).unwrap();
        client.rpc("tx", params)
    });
    is_connected.recv().unwrap();
    // The question goes first by these requests; when it does not, the answer is the same.
    for _ in 0..20 {
        sandbox.height();
    }
    sandbox.call::<CryptoHash>("broadcast_tx_async", json!([encode(&sent[0])]));
    let (status, response) = asking.join().unwrap();
    assert_eq!(
        (status, &response["result"]["final_execution_status"]),
        (200, &json!("FINAL")),
        "{response}"
    );
}

#[test]
fn an_invalid_transaction_that_is_sent_without_waiting_is_dropped() {
    let mut sandbox = impatient();
    let root = sandbox.root();
    let sent = transfers(&mut sandbox, &root, &[(0, 2_000_000_000 * ONE_NEAR)]);
    let encoded = encode(&sent[0]);
    let hash: CryptoHash = sandbox.call("broadcast_tx_async", json!([encoded]));
    assert_eq!(hash, sent[0].get_hash());
    let none = json!({"signed_tx_base64": encoded, "wait_until": "NONE"});
    let answer: Value = sandbox.call("send_tx", none.clone());
    assert_eq!(answer, json!({"final_execution_status": "NONE"}));

    let (status, error) = sandbox.refusal("tx", by_hash(&sent[0], "INCLUDED"));
    assert_eq!(
        (status, &error["cause"]["info"]["cause"]),
        (408, &json!("NOT_OBSERVED"))
    );
    // The reason is for those who have the transaction itself.
    let (_, error) = sandbox.refusal("tx", none);
    assert_eq!(error["cause"]["name"], "INVALID_TRANSACTION");
}

#[test]
fn a_receipt_is_no_transaction() {
    let (mut sandbox, _, probe) = with_probe();
    let root = sandbox.root();
    let outcome = sandbox.commit(&root, &probe, vec![transfer(1)]);
    for outcome in &outcome.receipts_outcome {
        for (method, level) in STATUS_METHODS
            .into_iter()
            .zip(["NONE", "INCLUDED", "FINAL"])
        {
            let params = json!({
                "tx_hash": outcome.id, "sender_account_id": "test.near", "wait_until": level,
            });
            let (status, error) = sandbox.refusal(method, params);
            assert_eq!(
                (status, &error["cause"]["name"]),
                (200, &json!("UNKNOWN_TRANSACTION")),
                "{method}"
            );
        }
    }
}

#[test]
fn a_committed_transaction_has_its_final_execution_status() {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let sent = transfers(&mut sandbox, &root, &[(0, 1)]);
    let outcome: Value = sandbox.call("broadcast_tx_commit", json!([encode(&sent[0])]));
    assert_eq!(outcome["final_execution_status"], "FINAL");
}

#[test]
fn a_status_passes_through_the_levels() {
    let mut sandbox = with_settings(|config| {
        config["consensus"]["min_block_production_delay"] = json!({"secs": 2, "nanos": 0});
    });
    let root = sandbox.root();
    let sent = transfers(&mut sandbox, &root, &[(0, 1)]);
    sandbox.call::<CryptoHash>("broadcast_tx_async", json!([encode(&sent[0])]));
    let (_, error) = sandbox.refusal("tx", by_hash(&sent[0], "NONE"));
    assert_eq!(error["cause"]["name"], "UNKNOWN_TRANSACTION");
    // The transaction is converted, its receipt runs, and the gas refund runs: three blocks.
    for (asked, reached) in [
        ("INCLUDED", TxExecutionStatus::IncludedFinal),
        ("EXECUTED_OPTIMISTIC", TxExecutionStatus::Executed),
        ("FINAL", TxExecutionStatus::Final),
    ] {
        let status: RpcTransactionResponse = sandbox.call("tx", by_hash(&sent[0], asked));
        assert_eq!(status.final_execution_status, reached, "{asked}");
        assert!(status.final_execution_outcome.is_some());
    }
}

#[test]
fn a_transaction_may_name_a_block_that_is_no_longer_kept() {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let sent = transfers(&mut sandbox, &root, &[(0, 1)]);
    for _ in 0..1_010 {
        sandbox.call::<Value>("sandbox_fast_forward", json!({"delta_height": 1}));
    }
    sandbox.call::<Value>("sandbox_fast_forward", json!({"delta_height": 80_000}));
    let outcome: Value = sandbox.call("broadcast_tx_commit", json!([encode(&sent[0])]));
    assert_eq!(outcome["status"], json!({"SuccessValue": ""}));
}

#[test]
fn the_genesis_block_is_there_when_older_blocks_are_not() {
    let mut sandbox = Sandbox::start();
    let genesis: Value = sandbox.call("block", json!({"block_id": 0}));
    for _ in 0..1_010 {
        sandbox.call::<Value>("sandbox_fast_forward", json!({"delta_height": 1}));
    }
    sandbox.call::<Value>("sandbox_fast_forward", json!({"delta_height": 100_000}));
    let (_, error) = sandbox.refusal("block", json!({"block_id": 5}));
    assert_eq!(error["cause"]["name"], "UNKNOWN_BLOCK");

    let hash = &genesis["header"]["hash"];
    for reference in [
        json!({"block_id": 0}),
        json!({"block_id": hash}),
        json!({"sync_checkpoint": "genesis"}),
    ] {
        let block: Value = sandbox.call("block", reference.clone());
        assert_eq!(block, genesis, "{reference}");
        let mut query = reference.clone();
        query["request_type"] = json!("view_account");
        query["account_id"] = json!("test.near");
        let account: Value = sandbox.call("query", query);
        assert_eq!(account["block_hash"], *hash, "{reference}");
    }
    let chunk: Value = sandbox.call("chunk", json!({"block_id": 0, "shard_id": 0}));
    assert_eq!(chunk["header"]["height_created"], 0);
    sandbox.call::<Value>("gas_price", json!([0]));
    let earliest: Value = sandbox.call("block", json!({"sync_checkpoint": "earliest_available"}));
    assert!(earliest["header"]["height"].as_u64() > Some(0));
}
