//! A block: what went in, what came out, and the state after it.

use std::sync::Arc;

use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::transaction::{ExecutionOutcome, SignedTransaction};
use near_primitives::types::{Balance, BlockHeight, EpochHeight, Gas};

use crate::state::State;

/// A block that has been made. It never changes.
#[derive(Clone)]
pub struct Block {
    /// Its place in the chain; heights may be skipped, by `sandbox_fast_forward`.
    pub height: BlockHeight,
    /// Its name, which follows from all that is in it.
    pub hash: CryptoHash,
    /// The block before it.
    pub prev_hash: CryptoHash,
    /// The height of the block before it; none for the first.
    pub prev_height: Option<BlockHeight>,
    /// Nanoseconds since 1970.
    pub timestamp: u64,
    /// How many epochs ended before it.
    pub epoch_height: EpochHeight,
    /// Where contracts' randomness comes from.
    pub random_seed: CryptoHash,
    /// yoctoNEAR for a unit of gas.
    pub gas_price: Balance,
    /// Gas burnt by its transactions and receipts.
    pub gas_used: Gas,
    /// Compute that ends a block; receipts beyond it wait for the next.
    pub gas_limit: Gas,
    /// All tokens there are, yoctoNEAR.
    pub total_supply: Balance,
    /// Transactions that became receipts here, or failed to.
    pub transactions: Vec<Arc<SignedTransaction>>,
    /// Receipts that arrived from the block before.
    pub receipts: Vec<Arc<Receipt>>,
    /// What was executed here: ids of transactions and receipts, in order.
    pub outcomes: Vec<CryptoHash>,
    /// A digest of the state after it, over all changes since the genesis. It is no Merkle root.
    pub state_root: CryptoHash,
    /// The state after it.
    pub state: State,
    /// Receipts that it made, by id.
    pub(crate) emitted: Vec<CryptoHash>,
}

/// What became of a transaction or a receipt, and where.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The transaction's hash or the receipt's id.
    pub id: CryptoHash,
    /// The block that executed it.
    pub block_hash: CryptoHash,
    /// The height of that block.
    pub block_height: BlockHeight,
    /// Logs, gas, tokens, status and children.
    pub outcome: ExecutionOutcome,
}
