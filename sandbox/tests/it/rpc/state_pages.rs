//! The pages of `view_state`, and the limits of views that `config.json` sets.

use near_primitives::serialize::to_base64;
use serde_json::{Value, json};

use super::{call, with_probe, with_probe_and_config};

/// The bytes of a value in the state.
const VALUE: usize = 10_000;

fn write(keys: impl Iterator<Item = String>) -> near_primitives::action::Action {
    let value = "v".repeat(VALUE);
    let writes: Vec<_> = keys
        .map(|key| json!({"write": {"key": key, "value": value}}))
        .collect();
    call("run", json!({"program": writes}))
}

fn keys(page: &Value) -> Vec<&str> {
    let values = page["values"].as_array().unwrap();
    values
        .iter()
        .map(|item| item["key"].as_str().unwrap())
        .collect()
}

#[test]
fn a_page_of_the_state_ends_after_fifty_thousand_bytes() {
    let (mut sandbox, signer, probe) = with_probe();
    for part in 0..4 {
        let keys = (0..10).map(|i| format!("key {:02}", 10 * part + i));
        sandbox.commit(&signer, &probe, vec![write(keys)]);
    }
    let all = json!({"request_type": "view_state", "account_id": probe, "finality": "final",
                     "prefix_base64": to_base64(b"key")});
    let (_, error) = sandbox.refusal("query", all.clone());
    assert_eq!(error["cause"]["name"], "TOO_LARGE_CONTRACT_STATE");

    for first in [
        json!({"limit": 1_000}),
        json!({"after_key_base64": to_base64(b"key ")}),
    ] {
        let mut seen = Vec::new();
        let mut request = all.clone();
        for (name, value) in first.as_object().unwrap() {
            request[name] = value.clone();
        }
        loop {
            let page: Value = sandbox.call("query", request.clone());
            // The item that reaches the limit is the last one.
            assert_eq!(keys(&page).len(), 5);
            seen.extend(keys(&page).into_iter().map(str::to_owned));
            match page.get("last_key") {
                Some(last) => request["after_key_base64"] = last.clone(),
                None => break,
            }
        }
        let expected: Vec<_> = (0..40)
            .map(|i| to_base64(format!("key {i:02}").as_bytes()))
            .collect();
        assert_eq!(seen, expected);
    }
}

#[test]
fn a_page_begins_with_a_key_of_the_prefix() {
    let (mut sandbox, _, probe) = with_probe();
    for after in ["aa", "bbb"] {
        let request = json!({"account_id": probe, "finality": "final",
                             "prefix_base64": to_base64(b"aaa"),
                             "after_key_base64": to_base64(after.as_bytes())});
        let (status, error) = sandbox.refusal("EXPERIMENTAL_view_state", request);
        let message = &error["cause"]["info"]["error_message"];
        assert_eq!(
            (status, message),
            (500, &json!("after_key does not start with the prefix"))
        );
    }
}

#[test]
fn the_state_has_no_limit_if_the_configuration_has_none() {
    let (mut sandbox, signer, probe) = with_probe_and_config(|config| {
        config["trie_viewer_state_size_limit"] = Value::Null;
    });
    let some = (0..10).map(|i| format!("n{i}"));
    sandbox.commit(&signer, &probe, vec![write(some)]);
    let all = json!({"request_type": "view_state", "account_id": probe, "finality": "final",
                     "prefix_base64": to_base64(b"n")});
    let page: Value = sandbox.call("query", all);
    assert_eq!(keys(&page).len(), 10);
}

#[test]
fn the_configuration_limits_the_keys_on_a_page() {
    let (mut sandbox, _, probe) = with_probe_and_config(|config| {
        config["view_access_keys_limit"] = json!(0);
    });
    let all = json!({"request_type": "view_access_key_list", "account_id": probe,
                     "finality": "final"});
    let (_, error) = sandbox.refusal("query", all);
    assert_eq!(error["cause"]["info"]["limit"], 0);
}

#[test]
fn the_configuration_limits_the_gas_of_a_view() {
    let view = |probe| {
        json!({"account_id": probe, "finality": "final", "method_name": "run",
               "args_base64": to_base64(br#"{"program": [{"burn": {"rounds": 2000}}]}"#)})
    };
    let (mut sandbox, _, probe) = with_probe();
    let allowed = sandbox
        .client
        .rpc("EXPERIMENTAL_call_function", view(&probe))
        .1;
    let (mut sandbox, _, probe) = with_probe_and_config(|config| {
        config["max_gas_burnt_view"] = json!(1_000_000_000_000_u64);
    });
    let limited = sandbox
        .client
        .rpc("EXPERIMENTAL_call_function", view(&probe))
        .1;
    let words = "Exceeded the maximum amount of gas allowed to burn per contract.";
    assert!(limited.to_string().contains(words), "{limited}");
    assert!(!allowed.to_string().contains(words), "{allowed}");
}
