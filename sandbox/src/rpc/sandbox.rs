//! The methods that only a sandbox has: changing the state by force, and jumping ahead in time.

use near_jsonrpc_primitives::types::sandbox::{
    RpcSandboxFastForwardError, RpcSandboxFastForwardRequest, RpcSandboxFastForwardResponse,
    RpcSandboxPatchStateError, RpcSandboxPatchStateRequest, RpcSandboxPatchStateResponse,
};

use super::params::Params;
use super::{Answer, Node, answer};

/// `sandbox_patch_state`: returns when the records are in a block.
pub async fn patch_state(node: &Node, params: Params) -> Answer {
    let request: RpcSandboxPatchStateRequest = params.parse()?;
    node.miner
        .patch_state(request.records)
        .await?
        .map_err(|error| RpcSandboxPatchStateError::InternalError {
            error_message: error.to_string(),
        })?;
    answer(RpcSandboxPatchStateResponse {})
}

/// `sandbox_fast_forward`: returns when the head is where it was asked to be.
pub async fn fast_forward(node: &Node, params: Params) -> Answer {
    let RpcSandboxFastForwardRequest { delta_height } = params.parse()?;
    if delta_height > 0 {
        let jumped = node.miner.fast_forward(delta_height).await?;
        jumped.map_err(|error| RpcSandboxFastForwardError::InternalError {
            error_message: error.to_string(),
        })?;
    }
    answer(RpcSandboxFastForwardResponse {})
}
