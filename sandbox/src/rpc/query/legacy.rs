//! The oldest form of `query`, which some clients still use: `[path, data]`. Only empty data is supported;
//! a call with arguments needs the current form.

use near_jsonrpc_primitives::errors::RpcParseError;
use near_jsonrpc_primitives::types::query::RpcQueryRequest;
use near_primitives::types::BlockReference;
use near_primitives::views::QueryRequest;
use serde_json::Value;

use crate::rpc::params::{parse, wrong_number};

/// Parses `["account/ID", ""]`, `["access_key/ID", ""]`, `["access_key/ID/KEY", ""]`, `["code/ID", ""]`,
/// `["contract/ID", ""]`, `["call/ID/METHOD", ""]`.
pub fn request(values: Vec<Value>) -> Result<RpcQueryRequest, RpcParseError> {
    let [path, data] = <[Value; 2]>::try_from(values)
        .map_err(|values| wrong_number("an object or [path, data]", values.len()))?;
    let path: String = parse(path)?;
    let data: String = parse(data)?;
    if !data.is_empty() {
        return Err(failed(
            "data beside a path is not understood: send an object".to_owned(),
        ));
    }

    let parts: Vec<_> = path.split('/').collect();
    let account_id = match parts.get(1) {
        Some(id) => id
            .parse()
            .map_err(|error| failed(format!("account id {id}: {error}")))?,
        None => return Err(failed(format!("path {path} names no account"))),
    };
    let request = match parts[..] {
        ["account", _] => QueryRequest::ViewAccount { account_id },
        ["code", _] => QueryRequest::ViewCode { account_id },
        ["contract", _] => QueryRequest::ViewState {
            account_id,
            prefix: Vec::new().into(),
            after_key: None,
            limit: None,
            include_proof: false,
        },
        ["access_key", _] => QueryRequest::ViewAccessKeyList {
            account_id,
            after_key: None,
            limit: None,
        },
        ["access_key", _, key] => {
            let public_key = key
                .parse()
                .map_err(|error| failed(format!("public key {key}: {error}")))?;
            QueryRequest::ViewAccessKey {
                account_id,
                public_key,
            }
        }
        ["call", _, method] => QueryRequest::CallFunction {
            account_id,
            method_name: method.to_owned(),
            args: Vec::new().into(),
        },
        _ => return Err(failed(format!("path {path} is of no known kind"))),
    };
    Ok(RpcQueryRequest {
        block_reference: BlockReference::latest(),
        request,
    })
}

fn failed(problem: String) -> RpcParseError {
    RpcParseError(format!("Failed parsing args: {problem}"))
}
