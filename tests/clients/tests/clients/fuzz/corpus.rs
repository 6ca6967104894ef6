//! The corpus: one or more valid requests for each method, with hashes that the chain knows.

use anyhow::ensure;
use near_primitives::action::{Action, DeployContractAction, FunctionCallAction};
use near_primitives::serialize::to_base64;
use near_primitives::types::{Balance, Gas};
use rand::Rng;
use rand::rngs::StdRng;
use sandbox_clients::{Node, Rpc, encoded, partner_wasm, sign};
use serde_json::{Value, json};

/// The table of methods. The corpus needs a request for each method in it.
const METHODS: &str = include_str!("../../../../../sandbox/src/rpc/methods.rs");

/// Parts of the names of methods that need what the sandbox does not have: validators' signatures, gas keys, a
/// client of neard's.
const REFUSED: [&str; 3] = ["light_client", "gas_key", "client_config"];

/// A set of valid requests.
pub struct Corpus {
    requests: Vec<Value>,
    /// The values in the requests, as material for mutations.
    pieces: Vec<Value>,
}

/// The account, transaction and block that the requests of a corpus name.
struct Subject {
    account: String,
    public_key: Value,
    transaction: String,
    outcome: Value,
    block: Value,
}

impl Corpus {
    /// Creates an account with a contract, calls it, and builds requests about both.
    pub async fn new(node: &Node, round: u64) -> anyhow::Result<Self> {
        let subject = Subject::new(node, round).await?;
        let requests: Vec<Value> = requests(&subject)
            .into_iter()
            .map(|(method, params)| {
                json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
            })
            .collect();
        for method in methods() {
            let has = requests.iter().any(|request| request["method"] == method);
            ensure!(has, "{method} is not fuzzed");
        }
        let mut pieces = Vec::new();
        for request in &requests {
            collect(request, &mut pieces);
        }
        // A patch must not change the account that creates all others.
        pieces.retain(|piece| !piece.to_string().contains("test.near"));
        Ok(Self { requests, pieces })
    }

    /// Returns the requests.
    pub fn requests(&self) -> &[Value] {
        &self.requests
    }

    /// Returns a random request.
    pub fn pick(&self, random: &mut StdRng) -> &Value {
        &self.requests[random.gen_range(0..self.requests.len())]
    }

    /// Returns a random value from a request.
    pub fn piece(&self, random: &mut StdRng) -> &Value {
        &self.pieces[random.gen_range(0..self.pieces.len())]
    }

    /// Checks that each request gets the expected response.
    pub async fn check_responses(&self, rpc: &Rpc) -> anyhow::Result<()> {
        for request in &self.requests {
            let method = request["method"].as_str().unwrap_or_default();
            let params = request["params"].clone();
            if REFUSED.iter().any(|part| method.contains(part)) {
                rpc.refusal(method, params).await?;
            } else {
                rpc.call(method, params).await?;
            }
        }
        Ok(())
    }
}

impl Subject {
    async fn new(node: &Node, round: u64) -> anyhow::Result<Self> {
        let (rpc, root) = (node.rpc(), node.root()?);
        let code = partner_wasm("hello")?;
        let deploy = vec![DeployContractAction { code }.into()];
        let name = format!("round{round}.test.near");
        let balance = Balance::from_near(10);
        let key = root.create_account(&rpc, &name, balance, deploy).await?;
        let call: Action = FunctionCallAction {
            method_name: "set_greeting".to_owned(),
            args: br#"{"greeting":"Howdy"}"#.to_vec(),
            gas: Gas::from_teragas(10),
            deposit: Balance::ZERO,
        }
        .into();
        let (nonce, block_hash) = key.nonce(&rpc).await?;
        let transaction = sign(&key, nonce + 1, &key.account(), vec![call], block_hash);
        let transaction = encoded(&transaction)?;
        let outcome = rpc
            .call("broadcast_tx_commit", json!([transaction]))
            .await?;
        ensure!(outcome["status"].get("SuccessValue").is_some(), "{outcome}");
        let block = outcome["transaction_outcome"]["block_hash"].clone();
        Ok(Self {
            public_key: json!(key.signer.public_key()),
            block: rpc.call("block", json!({ "block_id": block })).await?,
            account: name,
            transaction,
            outcome,
        })
    }
}

fn requests(about: &Subject) -> Vec<(&'static str, Value)> {
    let account = &about.account;
    let hash = &about.outcome["transaction"]["hash"];
    let receipt = &about.outcome["receipts_outcome"][0]["id"];
    let (block, height) = (
        &about.block["header"]["hash"],
        &about.block["header"]["height"],
    );
    let chunk = &about.block["chunks"][0]["chunk_hash"];
    let transaction = &about.transaction;
    let status = json!({
        "tx_hash": hash, "sender_account_id": account, "wait_until": "FINAL",
    });
    let changes = json!({
        "block_id": block, "changes_type": "account_changes", "account_ids": [account],
    });
    let mut requests = vec![
        ("status", json!(null)),
        ("health", json!([])),
        ("network_info", json!({})),
        ("validators", json!([null])),
        (
            "EXPERIMENTAL_validators_ordered",
            json!({ "block_id": block }),
        ),
        ("genesis_config", json!(null)),
        ("EXPERIMENTAL_genesis_config", json!(null)),
        ("EXPERIMENTAL_protocol_config", json!({"finality": "final"})),
        ("block", json!({ "block_id": height })),
        ("block", json!({"sync_checkpoint": "earliest_available"})),
        ("block", json!([block])),
        ("chunk", json!({ "chunk_id": chunk })),
        ("chunk", json!({"block_id": block, "shard_id": 0})),
        ("gas_price", json!([height])),
        ("changes", changes.clone()),
        ("EXPERIMENTAL_changes", changes),
        ("block_effects", json!({ "block_id": block })),
        (
            "EXPERIMENTAL_changes_in_block",
            json!({"finality": "final"}),
        ),
        ("broadcast_tx_async", json!([transaction])),
        ("broadcast_tx_commit", json!([transaction])),
        (
            "send_tx",
            json!({"signed_tx_base64": transaction, "wait_until": "INCLUDED"}),
        ),
        ("tx", json!([hash, account])),
        (
            "tx",
            json!({"signed_tx_base64": transaction, "wait_until": "EXECUTED"}),
        ),
        ("tx_status", status.clone()),
        ("EXPERIMENTAL_tx_status", status),
        ("EXPERIMENTAL_receipt", json!({ "receipt_id": receipt })),
        (
            "EXPERIMENTAL_receipt_to_tx",
            json!({ "receipt_id": receipt }),
        ),
        ("client_config", json!([])),
        ("maintenance_windows", json!({ "account_id": account })),
        (
            "EXPERIMENTAL_maintenance_windows",
            json!({ "account_id": account }),
        ),
        ("EXPERIMENTAL_split_storage_info", json!({})),
        (
            "EXPERIMENTAL_congestion_level",
            json!({ "chunk_id": chunk }),
        ),
        ("sandbox_fast_forward", json!({"delta_height": 3})),
        ("sandbox_patch_state", patch()),
    ];
    requests.extend(proofs(about));
    requests.extend(views(about));
    requests.extend(queries(about).into_iter().map(|params| ("query", params)));
    requests.push(("query", json!([format!("account/{account}"), ""])));
    requests
}

fn proofs(about: &Subject) -> Vec<(&'static str, Value)> {
    let block = &about.block["header"]["hash"];
    let of_outcome = json!({
        "type": "transaction", "transaction_hash": about.outcome["transaction"]["hash"],
        "sender_id": about.account, "light_client_head": block,
    });
    let chunk = json!({"block_hash": block, "shard_id": 0});
    vec![
        ("light_client_proof", of_outcome.clone()),
        ("EXPERIMENTAL_light_client_proof", of_outcome.clone()),
        (
            "EXPERIMENTAL_light_client_execution_outcome_proof",
            of_outcome,
        ),
        (
            "EXPERIMENTAL_light_client_block_proof",
            json!({"block_hash": block, "light_client_head": block}),
        ),
        (
            "EXPERIMENTAL_light_client_chunk_execution_proof",
            json!({"chunk_id": chunk, "light_client_head": block}),
        ),
        (
            "EXPERIMENTAL_light_client_state_proof",
            json!({
                "chunk_id": chunk, "light_client_head": block,
                "target": {"target_type": "account", "account_id": about.account},
            }),
        ),
        (
            "next_light_client_block",
            json!({ "last_block_hash": block }),
        ),
    ]
}

fn views(about: &Subject) -> Vec<(&'static str, Value)> {
    let account = &about.account;
    let view = |fields: Value| {
        let mut params = json!({"account_id": account, "finality": "final"});
        for (name, value) in fields.as_object().into_iter().flatten() {
            params[name] = value.clone();
        }
        params
    };
    let key = json!({ "public_key": about.public_key });
    vec![
        ("EXPERIMENTAL_view_account", view(json!({}))),
        ("EXPERIMENTAL_view_code", view(json!({}))),
        (
            "EXPERIMENTAL_view_state",
            view(json!({"prefix_base64": "", "limit": 2})),
        ),
        ("EXPERIMENTAL_view_access_key", view(key.clone())),
        ("EXPERIMENTAL_view_access_key_list", view(json!({}))),
        ("EXPERIMENTAL_view_gas_key_nonces", view(key)),
        (
            "EXPERIMENTAL_call_function",
            view(json!({"method_name": "get_greeting", "args_base64": to_base64(b"{}")})),
        ),
    ]
}

fn queries(about: &Subject) -> Vec<Value> {
    let account = &about.account;
    vec![
        json!({"request_type": "view_account", "finality": "final", "account_id": account}),
        json!({"request_type": "view_code", "finality": "final", "account_id": account}),
        json!({
            "request_type": "view_state", "finality": "optimistic", "account_id": account,
            "prefix_base64": to_base64(b"STA"),
        }),
        json!({
            "request_type": "view_access_key", "finality": "near-final", "account_id": account,
            "public_key": about.public_key,
        }),
        json!({"request_type": "view_access_key_list", "finality": "final", "account_id": account}),
        json!({
            "request_type": "call_function", "block_id": about.block["header"]["height"],
            "account_id": account, "method_name": "get_greeting", "args_base64": to_base64(b"{}"),
        }),
    ]
}

fn patch() -> Value {
    json!({"records": [
        {"Account": {"account_id": "patched", "account": {
            "amount": "1000000000000000000000000", "locked": "0", "storage_usage": 182,
            "code_hash": "11111111111111111111111111111111",
        }}},
        {"Data": {"account_id": "patched", "data_key": "a2V5", "value": "dmFsdWU="}},
    ]})
}

/// Returns the names in the table of methods.
fn methods() -> Vec<&'static str> {
    METHODS
        .lines()
        .filter_map(|line| line.split_once(" =>"))
        .flat_map(|(names, _)| names.split('"').skip(1).step_by(2))
        .collect()
}

fn collect(value: &Value, pieces: &mut Vec<Value>) {
    pieces.push(value.clone());
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, pieces)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, pieces)),
        _ => {}
    }
}
