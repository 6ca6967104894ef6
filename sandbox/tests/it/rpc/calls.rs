//! `query` that calls a contract.

use near_jsonrpc_primitives::types::query::{QueryResponseKind, RpcQueryResponse};
use near_primitives::action::DeployContractAction;
use near_primitives::views::BlockView;
use serde_json::{Value, json};

use super::{GREET, call, query, with_probe};

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
fn a_view_can_use_an_earlier_block() {
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
