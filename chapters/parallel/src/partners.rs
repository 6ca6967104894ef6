// ANCHOR: all
//! The contracts that ours calls: their accounts, their methods, and the gas that each call gets.
//!
//! A trait under `#[ext_contract]` needs only the methods that we call. Nothing compares it with
//! the other contract: a wrong name or argument makes the call fail when it runs.

use near_sdk::{AccountId, AccountIdRef, Gas, ext_contract, near};

// ANCHOR: accounts
/// The accounts of the three partners.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Partners {
    /// The contract that stores a greeting: see [`Hello`].
    pub hello: AccountId,
    /// The contract that stores a number: see [`Counter`].
    pub counter: AccountId,
    /// The contract that stores messages: see [`Guestbook`].
    pub guestbook: AccountId,
}

impl Partners {
    /// Returns the public partners on testnet, which anyone may call.
    pub fn on_testnet() -> Self {
        const HELLO: &AccountIdRef = AccountIdRef::new_or_panic("hello.near-examples.testnet");
        const COUNTER: &AccountIdRef = AccountIdRef::new_or_panic("counter.near-examples.testnet");
        const GUESTBOOK: &AccountIdRef =
            AccountIdRef::new_or_panic("guestbook.near-examples.testnet");

        Self {
            hello: HELLO.to_owned(),
            counter: COUNTER.to_owned(),
            guestbook: GUESTBOOK.to_owned(),
        }
    }
}
// ANCHOR_END: accounts

// ANCHOR: hello
/// The static gas of one call to [`Hello`]: 5 Tgas. It loads its code, and reads or writes one
/// short text.
pub const GAS_FOR_HELLO: Gas = Gas::from_tgas(5);

/// The methods that we call at the contract that stores a greeting.
#[ext_contract(hello)]
pub trait Hello {
    /// Returns the current greeting.
    fn get_greeting(&self) -> String;
    /// Replaces the greeting.
    fn set_greeting(&mut self, greeting: String);
}
// ANCHOR_END: hello

// ANCHOR: counter
/// The static gas of one call to [`Counter`]: 5 Tgas. It loads its code, and reads or writes one
/// byte.
pub const GAS_FOR_COUNTER: Gas = Gas::from_tgas(5);

/// The methods that we call at the contract that counts, from -128 to 127.
#[ext_contract(counter)]
pub trait Counter {
    /// Returns the current number.
    fn get_num(&self) -> i8;
    /// Adds one. Fails at 127.
    fn increment(&mut self);
    /// Subtracts one. Fails at -128.
    fn decrement(&mut self);
    /// Sets the number to zero.
    fn reset(&mut self);
}
// ANCHOR_END: counter

// ANCHOR: guestbook
/// The static gas of one call to [`Guestbook`]: 5 Tgas. It loads its code, and stores one short
/// message.
pub const GAS_FOR_GUESTBOOK: Gas = Gas::from_tgas(5);

/// The methods that we call at the contract that stores messages.
#[ext_contract(guestbook)]
pub trait Guestbook {
    /// Stores `text` and keeps the deposit. A message with 0.1 NEAR or more is premium.
    fn add_message(&mut self, text: String);
    /// Returns the number of messages.
    fn total_messages(&self) -> u32;
}
// ANCHOR_END: guestbook
// ANCHOR_END: all
