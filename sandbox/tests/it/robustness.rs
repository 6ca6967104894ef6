//! A thousand invalid requests: each gets an error, and the node keeps running.
//!
//! The requests follow from a fixed seed, so a failure can be repeated. The seed and the number of the
//! request are in the message.

use near_crypto::{InMemorySigner, KeyType, SecretKey};
use near_primitives::action::{Action, TransferAction};
use near_primitives::serialize::to_base64;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::{AccountId, Balance};
use serde_json::{Value, json};

use crate::node::{Sandbox, encode};

const SEED: u64 = 0x005e_ed0f_5a0d_b0c5;
const REQUESTS: usize = 1_000;
const BODY_LIMIT: usize = 256 << 10;

/// A random number generator, splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn bytes(&mut self, longest: usize) -> Vec<u8> {
        let length = self.below(longest);
        (0..length).map(|_| self.next() as u8).collect()
    }
}

/// Returns valid requests to be spoilt, each with the fields that it needs.
fn requests(transaction: &str) -> Vec<(&'static str, Value, &'static [&'static str])> {
    let hash = "11111111111111111111111111111111";
    vec![
        ("block", json!({"block_id": 0}), &["block_id"]),
        ("block", json!({"finality": "final"}), &["finality"]),
        (
            "chunk",
            json!({"block_id": 0, "shard_id": 0}),
            &["block_id", "shard_id"],
        ),
        ("gas_price", json!({"block_id": 0}), &[]),
        ("validators", json!({"epoch_id": hash}), &["epoch_id"]),
        (
            "query",
            json!({"request_type": "view_account", "account_id": "near", "finality": "final"}),
            &["request_type", "account_id", "finality"],
        ),
        (
            "query",
            json!({"request_type": "call_function", "account_id": "near", "method_name": "m",
                   "args_base64": "e30=", "finality": "final"}),
            &["request_type", "account_id", "method_name", "args_base64"],
        ),
        (
            "query",
            json!({"request_type": "view_state", "account_id": "near", "prefix_base64": "",
                   "finality": "final"}),
            &["account_id", "prefix_base64"],
        ),
        (
            "query",
            json!({"request_type": "view_access_key", "account_id": "near",
                   "public_key": "ed25519:5BGSaf6YjVm7565VzWQHNxoyEjwr3jUpRJSGjREvU9dB",
                   "finality": "final"}),
            &["account_id", "public_key"],
        ),
        (
            "tx",
            json!({"tx_hash": hash, "sender_account_id": "near"}),
            &["tx_hash"],
        ),
        (
            "send_tx",
            json!({"signed_tx_base64": transaction, "wait_until": "FINAL"}),
            &["signed_tx_base64", "wait_until"],
        ),
        (
            "EXPERIMENTAL_receipt",
            json!({"receipt_id": hash}),
            &["receipt_id"],
        ),
        (
            "EXPERIMENTAL_changes",
            json!({"block_id": 0, "changes_type": "account_changes", "account_ids": ["near"]}),
            &["block_id", "changes_type", "account_ids"],
        ),
        ("sandbox_patch_state", json!({"records": []}), &["records"]),
        (
            "sandbox_fast_forward",
            json!({"delta_height": 1}),
            &["delta_height"],
        ),
    ]
}

fn wrong_values(random: &mut Random) -> Value {
    let values = [
        json!({}),
        json!([[]]),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(true),
        json!("\u{0}"),
        json!("not/a\\value"),
        json!("ed25519:0OIl"),
        json!("💥".repeat(100)),
        json!("_".repeat(10_000)),
        json!([{"Account": null}]),
        json!({"block_id": {"block_id": []}}),
    ];
    random.pick(&values).clone()
}

fn envelope(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

fn spoilt_text(random: &mut Random, transaction: &str) -> Vec<u8> {
    let (method, params, _) = random.pick(&requests(transaction)).clone();
    let text = envelope(method, params).to_string().into_bytes();
    match random.below(5) {
        0 => text[..random.below(text.len())].to_vec(),
        1 => random.bytes(2_000),
        2 => "[".repeat(1 + random.below(50_000)).into_bytes(),
        3 => {
            // A control character is wrong wherever it stands.
            let mut text = text;
            let position = 1 + random.below(text.len() - 2);
            text[position] = 0x01;
            text
        }
        _ => [text.as_slice(), b"}"].concat(),
    }
}

fn spoilt_envelope(random: &mut Random, transaction: &str) -> Vec<u8> {
    let (method, params, _) = random.pick(&requests(transaction)).clone();
    let mut request = envelope(method, params);
    let fields = request.as_object_mut().unwrap();
    match random.below(6) {
        0 => drop(fields.remove("jsonrpc")),
        1 => drop(fields.remove("id")),
        2 => drop(fields.remove("method")),
        3 => drop(fields.insert("jsonrpc".to_owned(), json!("1.0"))),
        4 => drop(fields.insert("method".to_owned(), json!("no_such_method"))),
        _ => return json!([request, request]).to_string().into_bytes(),
    }
    request.to_string().into_bytes()
}

fn spoilt_params(random: &mut Random, transaction: &str) -> Vec<u8> {
    let (method, mut params, fields) = loop {
        let request = random.pick(&requests(transaction)).clone();
        if !request.2.is_empty() {
            break request;
        }
    };
    let field = *random.pick(fields);
    // Some fields may be left out.
    let optional = ["wait_until", "epoch_id"].contains(&field);
    if !optional && random.below(4) == 0 {
        params.as_object_mut().unwrap().remove(field);
    } else {
        params[field] = wrong_values(random);
    }
    envelope(method, params).to_string().into_bytes()
}

fn spoilt_transaction(random: &mut Random, valid: &SignedTransaction) -> Vec<u8> {
    let mut bytes = borsh::to_vec(valid).unwrap();
    let encoded = match random.below(5) {
        0 => to_base64(&bytes[..random.below(bytes.len())]),
        1 => {
            let position = random.below(bytes.len());
            bytes[position] ^= 1 << random.below(8);
            to_base64(&bytes)
        }
        2 => to_base64(&random.bytes(500)),
        3 => "not base64 at all !".repeat(1 + random.below(20)),
        _ => {
            let secret_key = SecretKey::from_seed(KeyType::ED25519, &random.next().to_string());
            let another_signer =
                InMemorySigner::from_secret_key("test.near".parse().unwrap(), secret_key);
            let (transaction, hash) = (valid.transaction.clone(), valid.get_hash());
            encode(&SignedTransaction::new(
                another_signer.sign(hash.as_ref()),
                transaction,
            ))
        }
    };
    let ways = [
        ("broadcast_tx_commit", json!([encoded])),
        ("send_tx", json!({"signed_tx_base64": encoded})),
        ("tx", json!([encoded])),
    ];
    let (method, params) = random.pick(&ways).clone();
    envelope(method, params).to_string().into_bytes()
}

fn huge_body(random: &mut Random) -> Vec<u8> {
    let length = BODY_LIMIT + 1 + random.below(4 * BODY_LIMIT);
    envelope("broadcast_tx_async", json!(["A".repeat(length)]))
        .to_string()
        .into_bytes()
}

fn is_error(status: u16, answer: &Value) -> bool {
    let error = if status == 200 && answer.get("error").is_none() {
        &answer["result"]["error"]
    } else {
        &answer["error"]
    };
    error["message"].is_string() || error.is_string()
}

#[test]
fn invalid_requests_do_not_stop_the_node() {
    let mut sandbox = Sandbox::start_with(|home| {
        let path = home.join("config.json");
        let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        config["rpc"]["limits_config"]["json_payload_max_size"] = json!(BODY_LIMIT);
        std::fs::write(&path, config.to_string()).unwrap();
    });
    let root = sandbox.root();
    let near: AccountId = "near".parse().unwrap();
    let transfer: Action = TransferAction {
        deposit: Balance::from_yoctonear(1),
    }
    .into();
    // Signed, and never sent as it is.
    let valid = sandbox.sign(&root, &near, vec![transfer.clone()]);
    let encoded = encode(&valid);

    let mut random = Random(SEED);
    for number in 0..REQUESTS {
        let body = match random.below(20) {
            0..6 => spoilt_text(&mut random, &encoded),
            6..9 => spoilt_envelope(&mut random, &encoded),
            9..14 => spoilt_params(&mut random, &encoded),
            14..19 => spoilt_transaction(&mut random, &valid),
            _ => huge_body(&mut random),
        };
        let (status, answer) = sandbox.client.post(&body);
        let start = String::from_utf8_lossy(&body[..body.len().min(300)]);
        assert!(
            is_error(status, &answer),
            "seed {SEED:#x}, request {number}: {start}\nwas answered with {status} {answer}"
        );
    }
    for (method, path) in [("GET", "/nowhere"), ("PUT", "/"), ("GET", "/")] {
        assert!(
            sandbox.client.status(method, path) >= 400,
            "{method} {path}"
        );
    }
    sandbox.call::<Value>("status", Value::Null);
    sandbox.commit(&root, &near, vec![transfer]);
}
