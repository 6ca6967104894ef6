//! The receipts that a block sends, and the bandwidth for them (NEP-584, `SPEC.md` §5).

use std::sync::Arc;

use imbl::Vector;
use near_parameters::RuntimeConfig;
use near_primitives::receipt::Receipt;

/// The outgoing receipts of a block. What does not fit into the bandwidth waits in the buffer.
///
/// With one shard there is one link, from the shard to itself, so the bandwidth scheduler always grants it
/// all that a shard may send.
pub(super) struct ReceiptSink {
    pub outgoing: Vector<Arc<Receipt>>,
    pub buffered: Vector<Arc<Receipt>>,
    /// The bytes that can still be sent.
    left: u64,
    max_receipt_size: u64,
}

impl ReceiptSink {
    /// Starts with the receipts that earlier blocks have left, as many as fit.
    pub fn new(config: &RuntimeConfig, buffered: Vector<Arc<Receipt>>) -> Self {
        let mut sink = Self {
            outgoing: Vector::new(),
            buffered,
            left: config.bandwidth_scheduler_config.max_shard_bandwidth,
            max_receipt_size: config.wasm_config.limit_config.max_receipt_size,
        };
        while let Some(receipt) = sink.buffered.front().cloned() {
            if !sink.try_forward(&receipt) {
                break;
            }
            sink.buffered.pop_front();
        }
        sink
    }

    /// Sends a receipt, or buffers it if it does not fit. A smaller one behind it may still be sent.
    pub fn forward_or_buffer(&mut self, receipt: &Arc<Receipt>) {
        if !self.try_forward(receipt) {
            self.buffered.push_back(receipt.clone());
        }
    }

    fn try_forward(&mut self, receipt: &Arc<Receipt>) -> bool {
        // Some receipts are greater than the limit, because the output of a receipt is not checked.
        let size = borsh::object_length(&**receipt).unwrap_or(usize::MAX) as u64;
        let size = size.min(self.max_receipt_size);
        let Some(left) = self.left.checked_sub(size) else {
            return false;
        };
        self.left = left;
        self.outgoing.push_back(receipt.clone());
        true
    }
}
