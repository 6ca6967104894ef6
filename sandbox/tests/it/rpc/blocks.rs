//! Blocks, chunks, gas prices, and changes of the state.

use near_jsonrpc_primitives::types::changes::{
    RpcStateChangesInBlockByTypeResponse, RpcStateChangesInBlockResponse,
};
use near_primitives::hash::CryptoHash;
use near_primitives::serialize::to_base64;
use near_primitives::types::Balance;
use near_primitives::views::{
    BlockView, ChunkView, GasPriceView, StateChangeCauseView, StateChangeValueView,
};
use serde_json::{Value, json};

use super::{call, with_probe};
use crate::node::Sandbox;

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
    let chunk: ChunkView = sandbox.call("chunk", json!({"chunk_id": chunk_hash}));
    assert_eq!(chunk.header.chunk_hash, chunk_hash);
    let (_, error) = sandbox.refusal("chunk", json!([[parent.header.hash, 1]]));
    assert_eq!(error["cause"]["name"], "INVALID_SHARD_ID");
    let (_, error) = sandbox.refusal("chunk", json!([CryptoHash([1; 32])]));
    assert_eq!(error["cause"]["name"], "UNKNOWN_CHUNK");

    for params in [json!([null]), json!([head.header.hash])] {
        let price: GasPriceView = sandbox.call("gas_price", params);
        assert_eq!(price.gas_price, Balance::from_yoctonear(100_000_000));
    }
}

#[test]
fn each_method_has_an_error_for_a_missing_block() {
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

/// The name of one account is a prefix of another's.
#[test]
fn an_account_with_many_changes_is_listed_once_for_each_kind() {
    let mut sandbox = Sandbox::start();
    let accounts = ["ab", "ab-c", "ab.c", "abc"];
    let mut records = Vec::new();
    for id in accounts {
        let account = json!({"amount": "1", "locked": "0", "storage_usage": 0,
            "code_hash": CryptoHash::default(), "version": "V1"});
        records.push(json!({"Account": {"account_id": id, "account": account}}));
        for number in 0..100 {
            let data_key = CryptoHash::hash_bytes(&[number]).0[..6].to_vec();
            let data = json!({"account_id": id, "data_key": to_base64(&data_key), "value": ""});
            records.push(json!({"Data": data}));
        }
    }
    let _: Value = sandbox.call("sandbox_patch_state", json!({"records": records}));
    let head = sandbox.height();

    let told = (0..=head).rev().find_map(|height| {
        let params = json!({"block_id": height});
        let (_, answer) = sandbox.client.rpc("EXPERIMENTAL_changes_in_block", params);
        let changes = answer["result"]["changes"].as_array()?.len();
        (changes > 0).then_some(changes)
    });

    assert_eq!(told, Some(2 * accounts.len()));
}

#[test]
fn changes_have_their_causes() {
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
