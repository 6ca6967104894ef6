// ANCHOR: all
//! Batches: several actions for one account, in one receipt.
//!
//! The actions run one after the other, in the same block, with nothing in between. When one fails,
//! the chain reverts what the others did, sends none of the promises that they created, and refunds
//! each deposit to the account that sent the batch. That account is this contract, not its user. So
//! a method that took a deposit pays it back to the user in its callback.

pub mod counter;
pub mod deposit;
pub mod greeting;
pub mod guestbook;
pub mod launch;
pub mod sale;
pub mod token;
// ANCHOR_END: all
