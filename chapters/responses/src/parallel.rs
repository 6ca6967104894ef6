// ANCHOR: all
//! Parallel calls: several receipts that leave together, and one callback that waits for all of them.
//!
//! They may go to any accounts. Each counts for itself: when one fails, what the others did stays. So
//! a callback after them reads each answer, and says of each whether it is there. Where calls change
//! something, undoing is the callback's work.

pub mod fan_out;
pub mod one_then_many;
pub mod overview;
pub mod portfolio;
pub mod sequence;
#[cfg(test)]
mod test_utils;
pub mod visit;
// ANCHOR_END: all
