//! The methods of RPC that are refused: one row for all that get the same answer.

use serde_json::{Value, json};

use crate::node::Sandbox;
use crate::rpc::transfer;
use crate::test_chain::account;

/// A request, and the words of its refusal.
type Tried = (String, String);

/// Returns the refusals of methods.
pub fn refused(sandbox: &mut Sandbox) -> Vec<Tried> {
    let state = state_with_proof();
    let mut with_proof = state.clone();
    with_proof["request_type"] = json!("view_state");
    let paged = {
        let mut paged = state.clone();
        paged["limit"] = json!(1);
        paged
    };
    let proofs = proofs(sandbox);
    let settings = [("client_config", Value::Null)];
    vec![
        same(sandbox, "", &proofs),
        same(
            sandbox,
            " with `include_proof`",
            &[
                ("query", with_proof),
                ("EXPERIMENTAL_view_state", state),
                ("EXPERIMENTAL_view_state", paged),
            ],
        ),
        same(sandbox, "", &settings),
        same(
            sandbox,
            ", which nodes have only if they are built or set up for it",
            &optional(),
        ),
        same(sandbox, ", which nodes no longer have", &former()),
        batch(sandbox),
        pages(sandbox),
    ]
}

/// Calls methods that get the same answer, and returns their row.
fn same(sandbox: &mut Sandbox, condition: &str, methods: &[(&str, Value)]) -> Tried {
    let mut names: Vec<_> = methods
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    names.dedup();
    let mut answers: Vec<_> = methods
        .iter()
        .map(|(name, params)| answered(sandbox, name, params.clone()))
        .collect();
    answers.dedup();
    let [answer] = &answers[..] else {
        panic!("one answer of {names:?}, not {answers:?}");
    };
    (format!("{}{condition}", names.join(", ")), answer.clone())
}

fn proofs(sandbox: &mut Sandbox) -> Vec<(&'static str, Value)> {
    let root = sandbox.root();
    let sent = sandbox.commit(&root, &account("near"), vec![transfer(1)]);
    let block = sent.transaction_outcome.block_hash;
    let chunk = json!({"block_hash": block, "shard_id": 0});
    let with = |mut params: Value| {
        params["light_client_head"] = json!(block);
        params
    };
    let outcome = with(json!({
        "type": "transaction",
        "transaction_hash": sent.transaction.hash,
        "sender_id": "test.near",
    }));
    let target = json!({"target_type": "account", "account_id": "near"});
    vec![
        ("light_client_proof", outcome.clone()),
        ("EXPERIMENTAL_light_client_proof", outcome.clone()),
        ("EXPERIMENTAL_light_client_execution_outcome_proof", outcome),
        (
            "EXPERIMENTAL_light_client_block_proof",
            with(json!({"block_hash": block})),
        ),
        (
            "EXPERIMENTAL_light_client_chunk_execution_proof",
            with(json!({"chunk_id": chunk})),
        ),
        (
            "EXPERIMENTAL_light_client_state_proof",
            with(json!({"chunk_id": chunk, "target": target})),
        ),
        ("next_light_client_block", json!({"last_block_hash": block})),
    ]
}

fn state_with_proof() -> Value {
    json!({
        "account_id": "near",
        "prefix_base64": "",
        "include_proof": true,
        "finality": "final",
    })
}

/// Returns the methods that a node has only with a setting or with a feature of its build.
fn optional() -> Vec<(&'static str, Value)> {
    let names = [
        "EXPERIMENTAL_indexer_block",
        "adv_check_store",
        "adv_disable_doomslug",
        "adv_disable_header_sync",
        "adv_get_saved_blocks",
        "adv_produce_blocks",
        "adv_set_weight",
        "adv_switch_to_height",
    ];
    names.map(|name| (name, Value::Null)).into()
}

/// Returns the methods of older nodes that clients still know.
fn former() -> Vec<(&'static str, Value)> {
    let names = [
        "EXPERIMENTAL_view_gas_key",
        "EXPERIMENTAL_view_gas_key_list",
    ];
    names.map(|name| (name, Value::Null)).into()
}

fn batch(sandbox: &mut Sandbox) -> Tried {
    let request = json!({"jsonrpc": "2.0", "id": "1", "method": "status", "params": []});
    let (_, answer) = sandbox.client.post(json!([request]).to_string().as_bytes());
    let message = &answer["error"]["cause"]["info"]["error_message"];
    let words = message.as_str().unwrap_or_else(|| panic!("{answer}"));
    ("several requests in one body".to_owned(), words.to_owned())
}

fn pages(sandbox: &mut Sandbox) -> Tried {
    let paths = ["/openapi.json", "/debug", "/debug/client_config"];
    for path in paths {
        assert_eq!(sandbox.client.status("GET", path), 404, "{path}");
    }
    let names = paths.map(|path| format!("`GET {path}`")).join(", ");
    (names, "404 Not Found".to_owned())
}

/// Returns the message of a method's error, or its name if there is no message.
pub fn answered(sandbox: &mut Sandbox, method: &str, params: Value) -> String {
    let (_, error) = sandbox.refusal(method, params);
    let cause = &error["cause"];
    let message = &cause["info"]["error_message"];
    let words = message.as_str().or(cause["name"].as_str());
    words.unwrap_or_else(|| panic!("{error}")).to_owned()
}
