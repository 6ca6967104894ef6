//! The results of methods.

use near_jsonrpc_primitives::errors::RpcError;
use serde::Serialize;
use serde_json::Value;

use crate::block_producer::Stopped;

/// The result of a method.
pub type MethodResult = Result<Value, RpcError>;

/// Serializes the result of a method.
pub fn to_result(value: impl Serialize) -> MethodResult {
    serde_json::to_value(value).map_err(|error| RpcError::serialization_error(error.to_string()))
}

/// Runs slow work on a thread where it delays no other request.
pub async fn in_background(work: impl FnOnce() -> MethodResult + Send + 'static) -> MethodResult {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(internal_error(error)),
    }
}

/// Returns the error for a failure of the node, not of the request.
fn internal_error(error: impl ToString) -> RpcError {
    RpcError::new_internal_error(None, error.to_string())
}

impl From<Stopped> for RpcError {
    fn from(stopped: Stopped) -> Self {
        internal_error(stopped)
    }
}
