//! `EXPERIMENTAL_changes` and `EXPERIMENTAL_changes_in_block`: what a block did to the state.

use std::sync::Arc;

use near_jsonrpc_primitives::types::changes::{
    RpcStateChangesError, RpcStateChangesInBlockByTypeRequest,
    RpcStateChangesInBlockByTypeResponse, RpcStateChangesInBlockRequest,
    RpcStateChangesInBlockResponse,
};
use near_primitives::types::BlockReference;

use super::blocks::{NoBlock, find};
use super::params::Params;
use super::{Answer, Node, answer, in_background};
use chain::Block;
use chain::Chain;
use chain::State;
use chain::views;

/// The changes of one kind, to some accounts.
pub async fn changes(node: &Node, params: Params) -> Answer {
    let request: RpcStateChangesInBlockByTypeRequest = params.parse()?;
    let chain = node.miner.chain();
    in_background(move || {
        let (block, previous) = with_previous(&chain, &request.block_reference)?;
        let changes = views::changes(&chain, &block, &previous, &request.state_changes_request);
        answer(RpcStateChangesInBlockResponse {
            block_hash: block.hash,
            changes,
        })
    })
    .await
}

/// Which accounts a block touched.
pub async fn changes_in_block(node: &Node, params: Params) -> Answer {
    let request: RpcStateChangesInBlockRequest = params.parse()?;
    let chain = node.miner.chain();
    in_background(move || {
        let (block, previous) = with_previous(&chain, &request.block_reference)?;
        let changes = views::changed_kinds(&block, &previous);
        answer(RpcStateChangesInBlockByTypeResponse {
            block_hash: block.hash,
            changes,
        })
    })
    .await
}

/// A block, and the state that it started from.
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
