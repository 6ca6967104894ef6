//! A block: its input, its outcomes, and the state after it.

use std::sync::Arc;

use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::transaction::{ExecutionOutcome, SignedTransaction};
use near_primitives::types::{Balance, BlockHeight, EpochHeight, Gas};
use thiserror::Error;

use crate::state::State;

/// The greatest height that a block can have. Above it, the time of a block in nanoseconds would not fit
/// into 64 bits, and far above it neither would the first nonce of a key.
pub const MAX_HEIGHT: BlockHeight = 50_000_000_000;

/// The error of a height above [`MAX_HEIGHT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this chain has no blocks above the height {MAX_HEIGHT}")]
pub struct TooHigh;

/// A block of the chain. It never changes.
#[derive(Clone)]
pub struct Block {
    /// The height. Fast-forwards skip heights.
    pub height: BlockHeight,
    /// The hash, which depends on everything in the block.
    pub hash: CryptoHash,
    /// The hash of the block before it.
    pub prev_hash: CryptoHash,
    /// The height of the block before it, `None` for the first block.
    pub prev_height: Option<BlockHeight>,
    /// The time, in nanoseconds since 1970.
    pub timestamp: u64,
    /// The number of epochs before it.
    pub epoch_height: EpochHeight,
    /// The seed of the randomness that contracts get.
    pub random_seed: CryptoHash,
    /// The price of a unit of gas, in yoctoNEAR.
    pub gas_price: Balance,
    /// The gas that its transactions and receipts have burnt.
    pub gas_used: Gas,
    /// The compute after which a block takes no more receipts.
    pub gas_limit: Gas,
    /// The number of all tokens after it, in yoctoNEAR.
    pub total_supply: Balance,
    /// The transactions that it has converted into receipts.
    pub transactions: Vec<Arc<SignedTransaction>>,
    /// The receipts that the block before has sent.
    pub receipts: Vec<Arc<Receipt>>,
    /// The ids of the transactions and receipts that were executed here, in order.
    pub outcomes: Vec<CryptoHash>,
    /// A digest of all changes of the state since the genesis. It is no Merkle root.
    pub state_root: CryptoHash,
    /// The state after it.
    pub state: State,
    /// The ids of the receipts that it has created.
    pub(crate) new_receipts: Vec<CryptoHash>,
}

/// The outcome of a transaction or a receipt, with the block that has executed it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The transaction's hash or the receipt's id.
    pub id: CryptoHash,
    /// The hash of the block.
    pub block_hash: CryptoHash,
    /// The height of the block.
    pub block_height: BlockHeight,
    /// The logs, gas, tokens, status and new receipts.
    pub outcome: ExecutionOutcome,
}
