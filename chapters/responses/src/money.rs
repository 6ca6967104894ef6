// ANCHOR: all
//! Money that this contract holds for others or sends on.
//!
//! Seven rules hold in all modules:
//!
//! * A method changes the state before it sends a call. The callback undoes the change when the
//!   call fails.
//! * A callback that settles money does not fail. Its static gas is enough, its input has bounds,
//!   and it reads no values, only whether the receipt succeeded.
//! * A callback settles with its arguments, and reads no configuration: that may have changed since
//!   the call.
//! * Money that cannot be paid out is recorded as a debt to an account, which can claim it
//!   ([`owed`]).
//! * Money that waits for a callback can be paid out even when the callback is lost ([`overdue`]).
//! * The sum of the money that belongs to others is always known ([`liabilities`]).
//! * A user who makes this contract store something pays for the storage, and gets that back
//!   ([`storage`]).

pub mod guestbooks;
pub mod liabilities;
pub mod lock;
pub mod operator;
pub mod oracle;
pub mod orders;
pub mod overdue;
pub mod owed;
pub mod state;
pub mod storage;
#[cfg(test)]
mod test_utils;
pub mod tokens;
pub mod vault;
// ANCHOR_END: all
