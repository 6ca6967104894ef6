//! Calls with the user's money: one receipt for the partner, and a callback that refunds.

pub mod deposit;
pub mod guestbook;
