//! The methods that are kinds of `query` with typed errors, and the small methods of newer nodes.

use near_crypto::{KeyType, SecretKey};
use near_primitives::hash::CryptoHash;
use near_primitives::serialize::to_base64;
use near_primitives::views::BlockView;
use serde_json::{Value, json};

use super::{call, with_probe};
use crate::node::Sandbox;

#[test]
fn a_view_method_answers_as_the_query_of_its_kind() {
    let (mut sandbox, signer, probe) = with_probe();
    let head: BlockView = sandbox.call("block", json!({"finality": "final"}));
    let key = signer.public_key();
    for (kind, fields) in [
        ("view_account", json!({})),
        ("view_code", json!({})),
        ("view_state", json!({"prefix_base64": ""})),
        ("view_access_key", json!({"public_key": key})),
        ("view_access_key_list", json!({})),
    ] {
        let mut params = fields;
        params["account_id"] = json!(probe);
        params["block_id"] = json!(head.header.hash);
        let answer: Value = sandbox.call(&format!("EXPERIMENTAL_{kind}"), params.clone());
        params["request_type"] = json!(kind);
        assert_eq!(answer, sandbox.call::<Value>("query", params), "{kind}");
    }
}

#[test]
fn a_view_method_has_typed_errors() {
    let (mut sandbox, _, probe) = with_probe();
    let key = SecretKey::from_seed(KeyType::ED25519, "nobody's").public_key();
    let by_key = json!({"account_id": probe, "public_key": key});
    let nobody = json!({"account_id": "nobody.near"});
    let failing = json!({"account_id": probe, "method_name": "walk", "args_base64": ""});
    let empty = json!({"account_id": "nobody.near", "prefix_base64": ""});
    for (method, params, name) in [
        (
            "EXPERIMENTAL_view_account",
            nobody.clone(),
            "UNKNOWN_ACCOUNT",
        ),
        ("EXPERIMENTAL_view_code", nobody, "UNKNOWN_ACCOUNT"),
        ("EXPERIMENTAL_view_state", empty, "UNKNOWN_ACCOUNT"),
        (
            "EXPERIMENTAL_view_access_key",
            by_key.clone(),
            "UNKNOWN_ACCESS_KEY",
        ),
        (
            "EXPERIMENTAL_view_gas_key_nonces",
            by_key,
            "UNKNOWN_GAS_KEY",
        ),
        (
            "EXPERIMENTAL_call_function",
            failing,
            "CONTRACT_EXECUTION_ERROR",
        ),
    ] {
        let mut params = params;
        params["finality"] = json!("final");
        let (status, error) = sandbox.refusal(method, params);
        assert_eq!(
            (status, &error["cause"]["name"]),
            (200, &json!(name)),
            "{method}"
        );
    }
}

#[test]
fn every_receipt_leads_to_its_transaction() {
    let (mut sandbox, signer, probe) = with_probe();
    let promise = json!({"to": probe, "actions": [{"run": {"program": [], "tgas": 10}}]});
    let program = json!({"program": [{"create": promise}]});
    let sent = sandbox.commit(&signer, &probe, vec![call("run", program)]);
    assert!(sent.receipts_outcome.len() >= 2, "{sent:?}");
    for outcome in &sent.receipts_outcome {
        let from: Value = sandbox.call(
            "EXPERIMENTAL_receipt_to_tx",
            json!({"receipt_id": outcome.id}),
        );
        let expected = json!({"transaction_hash": sent.transaction.hash,
                              "sender_account_id": probe});
        assert_eq!(from, expected);
    }
}

#[test]
fn a_receipt_without_transaction_or_a_wrong_hint_is_an_error() {
    let mut sandbox = Sandbox::start();
    for (fields, name) in [
        (json!({}), "UNKNOWN_RECEIPT"),
        (json!({"shard_id": 0}), "MALFORMED_HINT"),
        (json!({"window": 5}), "MALFORMED_HINT"),
        (json!({"block_height": 0, "window": 21}), "WINDOW_TOO_LARGE"),
    ] {
        let mut params = fields;
        params["receipt_id"] = json!(CryptoHash([3; 32]));
        let (_, error) = sandbox.refusal("EXPERIMENTAL_receipt_to_tx", params.clone());
        assert_eq!(error["cause"]["name"], name, "{params}");
    }
}

#[test]
fn only_the_producer_of_all_blocks_has_no_maintenance_window() {
    let mut sandbox = Sandbox::start();
    let windows: Value = sandbox.call("maintenance_windows", json!(["test.near"]));
    assert_eq!(windows, json!([]));
    let windows: Value = sandbox.call("maintenance_windows", json!(["near"]));
    let window = &windows.as_array().unwrap()[..];
    let [window] = window else {
        panic!("one window in {windows}");
    };
    assert!(
        window["start"].as_u64() < window["end"].as_u64(),
        "{window}"
    );
    // The first epoch begins after the first block.
    assert_eq!(window["end"].as_u64().unwrap() % 60, 1);
}

#[test]
fn a_chunk_that_no_shard_has_has_no_congestion_level() {
    let mut sandbox = Sandbox::start();
    let head: BlockView = sandbox.call("block", json!({"finality": "final"}));
    let height = head.header.height;
    let level: Value = sandbox.call("EXPERIMENTAL_congestion_level", json!([[height, 0]]));
    assert_eq!(level, json!({"congestion_level": 0.0}));
    let (_, error) = sandbox.refusal("EXPERIMENTAL_congestion_level", json!([[height, 1]]));
    assert_eq!(error["cause"]["name"], "INVALID_SHARD_ID");
}

#[test]
fn a_batch_is_refused_with_the_reason() {
    let mut sandbox = Sandbox::start();
    let one = json!({"jsonrpc": "2.0", "id": "1", "method": "status", "params": []});
    for batch in [json!([]), json!([one]), json!([one, one])] {
        let (status, answer) = sandbox.client.post(batch.to_string().as_bytes());
        let message = &answer["error"]["cause"]["info"]["error_message"];
        assert_eq!(
            (status, message),
            (
                400,
                &json!(
                    "JSON RPC Request format was expected, not a batch: send each request by itself"
                )
            )
        );
    }
}

#[test]
fn arguments_of_a_path_reach_the_contract() {
    let (mut sandbox, _, probe) = with_probe();
    let args = br#"{"program": [{"panic": {"text": "from a path"}}]}"#;
    let path = json!([
        format!("call/{probe}/run"),
        bs58::encode(args).into_string()
    ]);
    let by_path: Value = sandbox.call("query", path);
    assert!(
        by_path["error"].as_str().unwrap().contains("from a path"),
        "{by_path}"
    );
    let params = json!({"account_id": probe, "method_name": "run", "finality": "final",
                        "args_base64": to_base64(args)});
    let (_, error) = sandbox.refusal("EXPERIMENTAL_call_function", params);
    assert!(error.to_string().contains("from a path"), "{error}");
}
