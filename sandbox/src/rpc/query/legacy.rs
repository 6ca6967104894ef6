//! The oldest form of `query`, which some clients still use: `[path, data]` (nearcore `parse_path_data` of
//! `chain/jsonrpc/src/api/query.rs`).

use std::fmt::Display;

use near_jsonrpc_primitives::errors::RpcParseError;
use near_jsonrpc_primitives::types::query::RpcQueryRequest;
use near_primitives::types::BlockReference;
use near_primitives::views::QueryRequest;

/// The greatest length of a path and its data together, in bytes.
const MAX_SIZE: usize = 10 * 1024;

/// Parses `account/ID`, `access_key/ID`, `access_key/ID/KEY`, `code/ID`, `contract/ID` with a prefix as data,
/// and `call/ID/METHOD` with arguments as data. Data is base58, and ignored where a kind has none.
pub fn request(path: String, data: String) -> Result<RpcQueryRequest, RpcParseError> {
    let mut parts = path.splitn(3, '/');
    let kind = parts.next().unwrap_or_default();
    let account_id = parts
        .next()
        .ok_or_else(|| failed("Not enough query parameters provided"))?
        .parse()
        .map_err(failed)?;
    let request = match (kind, parts.next()) {
        ("account", _) => QueryRequest::ViewAccount { account_id },
        ("code", _) => QueryRequest::ViewCode { account_id },
        ("contract", _) => QueryRequest::ViewState {
            account_id,
            prefix: decode(&path, &data)?.into(),
            after_key: None,
            limit: None,
            include_proof: false,
        },
        ("access_key", None) => QueryRequest::ViewAccessKeyList {
            account_id,
            after_key: None,
            limit: None,
        },
        ("access_key", Some(key)) => QueryRequest::ViewAccessKey {
            account_id,
            public_key: key.parse().map_err(|_| failed("Invalid public key"))?,
        },
        ("call", Some(method)) => QueryRequest::CallFunction {
            account_id,
            method_name: method.to_owned(),
            args: decode(&path, &data)?.into(),
        },
        ("call", None) => return Err(failed("Method name is missing")),
        (unknown, _) => return Err(failed(format!("Unknown path {unknown}"))),
    };
    Ok(RpcQueryRequest {
        block_reference: BlockReference::latest(),
        request,
    })
}

/// Decodes the data beside a path.
fn decode(path: &str, data: &str) -> Result<Vec<u8>, RpcParseError> {
    let max_size = MAX_SIZE.saturating_sub(path.len());
    // A byte is at least one digit, and the time to decode grows with the square of the length.
    if data.len() > 2 * MAX_SIZE {
        return Err(failed("Query data size is too large"));
    }
    let bytes = bs58::decode(data).into_vec().map_err(failed)?;
    if bytes.len() > max_size {
        return Err(failed("Query data size is too large"));
    }
    Ok(bytes)
}

fn failed(problem: impl Display) -> RpcParseError {
    RpcParseError(problem.to_string())
}
