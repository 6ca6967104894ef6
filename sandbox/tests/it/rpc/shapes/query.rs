//! `query`, and the methods that are a kind of it.

use near_primitives::serialize::to_base64;
use serde_json::{Value, json};

use super::row::{Row, Subject, merged, nothing, row};

pub fn query_rows(subject: &Subject) -> Vec<Row> {
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

pub fn view_rows(subject: &Subject) -> Vec<Row> {
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

fn bs58(bytes: &[u8]) -> String {
    bs58::encode(bytes).into_string()
}
