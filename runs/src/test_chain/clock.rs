//! The time of the chain, in blocks.

use super::chain::TestChain;

impl TestChain {
    /// Returns the height of the last block.
    pub fn height(&self) -> u64 {
        self.chain.head().height
    }

    /// Produces blocks until the chain is idle and no yield waits: it has been resumed, or has timed out.
    pub fn run_to_the_last_yield(&mut self) {
        self.run_until_idle();
        while self.chain.has_pending_yield() {
            self.produce_block();
        }
        self.run_until_idle();
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
