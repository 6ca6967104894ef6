// ANCHOR: all
//! Parallel calls: several receipts that are sent together, and one callback that waits for all of
//! them.
//!
//! Each may go to another account. When one fails, what the others did stays. So the callback reads
//! each result, and returns for each call whether it succeeded. Where a call has changed something,
//! only the callback can undo it.

pub mod fan_out;
pub mod one_then_many;
pub mod overview;
pub mod portfolio;
pub mod sequence;
#[cfg(test)]
mod test_utils;
pub mod visit;
// ANCHOR_END: all
