//! Gas keys (NEP-611) as queries and changes show them.

use near_crypto::{InMemorySigner, KeyType, PublicKey};
use near_jsonrpc_primitives::types::changes::RpcStateChangesInBlockResponse;
use near_jsonrpc_primitives::types::query::QueryResponseKind;
use near_primitives::account::AccessKey;
use near_primitives::action::{Action, AddKeyAction, DeleteKeyAction};
use near_primitives::hash::CryptoHash;
use near_primitives::views::StateChangeValueView;
use serde_json::json;

use super::query;
use crate::node::Sandbox;

fn gas_key() -> PublicKey {
    let id = "test.near".parse().expect("a valid id");
    InMemorySigner::from_seed(id, KeyType::ED25519, "gas").public_key()
}

/// Sends an action of the root account to itself, and returns the block that has executed it.
fn commit(sandbox: &mut Sandbox, action: Action) -> CryptoHash {
    let root = sandbox.root();
    let outcome = sandbox.commit(&root, &root.get_account_id(), vec![action]);
    outcome.receipts_outcome[0].block_hash
}

fn add(sandbox: &mut Sandbox) -> CryptoHash {
    let action = AddKeyAction {
        public_key: gas_key(),
        access_key: AccessKey::gas_key_full_access(2),
    };
    commit(sandbox, action.into())
}

fn changes(sandbox: &mut Sandbox, block: CryptoHash) -> Vec<StateChangeValueView> {
    let key = json!({"account_id": "test.near", "public_key": gas_key()});
    let params = json!({"block_id": block, "changes_type": "single_access_key_changes",
                        "keys": [key]});
    let response: RpcStateChangesInBlockResponse = sandbox.call("EXPERIMENTAL_changes", params);
    response
        .changes
        .into_iter()
        .map(|change| change.value)
        .collect()
}

#[test]
fn the_nonces_of_a_gas_key_can_be_queried() {
    let mut sandbox = Sandbox::start();
    add(&mut sandbox);
    let request = json!({"request_type": "view_gas_key_nonces", "account_id": "test.near",
                         "public_key": gas_key()});
    let QueryResponseKind::GasKeyNonces(view) = query(&mut sandbox, request) else {
        panic!("no nonces");
    };
    assert_eq!(view.nonces.len(), 2);
}

#[test]
fn the_list_of_keys_has_a_gas_key_once() {
    let mut sandbox = Sandbox::start();
    add(&mut sandbox);
    let request = json!({"request_type": "view_access_key_list", "account_id": "test.near"});
    let QueryResponseKind::AccessKeyList(list) = query(&mut sandbox, request) else {
        panic!("no list of keys");
    };
    assert_eq!(list.keys.len(), 2);
}

#[test]
fn a_new_gas_key_changes_its_nonces() {
    let mut sandbox = Sandbox::start();
    let block = add(&mut sandbox);
    let changes = changes(&mut sandbox, block);
    let nonces = changes
        .iter()
        .filter(|change| matches!(change, StateChangeValueView::GasKeyNonceUpdate { .. }));
    assert_eq!((changes.len(), nonces.count()), (3, 2));
}

#[test]
fn a_deleted_gas_key_is_one_change() {
    let mut sandbox = Sandbox::start();
    add(&mut sandbox);
    let action = DeleteKeyAction {
        public_key: gas_key(),
    };
    let block = commit(&mut sandbox, action.into());
    let changes = changes(&mut sandbox, block);
    let [StateChangeValueView::AccessKeyDeletion { .. }] = changes.as_slice() else {
        panic!("{changes:?}");
    };
}
