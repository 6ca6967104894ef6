//! Blocks, outcomes and changes in the types of near-primitives that RPC uses.
//!
//! Fields that only a network of validators can fill (signatures, approvals, Merkle roots) are zero or
//! empty.

mod blocks;
mod changes;
mod outcomes;
mod receipt_origin;
mod validators;

pub use self::blocks::{block_of_chunk, block_view, chunk_hash, chunk_view, utc};
pub use self::changes::{changed_kinds, changes, previous_state};
pub use self::outcomes::{Progress, final_outcome, final_outcome_with_receipts, progress};
pub use self::receipt_origin::transaction_of_receipt;
pub use self::validators::{
    ends_epoch, epoch_id, epoch_start, latest_of_epoch, next_epoch_id, next_epoch_start,
    validator_info, validators_ordered,
};
