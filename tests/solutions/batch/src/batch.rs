//! Batches: several actions for one account, in one receipt.
//!
//! The actions run one after the other, in the same block, with nothing in between. All of them count
//! or none: when one fails, what the others did is undone, the promises that they made never leave, and
//! every deposit goes back to the account that sent the batch. That account is this contract, not its
//! user. So a method that took a deposit takes care, in its callback, that the user gets it back.

pub mod counter;
pub mod deposit;
pub mod exact;
pub mod get_and_set;
pub mod greeting;
pub mod guestbook;
pub mod key;
pub mod launch;
pub mod sale;
pub mod token;
