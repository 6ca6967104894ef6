//! The blocks that a chain keeps, and the hashes that a transaction may name.

use std::ops::RangeInclusive;
use std::sync::Arc;

use imbl::{HashMap, OrdMap, Vector};
use near_primitives::hash::CryptoHash;
use near_primitives::types::{BlockHeight, BlockHeightDelta};

use crate::block::Block;

/// The number of blocks that a chain keeps, with their states and outcomes. It keeps its first block besides.
pub const KEPT_BLOCKS: usize = 1000;

/// The first block, the latest blocks, and the hashes of those that are younger than the validity period.
#[derive(Clone)]
pub(super) struct History {
    genesis_block: Arc<Block>,
    /// The latest blocks, [`KEPT_BLOCKS`] at the most.
    blocks: OrdMap<BlockHeight, Arc<Block>>,
    heights: HashMap<CryptoHash, BlockHeight>,
    /// The content of `heights`, the oldest first.
    hashes: Vector<(BlockHeight, CryptoHash)>,
    /// The number of heights for which a transaction may name a block.
    transaction_validity_period: BlockHeightDelta,
}

impl History {
    /// Starts with the first block.
    pub(super) fn new(
        genesis_block: Arc<Block>,
        transaction_validity_period: BlockHeightDelta,
    ) -> Self {
        let (height, hash) = (genesis_block.height, genesis_block.hash);
        Self {
            blocks: OrdMap::unit(height, genesis_block.clone()),
            heights: HashMap::unit(hash, height),
            hashes: Vector::unit((height, hash)),
            genesis_block,
            transaction_validity_period,
        }
    }

    /// Returns the oldest block that is kept together with all blocks after it.
    pub(super) fn first_block(&self) -> &Arc<Block> {
        self.blocks
            .get_min()
            .map_or(&self.genesis_block, |(_, block)| block)
    }

    /// Returns the block at a height, if it is kept.
    pub(super) fn block_at(&self, height: BlockHeight) -> Option<&Arc<Block>> {
        let is_genesis = height == self.genesis_block.height;
        self.blocks
            .get(&height)
            .or_else(|| is_genesis.then_some(&self.genesis_block))
    }

    /// Returns the block with a hash, if it is kept.
    pub(super) fn block_by_hash(&self, hash: &CryptoHash) -> Option<&Arc<Block>> {
        if *hash == self.genesis_block.hash {
            return Some(&self.genesis_block);
        }
        self.block_at(*self.heights.get(hash)?)
    }

    /// Returns the latest block between two heights.
    pub(super) fn latest_block_in(
        &self,
        heights: RangeInclusive<BlockHeight>,
    ) -> Option<&Arc<Block>> {
        let (_, block) = self.blocks.range(heights).next_back()?;
        Some(block)
    }

    /// Returns the first block above a height.
    pub(super) fn block_after(&self, height: BlockHeight) -> Option<&Arc<Block>> {
        let above = height.checked_add(1)?..;
        self.blocks.range(above).next().map(|(_, block)| block)
    }

    /// Returns the number of blocks that are kept between two heights.
    pub(super) fn blocks_in(&self, heights: RangeInclusive<BlockHeight>) -> u64 {
        self.blocks.range(heights).count() as u64
    }

    /// Returns `true` if a transaction on top of `head` may name the block with a hash.
    pub(super) fn may_name(&self, hash: &CryptoHash, head: BlockHeight) -> bool {
        self.heights
            .get(hash)
            .is_some_and(|height| !self.is_expired(*height, head))
    }

    /// Appends a block, and returns the block that is no longer kept with its contents.
    pub(super) fn append(&mut self, block: Arc<Block>) -> Option<Arc<Block>> {
        let head = block.height;
        self.heights.insert(block.hash, head);
        self.hashes.push_back((head, block.hash));
        self.blocks.insert(head, block);
        let removed = (self.blocks.len() > KEPT_BLOCKS)
            .then(|| self.blocks.get_min().map(|(height, _)| *height))
            .flatten()
            .and_then(|oldest| self.blocks.remove(&oldest));
        self.forget_old_hashes(head);
        removed
    }

    /// Forgets the hashes of blocks that are not kept and that no transaction may name.
    fn forget_old_hashes(&mut self, head: BlockHeight) {
        while let Some((height, hash)) = self.hashes.front().copied()
            && self.is_expired(height, head)
            && !self.blocks.contains_key(&height)
        {
            self.hashes.pop_front();
            self.heights.remove(&hash);
        }
    }

    fn is_expired(&self, height: BlockHeight, head: BlockHeight) -> bool {
        head > height.saturating_add(self.transaction_validity_period)
    }
}
