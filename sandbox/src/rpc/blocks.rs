//! The methods about blocks: `block`, `chunk`, `gas_price`.

use std::sync::Arc;

use chain::{Block, Chain, views};
use near_jsonrpc_primitives::errors::RpcParseError;
use near_jsonrpc_primitives::types::blocks::{RpcBlockError, RpcBlockRequest, RpcBlockResponse};
use near_jsonrpc_primitives::types::chunks::{
    ChunkReference, RpcChunkError, RpcChunkRequest, RpcChunkResponse,
};
use near_jsonrpc_primitives::types::gas_price::{
    RpcGasPriceError, RpcGasPriceRequest, RpcGasPriceResponse,
};
use near_primitives::sharding::ChunkHash;
use near_primitives::types::{BlockId, BlockReference, ShardId, SyncCheckpoint};
use near_primitives::views::GasPriceView;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::node::Node;
use super::params::{Params, parse, wrong_number};
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
pub fn block(node: &Node, mut params: Params) -> MethodResult {
    let block_reference = match params.positional() {
        Some(values) => BlockReference::BlockId(only(values)?),
        None => params.parse::<RpcBlockRequest>()?.block_reference,
    };
    let chain = node.block_producer.chain();
    let block = find(&chain, &block_reference)
        .map_err(|NoBlock(error_message)| RpcBlockError::UnknownBlock { error_message })?;
    to_result(RpcBlockResponse {
        block_view: views::block_view(&chain, block),
    })
}

/// Returns a chunk (`chunk`): by `{"block_id", "shard_id"}`, `{"chunk_id"}`, or the same by position.
pub fn chunk(node: &Node, mut params: Params) -> MethodResult {
    let reference = match params.positional().map(<[_; 2]>::try_from) {
        None => params.parse::<RpcChunkRequest>()?.chunk_reference,
        Some(Ok([block_id, shard_id])) => ChunkReference::BlockShardId {
            block_id: parse(block_id)?,
            shard_id: parse(shard_id)?,
        },
        Some(Err(values)) => ChunkReference::ChunkHash {
            chunk_id: only(values)?,
        },
    };
    let chain = node.block_producer.chain();
    let block = match reference {
        ChunkReference::BlockShardId { shard_id, .. } if shard_id != ShardId::new(0) => {
            return Err(RpcChunkError::InvalidShardId { shard_id }.into());
        }
        ChunkReference::BlockShardId { block_id, .. } => find_by_id(&chain, &block_id)
            .map_err(|NoBlock(error_message)| RpcChunkError::UnknownBlock { error_message })?,
        ChunkReference::ChunkHash { chunk_id } => chain
            .block_by_hash(&views::block_of_chunk(&chunk_id))
            .ok_or(RpcChunkError::UnknownChunk {
                chunk_hash: ChunkHash(chunk_id),
            })?,
    };
    to_result(RpcChunkResponse {
        chunk_view: views::chunk_view(&chain, block),
    })
}

/// Returns the gas price (`gas_price`) of the block `[id]` or `{"block_id"}`, by default of the latest one.
pub fn gas_price(node: &Node, mut params: Params) -> MethodResult {
    let block_id = if params.are_missing() {
        None
    } else {
        match params.positional() {
            Some(values) => only(values)?,
            None => params.parse::<RpcGasPriceRequest>()?.block_id,
        }
    };
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

/// Parses the only value of an array.
fn only<T: DeserializeOwned>(values: Vec<Value>) -> Result<T, RpcParseError> {
    match <[_; 1]>::try_from(values) {
        Ok([value]) => parse(value),
        Err(values) => Err(wrong_number("one parameter", values.len())),
    }
}
