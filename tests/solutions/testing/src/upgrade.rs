//! Upgrades: new code and the migration of the state, in one receipt.
//!
//! * [`version`] is the version of the stored state;
//! * [`announce`] stores the code that may be deployed, and from which block on;
//! * [`deploy`] sends new code, [`migrate`] migrates the state, and [`check`] checks the result in
//!   the same receipt;
//! * [`old`] is the state of the previous release.

pub mod announce;
pub mod check;
pub mod deploy;
pub mod migrate;
pub mod old;
pub mod version;
