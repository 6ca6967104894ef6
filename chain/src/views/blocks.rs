//! Blocks and chunks. The chain has one shard, so a block has one chunk with everything in it.

use near_crypto::Signature;
use near_primitives::bandwidth_scheduler::BandwidthRequests;
use near_primitives::congestion_info::CongestionInfo;
use near_primitives::hash::CryptoHash;
use near_primitives::types::{Balance, ShardId};
use near_primitives::views::{BlockHeaderView, BlockView, ChunkHeaderView, ChunkView};
use near_time::Utc;

use super::validators::{self, author, epoch_id, next_epoch_id};
use crate::block::Block;
use crate::chain::Chain;

/// Returns a block as the RPC method `block` shows it.
///
/// Every block is final at once, so the last final block of a header is its parent.
pub fn block_view(chain: &Chain, block: &Block) -> BlockView {
    BlockView {
        author: author(chain),
        header: header(chain, block),
        chunks: vec![chunk_header(chain, block)],
    }
}

/// Returns a chunk as the RPC method `chunk` shows it: the transactions of its block, and the receipts that
/// the block before has sent.
pub fn chunk_view(chain: &Chain, block: &Block) -> ChunkView {
    ChunkView {
        author: author(chain),
        header: chunk_header(chain, block),
        transactions: block
            .transactions
            .iter()
            .map(|tx| (**tx).clone().into())
            .collect(),
        receipts: block
            .receipts
            .iter()
            .map(|receipt| (**receipt).clone().into())
            .collect(),
    }
}

/// Returns the hash of a block's only chunk: the block's hash with every bit flipped. It leads back to the
/// block.
pub fn chunk_hash(block_hash: &CryptoHash) -> CryptoHash {
    CryptoHash(block_hash.0.map(|byte| !byte))
}

/// Returns the hash of the block that the chunk is in.
pub fn block_of_chunk(chunk_hash: &CryptoHash) -> CryptoHash {
    self::chunk_hash(chunk_hash)
}

/// Converts a block's timestamp.
pub fn utc(timestamp_nanosec: u64) -> Utc {
    Utc::from_unix_timestamp_nanos(i128::from(timestamp_nanosec)).unwrap_or(Utc::UNIX_EPOCH)
}

/// Returns the digest of the state before a block, zero if the parent is no longer kept.
fn prev_state_root(chain: &Chain, block: &Block) -> CryptoHash {
    chain
        .block_by_hash(&block.prev_hash)
        .map_or_else(CryptoHash::default, |prev| prev.state_root)
}

fn header(chain: &Chain, block: &Block) -> BlockHeaderView {
    BlockHeaderView {
        height: block.height,
        prev_height: block.prev_height,
        epoch_id: epoch_id(block).0,
        next_epoch_id: next_epoch_id(block).0,
        hash: block.hash,
        prev_hash: block.prev_hash,
        prev_state_root: prev_state_root(chain, block),
        chunks_included: 1,
        timestamp: block.timestamp,
        timestamp_nanosec: block.timestamp,
        random_value: block.random_seed,
        validator_proposals: validators::views(&block.validator_proposals),
        chunk_mask: vec![true],
        gas_price: block.gas_price,
        total_supply: block.total_supply,
        last_final_block: block.prev_hash,
        last_ds_final_block: block.prev_hash,
        latest_protocol_version: chain.protocol_version(),
        ..BlockHeaderView::default()
    }
}

fn chunk_header(chain: &Chain, block: &Block) -> ChunkHeaderView {
    let balance_burnt = block
        .outcomes
        .iter()
        .filter_map(|id| chain.outcome(id))
        .fold(Balance::ZERO, |sum, outcome| {
            sum.saturating_add(outcome.outcome.tokens_burnt)
        });
    ChunkHeaderView {
        chunk_hash: chunk_hash(&block.hash),
        prev_block_hash: block.prev_hash,
        outcome_root: CryptoHash::default(),
        prev_state_root: prev_state_root(chain, block),
        encoded_merkle_root: CryptoHash::default(),
        encoded_length: 0,
        height_created: block.height,
        height_included: block.height,
        shard_id: ShardId::new(0),
        gas_used: block.gas_used,
        gas_limit: block.gas_limit,
        rent_paid: Balance::ZERO,
        validator_reward: Balance::ZERO,
        balance_burnt,
        outgoing_receipts_root: CryptoHash::default(),
        tx_root: CryptoHash::default(),
        validator_proposals: validators::views(&block.validator_proposals),
        congestion_info: Some(CongestionInfo::default().into()),
        bandwidth_requests: Some(BandwidthRequests::empty()),
        proposed_split: None,
        signature: Signature::default(),
    }
}
