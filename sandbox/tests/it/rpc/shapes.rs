//! The shapes of parameters that each method takes and refuses, as nearcore's parsers do
//! (`chain/jsonrpc/src/api`). All shapes of a row mean the same and have the same answer.

use near_primitives::hash::CryptoHash;
use near_primitives::serialize::to_base64;
use near_primitives::views::BlockView;
use serde_json::{Value, json};

use super::{call, with_probe_and_config};
use crate::node::{Client, encode};

/// The table of methods.
const METHODS: &str = include_str!("../../../src/rpc/methods.rs");

/// A method, the shapes that it takes, and shapes that it refuses.
struct Row {
    method: &'static str,
    taken: Vec<Value>,
    refused: Vec<Value>,
}

fn row<const T: usize, const R: usize>(
    method: &'static str,
    taken: [Value; T],
    refused: [Value; R],
) -> Row {
    Row {
        method,
        taken: taken.into(),
        refused: refused.into(),
    }
}

/// What the rows refer to.
struct Subject {
    account: String,
    key: String,
    block: BlockView,
    transaction: CryptoHash,
    encoded: String,
    receipt: CryptoHash,
}

#[test]
fn a_method_takes_all_shapes_of_its_parameters_and_answers_them_alike() {
    // Without empty blocks, the head stays the same.
    let (mut sandbox, signer, probe) = with_probe_and_config(|config| {
        config["consensus"]["produce_empty_blocks"] = json!(false);
    });
    let program = json!({"program": [{"write": {"key": "a1", "value": "one"}}]});
    let transaction = sandbox.sign(&signer, &probe, vec![call("run", program)]);
    let encoded = encode(&transaction);
    let outcome: Value = sandbox.call("broadcast_tx_commit", json!([encoded]));
    let receipt = &outcome["transaction_outcome"]["outcome"]["receipt_ids"][0];
    let subject = Subject {
        account: probe.to_string(),
        key: signer.public_key().to_string(),
        block: sandbox.call("block", json!({"finality": "final"})),
        transaction: transaction.get_hash(),
        encoded,
        receipt: serde_json::from_value(receipt.clone()).unwrap(),
    };
    let rows = rows(&subject);
    let mut problems = Vec::new();
    for row in &rows {
        check(&mut sandbox.client, row, &mut problems);
    }
    let has_row = |method: &&str| rows.iter().any(|row| row.method == *method);
    let without_row = methods().filter(|method| !has_row(method));
    problems.extend(without_row.map(|method| format!("{method} has no row")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Returns the names in the table of methods.
fn methods() -> impl Iterator<Item = &'static str> {
    let arms = METHODS.lines().filter_map(|line| line.split_once(" =>"));
    arms.flat_map(|(names, _)| names.split('"').skip(1).step_by(2))
}

/// Adds the differences between a row and the answers of the node.
fn check(client: &mut Client, row: &Row, problems: &mut Vec<String>) {
    let Row { method, .. } = row;
    let mut answers = Vec::new();
    for shape in &row.taken {
        let answer = answer(client, method, shape);
        if is_parse_error(&answer) {
            problems.push(format!("{method} does not take {shape}: {answer}"));
        }
        answers.push(answer);
    }
    for (shape, answer) in row.taken.iter().zip(&answers) {
        if *answer != answers[0] {
            problems.push(format!("{method} answers {shape} otherwise: {answer}"));
        }
    }
    for shape in &row.refused {
        let answer = answer(client, method, shape);
        if !is_parse_error(&answer) {
            problems.push(format!("{method} takes {shape}: {answer}"));
        }
    }
}

fn is_parse_error(answer: &Value) -> bool {
    answer["error"]["cause"]["name"] == "PARSE_ERROR"
}

/// Calls a method. The shape `"omitted"` is a request without parameters.
fn answer(client: &mut Client, method: &str, shape: &Value) -> Value {
    let mut request = json!({"jsonrpc": "2.0", "id": "1", "method": method});
    if *shape != json!("omitted") {
        request["params"] = shape.clone();
    }
    let (_, mut answer) = client.post(request.to_string().as_bytes());
    // The only field that depends on the time of the request.
    if let Some(result) = answer["result"].as_object_mut() {
        result.remove("uptime_sec");
    }
    answer
}

fn rows(subject: &Subject) -> Vec<Row> {
    [
        node_rows(subject),
        block_rows(subject),
        change_rows(subject),
        query_rows(subject),
        view_rows(subject),
        transaction_rows(subject),
        proof_rows(subject),
        sandbox_rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The shapes that stand for nothing.
fn nothing() -> [Value; 3] {
    [json!(null), json!("omitted"), json!([])]
}

fn node_rows(subject: &Subject) -> Vec<Row> {
    let without_parameters = [
        "status",
        "health",
        "network_info",
        "genesis_config",
        "EXPERIMENTAL_genesis_config",
        "client_config",
    ]
    .map(|method| {
        let ignored = [json!({}), json!([1, 2, 3]), json!({"a": 1}), json!("a")];
        let [null, omitted, empty] = nothing();
        let [map, list, fields, text] = ignored;
        row(method, [null, omitted, empty, map, list, fields, text], [])
    });
    let (height, hash) = (subject.block.header.height, subject.block.header.hash);
    let mut rows = Vec::from(without_parameters);
    rows.extend([
        row(
            "validators",
            [json!([null]), json!("latest"), json!({"latest": null})],
            nothing(),
        ),
        row(
            "validators",
            [
                json!([height]),
                json!([hash]),
                json!({"block_id": height}),
                json!({"block_id": hash}),
            ],
            [json!({}), json!([height, hash]), json!(height)],
        ),
        row(
            "EXPERIMENTAL_validators_ordered",
            [
                json!({"block_id": null}),
                json!({}),
                json!([null]),
                json!([height]),
                json!({"block_id": hash}),
            ],
            nothing(),
        ),
        row(
            "EXPERIMENTAL_protocol_config",
            [
                json!({"finality": "final"}),
                json!({"block_id": height}),
                json!({"block_id": hash}),
                json!({"sync_checkpoint": "earliest_available"}),
            ],
            [json!(null), json!("omitted"), json!([]), json!([height])],
        ),
        row(
            "EXPERIMENTAL_split_storage_info",
            [json!({}), json!([])],
            [json!(null), json!("omitted"), json!([1])],
        ),
    ]);
    for method in ["maintenance_windows", "EXPERIMENTAL_maintenance_windows"] {
        let account = &subject.account;
        rows.push(row(
            method,
            [json!({"account_id": account}), json!([account])],
            nothing(),
        ));
    }
    rows
}

fn block_rows(subject: &Subject) -> Vec<Row> {
    let header = &subject.block.header;
    let (height, hash) = (header.height, header.hash);
    let chunk = subject.block.chunks[0].chunk_hash;
    let mut rows = vec![
        row(
            "block",
            [
                json!([height]),
                json!([hash]),
                json!({"block_id": height}),
                json!({"block_id": hash}),
                json!({"finality": "final"}),
                json!({"finality": "near-final"}),
                json!({"finality": "optimistic"}),
            ],
            [
                json!(null),
                json!("omitted"),
                json!([]),
                json!({}),
                json!([null]),
                json!([height, 0]),
            ],
        ),
        row(
            "gas_price",
            [
                json!([null]),
                json!([height]),
                json!([hash]),
                json!({"block_id": null}),
                json!({"block_id": height}),
                json!({}),
            ],
            nothing(),
        ),
    ];
    for method in ["chunk", "EXPERIMENTAL_congestion_level"] {
        rows.push(row(
            method,
            [
                json!([[height, 0]]),
                json!([[hash, 0]]),
                json!([chunk]),
                json!({"block_id": height, "shard_id": 0}),
                json!({"block_id": hash, "shard_id": 0}),
                json!({"chunk_id": chunk}),
            ],
            [
                json!(null),
                json!("omitted"),
                json!([]),
                json!([height, 0]),
                json!([[height]]),
                json!([height]),
                json!({"block_id": height}),
            ],
        ));
    }
    rows
}

fn change_rows(subject: &Subject) -> Vec<Row> {
    let (height, hash) = (subject.block.header.height, subject.block.header.hash);
    let by = |reference: Value| {
        let wanted = json!({"changes_type": "account_changes", "account_ids": [subject.account]});
        merged(reference, wanted)
    };
    let mut rows = Vec::new();
    for method in ["changes", "EXPERIMENTAL_changes"] {
        let shapes = [
            by(json!({"block_id": height})),
            by(json!({"block_id": hash})),
            by(json!({"finality": "final"})),
        ];
        rows.push(row(method, shapes, nothing()));
    }
    for method in ["block_effects", "EXPERIMENTAL_changes_in_block"] {
        let shapes = [
            json!({"block_id": height}),
            json!({"block_id": hash}),
            json!({"finality": "final"}),
        ];
        rows.push(row(method, shapes, nothing()));
    }
    rows
}

fn query_rows(subject: &Subject) -> Vec<Row> {
    let Subject { account, key, .. } = subject;
    let (height, hash) = (subject.block.header.height, subject.block.header.hash);
    let args = br#"{"program": [{"panic": {"text": "no"}}]}"#;
    let by = |reference: Value, kind: &str, fields: Value| {
        let request = json!({"request_type": kind, "account_id": account});
        merged(reference, merged(request, fields))
    };
    let path = |path: String, data: &[u8]| json!([path, bs58(data)]);
    let same = |path: Value, kind: &str, fields: &Value, refused: [Value; 2]| {
        let shapes = [
            path,
            by(json!({"finality": "optimistic"}), kind, fields.clone()),
            by(json!({"finality": "final"}), kind, fields.clone()),
            by(json!({"block_id": height}), kind, fields.clone()),
            by(json!({"block_id": hash}), kind, fields.clone()),
        ];
        row("query", shapes, refused)
    };
    vec![
        same(
            path(format!("account/{account}"), b""),
            "view_account",
            &json!({}),
            [
                json!([format!("account/{account}")]),
                json!(["account", ""]),
            ],
        ),
        same(
            path(format!("code/{account}"), b""),
            "view_code",
            &json!({}),
            [json!(null), json!([])],
        ),
        same(
            path(format!("contract/{account}"), b""),
            "view_state",
            &json!({"prefix_base64": ""}),
            [
                json!([format!("contract/{account}"), "no base58: 0OIl"]),
                json!([format!("contract/{account}"), bs58(&vec![1; 10 * 1024])]),
            ],
        ),
        same(
            path(format!("contract/{account}"), b"a1"),
            "view_state",
            &json!({"prefix_base64": to_base64(b"a1")}),
            [json!("omitted"), json!({})],
        ),
        same(
            path(format!("access_key/{account}"), b""),
            "view_access_key_list",
            &json!({}),
            [json!(["road/test.near", ""]), json!(["account/a b", ""])],
        ),
        same(
            path(format!("access_key/{account}/{key}"), b""),
            "view_access_key",
            &json!({"public_key": key}),
            [
                json!([format!("access_key/{account}/no key"), ""]),
                json!([format!("access_key/{account}"), "", ""]),
            ],
        ),
        same(
            path(format!("call/{account}/run"), args),
            "call_function",
            &json!({"method_name": "run", "args_base64": to_base64(args)}),
            [
                json!([format!("call/{account}"), ""]),
                json!([format!("call/{account}/run"), 1]),
            ],
        ),
    ]
}

fn view_rows(subject: &Subject) -> Vec<Row> {
    let Subject { account, key, .. } = subject;
    let (height, hash) = (subject.block.header.height, subject.block.header.hash);
    [
        ("EXPERIMENTAL_view_account", json!({})),
        ("EXPERIMENTAL_view_code", json!({})),
        ("EXPERIMENTAL_view_state", json!({"prefix_base64": ""})),
        ("EXPERIMENTAL_view_access_key_list", json!({})),
        ("EXPERIMENTAL_view_access_key", json!({"public_key": key})),
        (
            "EXPERIMENTAL_view_gas_key_nonces",
            json!({"public_key": key}),
        ),
        (
            "EXPERIMENTAL_call_function",
            json!({"method_name": "run", "args_base64": ""}),
        ),
    ]
    .into_iter()
    .map(|(method, fields)| {
        let by = |reference: Value| {
            merged(
                reference,
                merged(json!({"account_id": account}), fields.clone()),
            )
        };
        let shapes = [
            by(json!({"finality": "optimistic"})),
            by(json!({"finality": "final"})),
            by(json!({"block_id": height})),
            by(json!({"block_id": hash})),
        ];
        row(method, shapes, nothing())
    })
    .collect()
}

fn transaction_rows(subject: &Subject) -> Vec<Row> {
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

fn proof_rows(subject: &Subject) -> Vec<Row> {
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

fn sandbox_rows() -> Vec<Row> {
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

fn bs58(bytes: &[u8]) -> String {
    bs58::encode(bytes).into_string()
}

/// Returns the fields of both objects.
fn merged(mut object: Value, other: Value) -> Value {
    for (name, value) in other.as_object().unwrap() {
        object[name] = value.clone();
    }
    object
}
