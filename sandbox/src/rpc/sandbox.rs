//! The methods that only a sandbox has: changing the state by force, and jumping ahead in time.

use near_jsonrpc_primitives::types::sandbox::{
    RpcSandboxFastForwardError, RpcSandboxFastForwardRequest, RpcSandboxFastForwardResponse,
    RpcSandboxPatchStateError, RpcSandboxPatchStateRequest, RpcSandboxPatchStateResponse,
};

use super::params::Params;
use super::{Answer, Node, answer};

/// A jump may not be longer than this: 310 ms of chain time for each height, and a million nonces, must
/// still fit into 64 bits after many of them.
const LONGEST_JUMP: u64 = 1_000_000_000;

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
    if delta_height > LONGEST_JUMP {
        let error_message =
            format!("delta_height {delta_height} is more than {LONGEST_JUMP}: jump in steps");
        return Err(RpcSandboxFastForwardError::InternalError { error_message }.into());
    }
    if delta_height > 0 {
        node.miner.fast_forward(delta_height).await?;
    }
    answer(RpcSandboxFastForwardResponse {})
}
