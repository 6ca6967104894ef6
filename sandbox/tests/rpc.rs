//! Every method that clients call, with the shapes in which they call it and the types into which they
//! read the answers.

mod common;

use common::{Sandbox, encode, sign};
use near_chain_configs::{GenesisConfig, ProtocolConfigView};
use near_crypto::{InMemorySigner, KeyType, SecretKey, Signer};
use near_jsonrpc_primitives::types::changes::{
    RpcStateChangesInBlockByTypeResponse, RpcStateChangesInBlockResponse,
};
use near_jsonrpc_primitives::types::network_info::RpcNetworkInfoResponse;
use near_jsonrpc_primitives::types::query::{QueryResponseKind, RpcQueryResponse};
use near_jsonrpc_primitives::types::transactions::RpcTransactionResponse;
use near_primitives::account::AccessKey;
use near_primitives::action::{
    Action, AddKeyAction, CreateAccountAction, DeployContractAction, FunctionCallAction,
    TransferAction,
};
use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::validator_stake_view::ValidatorStakeView;
use near_primitives::views::{
    BlockView, ChunkView, EpochValidatorInfo, FinalExecutionOutcomeView, FinalExecutionStatus,
    GasPriceView, ReceiptView, StateChangeCauseView, StateChangeValueView, StatusResponse,
    TxExecutionStatus,
};
use serde_json::{Value, json};

/// Does what its argument tells it to.
const PROBE: &[u8] = include_bytes!("fixtures/probe.wasm");
/// Logs and returns a word: see `fixtures/greet.wat`.
const GREET: &[u8] = include_bytes!("fixtures/greet.wasm");

fn transfer(amount: u128) -> Action {
    TransferAction {
        deposit: Balance::from_yoctonear(amount),
    }
    .into()
}

fn call(method: &str, args: Value) -> Action {
    let action = FunctionCallAction {
        method_name: method.to_owned(),
        args: args.to_string().into_bytes(),
        gas: Gas::from_teragas(100),
        deposit: Balance::ZERO,
    };
    action.into()
}

/// A sandbox with the probe contract on `probe.test.near`.
fn with_probe() -> (Sandbox, Signer, AccountId) {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let probe: AccountId = "probe.test.near".parse().unwrap();
    let key = SecretKey::from_seed(KeyType::ED25519, "probe");
    let outcome = sandbox.commit(
        &root,
        &probe,
        vec![
            CreateAccountAction {}.into(),
            transfer(10_u128.pow(26)),
            AddKeyAction {
                public_key: key.public_key(),
                access_key: AccessKey::full_access(),
            }
            .into(),
            DeployContractAction {
                code: PROBE.to_vec(),
            }
            .into(),
        ],
    );
    assert_eq!(
        outcome.status,
        FinalExecutionStatus::SuccessValue(Vec::new())
    );
    let signer = InMemorySigner::from_secret_key(probe.clone(), key);
    (sandbox, signer, probe)
}

fn query(sandbox: &mut Sandbox, request: Value) -> QueryResponseKind {
    let mut params = request;
    params["finality"] = json!("optimistic");
    sandbox.call::<RpcQueryResponse>("query", params).kind
}

#[test]
fn a_node_tells_about_itself() {
    let mut sandbox = Sandbox::start();
    let (status, body) = sandbox.client.request("GET", "/status", &[]);
    assert_eq!(status, 200);
    let by_get: StatusResponse = serde_json::from_value(body).unwrap();
    let by_post: StatusResponse = sandbox.call("status", Value::Null);
    assert_eq!(by_get.chain_id, by_post.chain_id);
    assert_eq!(by_get.validator_account_id.unwrap(), "test.near");
    assert!(!by_get.sync_info.syncing);

    assert_eq!(sandbox.client.request("GET", "/health", &[]).0, 200);
    sandbox.call::<()>("health", json!([]));
    let network: RpcNetworkInfoResponse = sandbox.call("network_info", json!([]));
    assert!(network.active_peers.is_empty());
    let genesis: GenesisConfig = sandbox.call("EXPERIMENTAL_genesis_config", Value::Null);
    assert_eq!(genesis.epoch_length, 60);
    let protocol: ProtocolConfigView =
        sandbox.call("EXPERIMENTAL_protocol_config", json!({"finality": "final"}));
    assert_eq!(protocol.protocol_version, by_post.protocol_version);
}

#[test]
fn validators_are_those_of_the_genesis() {
    let mut sandbox = Sandbox::start();
    let head: BlockView = sandbox.call("block", json!({"finality": "final"}));
    let epoch = head.header.epoch_id;
    let shapes = [
        Value::Null,
        json!([]),
        json!([null]),
        json!("latest"),
        json!({"latest": null}),
        json!([head.header.hash]),
        json!({"block_id": head.header.height}),
        json!({"epoch_id": epoch}),
    ];
    for params in shapes {
        let info: EpochValidatorInfo = sandbox.call("validators", params);
        assert_eq!(info.current_validators[0].account_id, "test.near");
        assert_eq!(
            info.current_validators[0].stake,
            Balance::from_near(50_000_000)
        );
    }
    for params in [
        Value::Null,
        json!({"block_id": null}),
        json!({"block_id": head.header.hash}),
    ] {
        let stakes: Vec<ValidatorStakeView> =
            sandbox.call("EXPERIMENTAL_validators_ordered", params);
        assert_eq!(stakes[0].account_id(), "test.near");
    }
    for unknown in [
        json!({"block_id": 10_u64.pow(15)}),
        json!({"epoch_id": CryptoHash([7; 32])}),
    ] {
        let (status, error) = sandbox.refusal("validators", unknown);
        assert_eq!(
            (status, &error["cause"]["name"]),
            (200, &json!("UNKNOWN_EPOCH"))
        );
    }
}

#[test]
fn blocks_and_chunks_are_found() {
    let (mut sandbox, ..) = with_probe();
    let head: BlockView = sandbox.call("block", json!({"finality": "near-final"}));
    let parent: BlockView = sandbox.call("block", json!({"block_id": head.header.prev_hash}));
    assert_eq!(parent.header.hash, head.header.prev_hash);
    for params in [
        json!([parent.header.height]),
        json!({"block_id": parent.header.height}),
    ] {
        let block: BlockView = sandbox.call("block", params);
        assert_eq!(block.header.hash, parent.header.hash);
    }
    for checkpoint in ["genesis", "earliest_available"] {
        let block: BlockView = sandbox.call("block", json!({"sync_checkpoint": checkpoint}));
        assert_eq!(block.header.prev_height, None);
    }

    let chunk_hash = parent.chunks[0].chunk_hash;
    let shapes = [
        json!({"chunk_id": chunk_hash}),
        json!([chunk_hash]),
        json!({"block_id": parent.header.height, "shard_id": 0}),
        json!([parent.header.hash, 0]),
    ];
    for params in shapes {
        let chunk: ChunkView = sandbox.call("chunk", params);
        assert_eq!(chunk.header.chunk_hash, chunk_hash);
    }
    let (_, error) = sandbox.refusal("chunk", json!([parent.header.hash, 1]));
    assert_eq!(error["cause"]["name"], "INVALID_SHARD_ID");
    let (_, error) = sandbox.refusal("chunk", json!([CryptoHash([1; 32])]));
    assert_eq!(error["cause"]["name"], "UNKNOWN_CHUNK");

    for params in [
        Value::Null,
        json!([]),
        json!([null]),
        json!([head.header.hash]),
    ] {
        let price: GasPriceView = sandbox.call("gas_price", params);
        assert_eq!(price.gas_price, Balance::from_yoctonear(100_000_000));
    }
}

#[test]
fn a_block_that_is_not_there_is_an_error_of_each_method() {
    let mut sandbox = Sandbox::start();
    let _: Value = sandbox.call("sandbox_fast_forward", json!({"delta_height": 10}));
    let ahead = json!({"block_id": 10_u64.pow(12)});
    let skipped = json!({"block_id": 5});
    let unheard_of = json!({"block_id": CryptoHash([9; 32])});
    let with = |base: &Value, fields: Value| {
        let mut params = base.clone();
        params
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        params
    };
    for (base, status) in [(&ahead, 200), (&skipped, 422), (&unheard_of, 200)] {
        let cases = [
            ("block", base.clone()),
            ("chunk", with(base, json!({"shard_id": 0}))),
            ("gas_price", json!([base["block_id"]])),
            ("EXPERIMENTAL_protocol_config", base.clone()),
            ("EXPERIMENTAL_changes_in_block", base.clone()),
            (
                "query",
                with(
                    base,
                    json!({"request_type": "view_account", "account_id": "near"}),
                ),
            ),
        ];
        for (method, params) in cases {
            let (found, error) = sandbox.refusal(method, params);
            assert_eq!(error["cause"]["name"], "UNKNOWN_BLOCK", "{method}: {error}");
            assert_eq!(found, status, "{method}: {error}");
        }
    }
}

#[test]
fn accounts_and_keys_can_be_looked_at() {
    let (mut sandbox, signer, probe) = with_probe();
    let account = |id: &str| json!({"request_type": "view_account", "account_id": id});
    assert!(matches!(
        query(&mut sandbox, account("test.near")),
        QueryResponseKind::ViewAccount(_)
    ));

    let mut unknown = account("nobody.test.near");
    unknown["finality"] = json!("final");
    let (status, error) = sandbox.refusal("query", unknown);
    assert_eq!(
        (status, &error["cause"]["name"]),
        (200, &json!("UNKNOWN_ACCOUNT"))
    );
    assert_eq!(
        error["data"],
        "account nobody.test.near does not exist while viewing"
    );

    let key = |id: &AccountId, key: &near_crypto::PublicKey| {
        json!({"request_type": "view_access_key", "account_id": id, "public_key": key,
               "finality": "final"})
    };
    let found = query(&mut sandbox, key(&probe, &signer.public_key()));
    assert!(matches!(found, QueryResponseKind::AccessKey(_)));
    let other = SecretKey::from_seed(KeyType::ED25519, "other").public_key();
    // A key that is not there is told as a result.
    let missing: Value = sandbox.call("query", key(&probe, &other));
    assert_eq!(
        missing["error"],
        format!("access key {other} does not exist while viewing")
    );
    assert_eq!(missing["logs"], json!([]));
    assert!(missing["block_height"].is_u64() && missing["block_hash"].is_string());

    let (_, error) = sandbox.refusal(
        "query",
        json!({"request_type": "view_gas_key_nonces", "account_id": probe,
               "public_key": other, "finality": "final"}),
    );
    assert_eq!(error["cause"]["name"], "UNKNOWN_GAS_KEY");
}

#[test]
fn the_oldest_form_of_query_still_works() {
    let (mut sandbox, signer, probe) = with_probe();
    let paths = [
        "account/test.near".to_owned(),
        format!("code/{probe}"),
        format!("contract/{probe}"),
        format!("access_key/{probe}"),
        format!("access_key/{probe}/{}", signer.public_key()),
    ];
    for path in paths {
        let _: RpcQueryResponse = sandbox.call("query", json!([path, ""]));
    }
    assert_eq!(sandbox.refusal("query", json!(["account", ""])).0, 400);
    assert_eq!(
        sandbox.refusal("query", json!(["road/test.near", ""])).0,
        400
    );
}

#[test]
fn access_keys_come_in_pages() {
    let (mut sandbox, signer, probe) = with_probe();
    for batch in 0..2 {
        let keys = (0..75).map(|i| {
            let seed = format!("key {batch} {i}");
            let public_key = SecretKey::from_seed(KeyType::ED25519, &seed).public_key();
            AddKeyAction {
                public_key,
                access_key: AccessKey::full_access(),
            }
            .into()
        });
        let outcome = sandbox.commit(&signer, &probe, keys.collect());
        assert_eq!(
            outcome.status,
            FinalExecutionStatus::SuccessValue(Vec::new())
        );
    }
    let all = json!({"request_type": "view_access_key_list", "account_id": probe,
                     "finality": "final"});
    let (_, error) = sandbox.refusal("query", all.clone());
    assert_eq!(error["cause"]["name"], "TOO_MANY_ACCESS_KEYS");

    for limit in [7, 100, 1_000] {
        let mut seen = Vec::new();
        let mut after = Value::Null;
        loop {
            let mut page = all.clone();
            page["limit"] = json!(limit);
            page["after_key"] = after;
            let QueryResponseKind::AccessKeyList(list) = query(&mut sandbox, page) else {
                panic!("no list of keys");
            };
            assert!(list.keys.len() <= 100);
            seen.extend(list.keys.into_iter().map(|key| key.public_key.to_string()));
            match list.last_key {
                Some(key) => after = json!(key),
                None => break,
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 151, "in pages of {limit}");
    }
}

#[test]
fn code_and_state_can_be_looked_at() {
    let (mut sandbox, signer, probe) = with_probe();
    let program = json!({"program": [
        {"write": {"key": "a1", "value": "one"}},
        {"write": {"key": "a2", "value": "two"}},
        {"write": {"key": "b", "value": "three"}},
    ]});
    sandbox.commit(&signer, &probe, vec![call("run", program)]);

    let code = json!({"request_type": "view_code", "account_id": probe});
    match query(&mut sandbox, code) {
        QueryResponseKind::ViewCode(view) => assert_eq!(view.code, PROBE),
        other => panic!("{other:?}"),
    }
    let state = |fields: Value| {
        let mut params = json!({"request_type": "view_state", "account_id": probe,
                                "prefix_base64": "YQ=="});
        params
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        params
    };
    let mut keys = |params: Value| match query(&mut sandbox, params) {
        QueryResponseKind::ViewState(view) => {
            let keys: Vec<Vec<u8>> = view.values.iter().map(|item| item.key.to_vec()).collect();
            (keys, view.last_key.map(|key| key.to_vec()))
        }
        other => panic!("{other:?}"),
    };
    let (a1, a2) = (b"a1".to_vec(), b"a2".to_vec());
    assert_eq!(keys(state(json!({}))), (vec![a1.clone(), a2.clone()], None));
    assert_eq!(
        keys(state(json!({"limit": 1}))),
        (vec![a1.clone()], Some(a1))
    );
    assert_eq!(
        keys(state(json!({"after_key_base64": "YTE="}))),
        (vec![a2], None)
    );

    let mut with_proof = state(json!({"include_proof": true}));
    with_proof["finality"] = json!("final");
    assert_eq!(sandbox.refusal("query", with_proof).0, 500);
    let none = json!({"request_type": "view_code", "account_id": "near", "finality": "final"});
    let (_, error) = sandbox.refusal("query", none);
    assert_eq!(error["cause"]["name"], "NO_CONTRACT_CODE");
    let hash = CryptoHash::hash_bytes(PROBE);
    for (kind, id) in [
        ("view_global_contract_code", json!({"code_hash": hash})),
        (
            "view_global_contract_code_by_account_id",
            json!({"account_id": probe}),
        ),
    ] {
        let mut params = id;
        params["request_type"] = json!(kind);
        params["finality"] = json!("final");
        let (_, error) = sandbox.refusal("query", params);
        assert_eq!(error["cause"]["name"], "NO_GLOBAL_CONTRACT_CODE");
    }
}

#[test]
fn a_large_state_is_refused_unless_it_is_asked_for_in_pages() {
    let mut sandbox = Sandbox::start_with(|home| {
        let path = home.join("config.json");
        let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        config["trie_viewer_state_size_limit"] = json!(100);
        std::fs::write(&path, config.to_string()).unwrap();
    });
    let mut params = json!({"request_type": "view_state", "account_id": "test.near",
                            "prefix_base64": "", "finality": "final"});
    let (_, error) = sandbox.refusal("query", params.clone());
    assert_eq!(error["cause"]["name"], "TOO_LARGE_CONTRACT_STATE");
    params["limit"] = json!(10);
    let _: RpcQueryResponse = sandbox.call("query", params);
}

#[test]
fn views_are_called() {
    let (mut sandbox, signer, probe) = with_probe();
    let view = |method: &str, args: &str| {
        json!({"request_type": "call_function", "account_id": probe, "method_name": method,
               "args_base64": near_primitives::serialize::to_base64(args.as_bytes()),
               "finality": "final"})
    };
    // A failure is told as a result, with the machine's own words.
    let failures = [
        (view("walk", "{}"), "MethodResolveError(MethodNotFound)"),
        (
            view("run", r#"{"program": [{"panic": {"text": "no"}}]}"#),
            r#"HostError(GuestPanic { panic_msg: "no" })"#,
        ),
        (
            view("run", r#"{"program": []}"#),
            r#"HostError(ProhibitedInView { method_name: "storage_write" })"#,
        ),
    ];
    for (params, words) in failures {
        let result: Value = sandbox.call("query", params);
        assert_eq!(
            result["error"],
            format!("wasm execution failed with error: {words}")
        );
        assert_eq!(result["logs"], json!([]));
    }
    let mut elsewhere = view("greet", "");
    elsewhere["account_id"] = json!("near");
    let result: Value = sandbox.call("query", elsewhere);
    let error = result["error"].as_str().unwrap();
    assert!(error.contains(r#"CompilationError(CodeDoesNotExist { account_id: "near" })"#));

    sandbox.commit(
        &signer,
        &probe,
        vec![
            DeployContractAction {
                code: GREET.to_vec(),
            }
            .into(),
        ],
    );
    match query(&mut sandbox, view("greet", "")) {
        QueryResponseKind::CallResult(result) => {
            assert_eq!(result.result, b"there");
            assert_eq!(result.logs, ["hi"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_view_can_look_at_an_earlier_block() {
    let (mut sandbox, signer, probe) = with_probe();
    let write = |value: &str| {
        call(
            "run",
            json!({"program": [{"write": {"key": "k", "value": value}}]}),
        )
    };
    sandbox.commit(&signer, &probe, vec![write("old")]);
    let then: BlockView = sandbox.call("block", json!({"finality": "final"}));
    sandbox.commit(&signer, &probe, vec![write("new")]);
    let mut value_at = |block: Value| {
        let mut params = block;
        params["request_type"] = json!("view_state");
        params["account_id"] = json!(probe);
        params["prefix_base64"] = json!("aw==");
        match sandbox.call::<RpcQueryResponse>("query", params).kind {
            QueryResponseKind::ViewState(state) => state.values[0].value.to_vec(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(value_at(json!({"block_id": then.header.hash})), b"old");
    assert_eq!(value_at(json!({"block_id": then.header.height})), b"old");
    assert_eq!(value_at(json!({"finality": "final"})), b"new");
}

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
fn a_bad_transaction_is_refused_and_named() {
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
        ("broadcast_tx_async", json!([encoded])),
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
    let hash = CryptoHash([3; 32]);
    let (status, error) =
        sandbox.refusal("tx", json!({"tx_hash": hash, "sender_account_id": "near"}));
    assert_eq!(
        (status, &error["cause"]["name"]),
        (200, &json!("UNKNOWN_TRANSACTION"))
    );
}

#[test]
fn a_status_comes_with_the_receipts() {
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

#[test]
fn changes_are_told_with_their_causes() {
    let (mut sandbox, signer, probe) = with_probe();
    let program = json!({"program": [{"write": {"key": "k", "value": "v"}}]});
    let outcome = sandbox.commit(&signer, &probe, vec![call("run", program)]);
    let receipt = &outcome.receipts_outcome[0];

    let in_block: RpcStateChangesInBlockByTypeResponse = sandbox.call(
        "EXPERIMENTAL_changes_in_block",
        json!({"block_id": receipt.block_hash}),
    );
    assert_eq!(in_block.changes.len(), 3, "{:?}", in_block.changes);

    let mut changes = |fields: Value| {
        let mut params = fields;
        params["block_id"] = json!(receipt.block_hash);
        sandbox
            .call::<RpcStateChangesInBlockResponse>("EXPERIMENTAL_changes", params)
            .changes
    };
    let data = changes(
        json!({"changes_type": "data_changes", "account_ids": [probe],
                              "key_prefix_base64": "aw=="}),
    );
    assert_eq!(data.len(), 1);
    assert!(
        matches!(&data[0].value, StateChangeValueView::DataUpdate { key, value, .. }
        if key.to_vec() == b"k" && value.to_vec() == b"v")
    );
    assert!(
        matches!(data[0].cause, StateChangeCauseView::ReceiptProcessing { receipt_hash }
        if receipt_hash == receipt.id)
    );
    // Transaction and receipt of the same block both changed the account: no cause can be named.
    let account = changes(json!({"changes_type": "account_changes", "account_ids": [probe]}));
    assert!(matches!(
        account[0].cause,
        StateChangeCauseView::NotWritableToDisk
    ));
    let key = json!({"account_id": probe, "public_key": signer.public_key()});
    for request in [
        json!({"changes_type": "all_access_key_changes", "account_ids": [probe]}),
        json!({"changes_type": "single_access_key_changes", "keys": [key]}),
    ] {
        assert_eq!(changes(request).len(), 1);
    }
    let code = json!({"changes_type": "contract_code_changes", "account_ids": [probe]});
    assert!(changes(code.clone()).is_empty());

    let genesis: RpcStateChangesInBlockResponse = sandbox.call(
        "EXPERIMENTAL_changes",
        json!({"block_id": 0, "changes_type": "account_changes", "account_ids": ["near"]}),
    );
    assert!(matches!(
        genesis.changes[0].cause,
        StateChangeCauseView::InitialState
    ));
}

#[test]
fn what_cannot_be_proved_is_said_so() {
    let mut sandbox = Sandbox::start();
    let (root, near) = (sandbox.root(), "near".parse().unwrap());
    let outcome = sandbox.commit(&root, &near, vec![transfer(1)]);
    let head = outcome.transaction_outcome.block_hash;
    let proof = |hash: CryptoHash| {
        json!({"type": "transaction", "transaction_hash": hash, "sender_id": "test.near",
               "light_client_head": head})
    };
    let (status, error) = sandbox.refusal("light_client_proof", proof(outcome.transaction.hash));
    assert_eq!((status, &error["name"]), (500, &json!("INTERNAL_ERROR")));
    let (_, error) = sandbox.refusal("light_client_proof", proof(CryptoHash([1; 32])));
    assert_eq!(error["cause"]["name"], "UNKNOWN_TRANSACTION_OR_RECEIPT");
    let (status, _) = sandbox.refusal("next_light_client_block", json!([head]));
    assert_eq!(status, 500);
    let (_, error) = sandbox.refusal("next_light_client_block", json!([CryptoHash([1; 32])]));
    assert_eq!(error["cause"]["name"], "UNKNOWN_BLOCK");
    let (status, error) = sandbox.refusal("make_coffee", Value::Null);
    assert_eq!((status, &error["code"]), (400, &json!(-32_601)));
    assert_eq!(error["cause"]["name"], "METHOD_NOT_FOUND");
    assert_eq!(error["cause"]["info"]["method_name"], "make_coffee");
}
