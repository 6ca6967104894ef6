//! The methods about blocks: `block`, `chunk`, `EXPERIMENTAL_congestion_level`, `gas_price`.

use std::sync::Arc;

use chain::{Block, Chain, views};
use near_jsonrpc_primitives::errors::RpcParseError;
use near_jsonrpc_primitives::types::blocks::{RpcBlockError, RpcBlockResponse};
use near_jsonrpc_primitives::types::chunks::{ChunkReference, RpcChunkError, RpcChunkResponse};
use near_jsonrpc_primitives::types::congestion::RpcCongestionLevelResponse;
use near_jsonrpc_primitives::types::gas_price::{
    RpcGasPriceError, RpcGasPriceRequest, RpcGasPriceResponse,
};
use near_primitives::sharding::ChunkHash;
use near_primitives::types::{BlockId, BlockReference, ShardId, SyncCheckpoint};
use near_primitives::views::GasPriceView;
use serde_json::Value;

use super::node::Node;
use super::params::{Params, parse};
use super::response::{MethodResult, to_result};

/// A block that does not exist or is no longer kept.
pub struct NoBlock(pub String);

/// Returns the block that a request refers to.
pub fn find<'a>(chain: &'a Chain, reference: &BlockReference) -> Result<&'a Arc<Block>, NoBlock> {
    match reference {
        // Every block is final at once.
        BlockReference::Finality(_) => Ok(chain.head()),
        BlockReference::BlockId(id) => find_by_id(chain, id),
        BlockReference::SyncCheckpoint(SyncCheckpoint::EarliestAvailable) => {
            Ok(chain.first_block())
        }
        BlockReference::SyncCheckpoint(SyncCheckpoint::Genesis) => {
            find_by_id(chain, &BlockId::Height(chain.genesis().genesis_height))
        }
    }
}

/// Returns the block with a height or a hash.
pub fn find_by_id<'a>(chain: &'a Chain, id: &BlockId) -> Result<&'a Arc<Block>, NoBlock> {
    match id {
        BlockId::Height(height) => chain
            .block_at(*height)
            .ok_or_else(|| NoBlock(format!("BLOCK HEIGHT: {height}"))),
        BlockId::Hash(hash) => chain
            .block_by_hash(hash)
            .ok_or_else(|| NoBlock(format!("BLOCK HEADER: {hash}"))),
    }
}

/// Returns a block (`block`): by `{"block_id"}`, `{"finality"}`, `{"sync_checkpoint"}`, or `[id]`.
pub fn block(node: &Node, params: Params) -> MethodResult {
    let block_reference = match params.singleton() {
        Ok(id) => BlockReference::BlockId(parse(id)?),
        Err(params) => params.parse()?,
    };
    let chain = node.block_producer.chain();
    let block = find(&chain, &block_reference)
        .map_err(|NoBlock(error_message)| RpcBlockError::UnknownBlock { error_message })?;
    to_result(RpcBlockResponse {
        block_view: views::block_view(&chain, block),
    })
}

/// Returns a chunk (`chunk`): by `{"block_id", "shard_id"}`, `{"chunk_id"}`, `[[block_id, shard_id]]`, or
/// `[chunk_id]`.
pub fn chunk(node: &Node, params: Params) -> MethodResult {
    let chain = node.block_producer.chain();
    let block = block_of_chunk(&chain, &chunk_reference(params)?)?;
    to_result(RpcChunkResponse {
        chunk_view: views::chunk_view(&chain, block),
    })
}

/// Returns the congestion of a chunk (`EXPERIMENTAL_congestion_level`), with the parameters of `chunk`. The
/// chain has no congestion control, so the headers of all chunks report none.
pub fn congestion_level(node: &Node, params: Params) -> MethodResult {
    let chain = node.block_producer.chain();
    let block = block_of_chunk(&chain, &chunk_reference(params)?)?;
    let congestion_info = views::chunk_view(&chain, block).header.congestion_info;
    let config = chain.runtime_config().congestion_control_config;
    to_result(RpcCongestionLevelResponse {
        congestion_level: congestion_info.map_or(0.0, |info| info.congestion_level(config.into())),
    })
}

/// Returns the gas price (`gas_price`) of the block `[id]` or `{"block_id"}`, by default of the latest one.
pub fn gas_price(node: &Node, params: Params) -> MethodResult {
    let RpcGasPriceRequest { block_id } = params.parse()?;
    let chain = node.block_producer.chain();
    let block = match block_id {
        None => chain.head(),
        Some(id) => find_by_id(&chain, &id)
            .map_err(|NoBlock(error_message)| RpcGasPriceError::UnknownBlock { error_message })?,
    };
    to_result(RpcGasPriceResponse {
        gas_price_view: GasPriceView {
            gas_price: block.gas_price,
        },
    })
}

fn chunk_reference(params: Params) -> Result<ChunkReference, RpcParseError> {
    match params.singleton() {
        Ok(value @ Value::Array(_)) => {
            let (block_id, shard_id) = parse(value)?;
            Ok(ChunkReference::BlockShardId { block_id, shard_id })
        }
        Ok(chunk_id) => Ok(ChunkReference::ChunkHash {
            chunk_id: parse(chunk_id)?,
        }),
        Err(params) => params.parse(),
    }
}

/// Returns the block that a chunk is in.
fn block_of_chunk<'a>(
    chain: &'a Chain,
    reference: &ChunkReference,
) -> Result<&'a Arc<Block>, RpcChunkError> {
    match reference {
        ChunkReference::BlockShardId { block_id, shard_id } => {
            let block = find_by_id(chain, block_id)
                .map_err(|NoBlock(error_message)| RpcChunkError::UnknownBlock { error_message })?;
            if *shard_id != ShardId::new(0) {
                return Err(RpcChunkError::InvalidShardId {
                    shard_id: *shard_id,
                });
            }
            Ok(block)
        }
        ChunkReference::ChunkHash { chunk_id } => chain
            .block_by_hash(&views::block_of_chunk(chunk_id))
            .ok_or(RpcChunkError::UnknownChunk {
                chunk_hash: ChunkHash(*chunk_id),
            }),
    }
}
