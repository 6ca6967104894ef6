//! The methods that only a sandbox has: patches of the state, and fast-forwards.

use near_jsonrpc_primitives::types::sandbox::{
    RpcSandboxFastForwardError, RpcSandboxFastForwardRequest, RpcSandboxFastForwardResponse,
    RpcSandboxPatchStateError, RpcSandboxPatchStateRequest, RpcSandboxPatchStateResponse,
};

use super::node::Node;
use super::params::Params;
use super::response::{MethodResult, to_result};

/// Patches the state (`sandbox_patch_state`). Returns when the records are in a block.
pub async fn patch_state(node: &Node, params: Params) -> MethodResult {
    let RpcSandboxPatchStateRequest { records } = params.parse()?;
    // Without records and without empty blocks, the next block may never come.
    if !records.is_empty() {
        let patched = node.block_producer.patch_state(records).await?;
        patched.map_err(|error| RpcSandboxPatchStateError::InternalError {
            error_message: error.to_string(),
        })?;
    }
    to_result(RpcSandboxPatchStateResponse {})
}

/// Skips heights (`sandbox_fast_forward`). Returns when the head has the new height.
pub async fn fast_forward(node: &Node, params: Params) -> MethodResult {
    let RpcSandboxFastForwardRequest { delta_height } = params.parse()?;
    if delta_height > 0 {
        let forwarded = node.block_producer.fast_forward(delta_height).await?;
        forwarded.map_err(|error| RpcSandboxFastForwardError::InternalError {
            error_message: error.to_string(),
        })?;
    }
    to_result(RpcSandboxFastForwardResponse {})
}
