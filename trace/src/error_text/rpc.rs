//! The errors of JSON-RPC methods.

use near_primitives::errors::TxExecutionError;
use serde_json::Value;

use super::execution::tx_execution_error;

/// Returns the name of the cause of a JSON-RPC error, such as `UNKNOWN_TRANSACTION`.
pub(crate) fn rpc_error_cause(error: &Value) -> &str {
    error["cause"]["name"].as_str().unwrap_or_default()
}

/// Returns the cause of a `TIMEOUT_ERROR` (`TimeoutErrorCause` in nearcore), such as `NOT_OBSERVED`. Older nodes do
/// not give it.
pub(crate) fn rpc_timeout_cause(error: &Value) -> Option<&str> {
    error["cause"]["info"]["cause"].as_str()
}

/// Describes the `error` of a JSON-RPC response.
pub fn rpc_error(error: &Value) -> String {
    let execution = serde_json::from_value(error["data"]["TxExecutionError"].clone());
    let execution = execution.map(|error: TxExecutionError| tx_execution_error(&error));
    let parts = [
        error["cause"]["name"].as_str(),
        rpc_timeout_cause(error),
        error["cause"]["info"]["debug_info"].as_str(),
        error["message"].as_str(),
        error["data"].as_str(),
    ];
    let mut parts: Vec<_> = parts.into_iter().flatten().map(str::to_owned).collect();
    parts.extend(execution);
    parts.dedup();
    match parts.is_empty() {
        true => error.to_string(),
        false => parts.join(", "),
    }
}
