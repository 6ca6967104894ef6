//! The methods about the node, and the refusal of proofs.

use near_chain_configs::{GenesisConfig, ProtocolConfigView};
use near_jsonrpc_primitives::types::network_info::RpcNetworkInfoResponse;
use near_primitives::hash::CryptoHash;
use near_primitives::views::StatusResponse;
use serde_json::{Value, json};

use super::transfer;
use crate::node::Sandbox;

#[test]
fn a_node_describes_itself() {
    let mut sandbox = Sandbox::start();
    let (status, body) = sandbox.client.request("GET", "/status", &[]);
    assert_eq!(status, 200);
    let by_get: StatusResponse = serde_json::from_value(body).unwrap();
    let by_post: StatusResponse = sandbox.call("status", Value::Null);
    assert_eq!(by_get.chain_id, by_post.chain_id);
    assert_eq!(by_get.validator_account_id.unwrap(), "test.near");
    assert!(!by_get.sync_info.syncing);

    for path in ["/health", "/network_info"] {
        assert_eq!(sandbox.client.request("GET", path, &[]).0, 200, "{path}");
    }
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
fn proofs_are_refused() {
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
