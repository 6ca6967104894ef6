//! Results of calls to contracts that nobody vouches for.
//!
//! Such a contract may fail, return something that is not JSON, or return more than there is gas to
//! read. None of that may make the callback fail: then everything else that it has to do would be
//! lost too. So each result is read without the macro, within a bound, into a
//! [`CallResult`](crate::call_result::CallResult).

pub mod ask_watched;
pub mod breaker;
pub mod cache;
pub mod check;
pub mod forgetful;
pub mod greetings;
pub mod majority;
pub mod measure;
pub mod shapes;
pub mod stale;
pub mod state;
pub mod survey;
pub mod watch;
