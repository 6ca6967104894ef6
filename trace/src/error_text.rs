//! The errors of the chain as text.
//!
//! The text is that of near-primitives, for which readers search, with three differences: nothing is in Rust's debug
//! form, an amount has one unit and is marked if it is rounded, and an error without an action names none. Each match
//! lists every kind of error, so that a new kind does not compile without a text.

mod access_key;
mod action;
mod balance;
mod execution;
mod function_call;
mod name;
mod rpc;
mod transaction;
mod validation;

pub use action::action_error;
pub use execution::tx_execution_error;
pub use name::error_name;
pub use rpc::rpc_error;
pub(crate) use rpc::{rpc_error_cause, rpc_timeout_cause};
pub use transaction::invalid_tx_error;
