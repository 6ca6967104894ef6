//! The time of the chain, in blocks.

use super::chain::TestChain;

impl TestChain {
    /// Returns the height of the last block.
    pub fn height(&self) -> u64 {
        self.chain.head().height
    }

    /// Produces blocks until the next block has this height.
    ///
    /// # Panics
    /// The block exists already.
    pub fn wait_until(&mut self, height: u64) {
        assert!(self.height() < height, "block {height} exists already");
        while self.height() + 1 < height {
            self.produce_block();
        }
    }
}
