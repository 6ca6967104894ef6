//! Upgrades: new code and its state, in one receipt.
//!
//! [`deploy`] sends the new code, [`migrate`] makes its state from the stored one of another [`version`], and
//! [`check`] checks the result before the receipt ends.

pub mod check;
pub mod deploy;
pub mod migrate;
pub mod version;
