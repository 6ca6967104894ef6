//! The results of methods.

use near_jsonrpc_primitives::errors::RpcError;
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::block_producer::Stopped;

/// The number of view calls that run at the same time. More of them wait, and nothing else does.
pub const VIEW_THREADS: usize = 16;
static VIEWS: Semaphore = Semaphore::const_new(VIEW_THREADS);

/// A value as JSON text. Results are large and are serialized once, without a tree of values in between.
pub struct Json(pub Vec<u8>);

impl Json {
    /// Serializes an error or a message of JSON-RPC. The keys of all their maps are text, so this cannot fail.
    pub fn of(value: &impl Serialize) -> Self {
        Self(serde_json::to_vec(value).unwrap_or_default())
    }
}

/// The result of a method.
pub type MethodResult = Result<Json, RpcError>;

/// Serializes the result of a method.
pub fn to_result(value: impl Serialize) -> MethodResult {
    serde_json::to_vec(&value)
        .map(Json)
        .map_err(|error| RpcError::serialization_error(error.to_string()))
}

/// Runs slow work on a thread where it delays no other request.
pub async fn in_background(work: impl FnOnce() -> MethodResult + Send + 'static) -> MethodResult {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(internal_error(error)),
    }
}

/// Runs a view call, which may take a second, on a thread of the few that are for view calls.
pub async fn in_view(work: impl FnOnce() -> MethodResult + Send + 'static) -> MethodResult {
    // It is never closed.
    let permit = VIEWS.acquire().await.map_err(internal_error)?;
    in_background(move || {
        // A client that has gone does not end its view.
        let _permit = permit;
        work()
    })
    .await
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
