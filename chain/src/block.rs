//! A block: its input, its outcomes, and the state after it.

use std::sync::Arc;

use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::transaction::{ExecutionOutcome, SignedTransaction};
use near_primitives::types::validator_stake::ValidatorStake;
use near_primitives::types::{AccountId, Balance, BlockHeight, EpochHeight, Gas};
use thiserror::Error;

use crate::epochs::{EpochInfo, Epochs};
use crate::state::State;

/// The greatest height that a fast-forward or a genesis reaches. Far above it, the first nonce of a key would not
/// fit into 64 bits.
pub const MAX_HEIGHT: BlockHeight = 50_000_000_000;

/// The error of a height above [`MAX_HEIGHT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this chain has no blocks above the height {MAX_HEIGHT}")]
pub struct TooHigh;

/// The time before which all blocks stand, in nanoseconds since 1970: the start of the year 2262. Clients keep
/// such times in 63 bits, which end in April of that year.
pub const TIMESTAMP_LIMIT: u64 = 9_214_646_400_000_000_000;

/// The error of a time at or after [`TIMESTAMP_LIMIT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "this chain has no blocks after the year 2261: their time in nanoseconds would not fit into 63 bits"
)]
pub struct TooLate;

/// The error of a fast-forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FastForwardError {
    /// The block would be too high.
    #[error(transparent)]
    TooHigh(#[from] TooHigh),
    /// The block would be too late.
    #[error(transparent)]
    TooLate(#[from] TooLate),
}

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
    /// The height of its epoch, as contracts and RPC see it: 1, 1, 2, 3 and so on.
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
    /// The stakes that accounts have proposed in the block before, one for each account.
    pub validator_proposals: Vec<ValidatorStake>,
    /// The ids of the transactions and receipts that were executed here, in order.
    pub outcomes: Vec<CryptoHash>,
    /// A digest of all changes of the state since the genesis. It is no Merkle root.
    pub state_root: CryptoHash,
    /// The state after it.
    pub state: State,
    /// Its epoch.
    pub(crate) epochs: Epochs,
    /// The accounts that got a stake back before all else.
    pub(crate) updated_validators: Vec<AccountId>,
    /// The ids of the receipts that it has created.
    pub(crate) new_receipts: Vec<CryptoHash>,
}

impl Block {
    /// Returns the validators of its epoch.
    pub fn epoch_info(&self) -> &EpochInfo {
        self.epochs.current()
    }
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
