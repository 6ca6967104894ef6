//! Money that passes through this contract: whose it is at every moment, and how it gets there.
//!
//! Seven rules run through all modules:
//!
//! * State is changed before a call leaves. What the call did not do is undone in the callback.
//! * A callback that has money to settle does not fail. It has gas enough of its own, its input has
//!   bounds, and it reads no answers, only whether the receipt went through.
//! * A callback settles what its call was made with, and asks no configuration: that may have changed.
//! * Money that cannot be paid out is remembered by account, and can be claimed ([`owed`]).
//! * Money that waits has a way out, even when its callback is lost ([`overdue`]).
//! * The sum of what belongs to others is known at every moment ([`liabilities`]).
//! * Who makes this contract store something pays for the storage, and gets that back ([`storage`]).

pub mod guestbooks;
pub mod liabilities;
pub mod lock;
pub mod many;
pub mod operator;
pub mod oracle;
pub mod order_from_safe;
pub mod orders;
pub mod overdue;
pub mod owed;
pub mod push;
pub mod state;
pub mod storage;
pub mod tokens;
pub mod vault;
