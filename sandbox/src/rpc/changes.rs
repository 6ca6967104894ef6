//! The methods about changes of the state: `EXPERIMENTAL_changes`, `EXPERIMENTAL_changes_in_block`.

use std::sync::Arc;

use chain::{Block, Chain, State, views};
use near_jsonrpc_primitives::types::changes::{
    RpcStateChangesError, RpcStateChangesInBlockByTypeRequest,
    RpcStateChangesInBlockByTypeResponse, RpcStateChangesInBlockRequest,
    RpcStateChangesInBlockResponse,
};
use near_primitives::types::BlockReference;

use super::blocks::{NoBlock, find};
use super::node::Node;
use super::params::Params;
use super::response::{MethodResult, in_background, to_result};

/// Returns the changes of one kind to some accounts.
pub async fn changes(node: &Node, params: Params) -> MethodResult {
    let request: RpcStateChangesInBlockByTypeRequest = params.parse()?;
    let chain = node.block_producer.chain();
    in_background(move || {
        let (block, previous) = with_previous(&chain, &request.block_reference)?;
        let changes = views::changes(&chain, &block, &previous, &request.state_changes_request);
        to_result(RpcStateChangesInBlockResponse {
            block_hash: block.hash,
            changes,
        })
    })
    .await
}

/// Returns the accounts that a block has changed.
pub async fn changes_in_block(node: &Node, params: Params) -> MethodResult {
    let request: RpcStateChangesInBlockRequest = params.parse()?;
    let chain = node.block_producer.chain();
    in_background(move || {
        let (block, previous) = with_previous(&chain, &request.block_reference)?;
        let changes = views::changed_kinds(&block, &previous);
        to_result(RpcStateChangesInBlockByTypeResponse {
            block_hash: block.hash,
            changes,
        })
    })
    .await
}

/// Returns a block and the state before it.
fn with_previous(
    chain: &Chain,
    reference: &BlockReference,
) -> Result<(Arc<Block>, State), RpcStateChangesError> {
    let unknown = |error_message| RpcStateChangesError::UnknownBlock { error_message };
    let block = find(chain, reference).map_err(|NoBlock(message)| unknown(message))?;
    let previous = views::previous_state(chain, block)
        .ok_or_else(|| unknown(format!("BLOCK HEADER: {}", block.prev_hash)))?;
    Ok((block.clone(), previous))
}
