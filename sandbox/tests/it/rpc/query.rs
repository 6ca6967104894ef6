//! `query` without calling a contract.

use near_crypto::{KeyType, SecretKey};
use near_jsonrpc_primitives::types::query::{QueryResponseKind, RpcQueryResponse};
use near_primitives::account::AccessKey;
use near_primitives::action::AddKeyAction;
use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;
use near_primitives::views::FinalExecutionStatus;
use serde_json::{Value, json};

use super::{PROBE, call, query, with_config, with_probe};

#[test]
fn accounts_and_keys_can_be_queried() {
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
fn code_and_state_can_be_queried() {
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
fn a_large_state_is_refused_without_pages() {
    let mut sandbox = with_config(|config| config["trie_viewer_state_size_limit"] = json!(100));
    let mut params = json!({"request_type": "view_state", "account_id": "test.near",
                            "prefix_base64": "", "finality": "final"});
    let (_, error) = sandbox.refusal("query", params.clone());
    assert_eq!(error["cause"]["name"], "TOO_LARGE_CONTRACT_STATE");
    params["limit"] = json!(10);
    let _: RpcQueryResponse = sandbox.call("query", params);
}
