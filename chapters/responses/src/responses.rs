// ANCHOR: all
//! Answers of strangers: what a callback sees of them, and what it makes of them.
//!
//! A stranger may fail, answer nonsense, or answer more than there is gas to read. None of that may
//! make the callback fail, for then everything else that it had to do is lost as well. So answers are
//! read by hand here, within a bound, and each becomes an [`crate::call_result::CallResult`] of the account that was
//! asked.

pub mod ask_watched;
pub mod breaker;
pub mod cache;
pub mod check;
pub mod greetings;
pub mod measure;
pub mod result_of;
pub mod shapes;
pub mod state;
pub mod survey;
pub mod watch;
// ANCHOR_END: all
