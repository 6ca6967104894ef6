//! How time passes on the chain: in blocks.

use super::chain::TestChain;

impl TestChain {
    /// The height of the last block.
    pub fn height(&self) -> u64 {
        self.chain.head().height
    }

    /// Makes blocks until the next one stands at this height.
    ///
    /// # Panics
    /// It has been made already.
    pub fn wait_until(&mut self, height: u64) {
        assert!(self.height() < height, "block {height} has been made");
        while self.height() + 1 < height {
            self.next_block();
        }
    }
}
