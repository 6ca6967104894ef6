//! From one release to the next: new code, and the old state made fit for it, in one receipt.
//!
//! * [`version`] says which release has written the state;
//! * [`deploy`] sends new code, [`migrate`] makes the old state the new one, [`check`] looks whether all
//!   is well before the receipt ends;
//! * [`announce`] says which code may come, and when;
//! * [`old`] is the state of the release before.

pub mod announce;
pub mod check;
pub mod deploy;
pub mod migrate;
pub mod old;
pub mod version;
