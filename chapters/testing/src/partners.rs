// ANCHOR: all
//! The contracts that ours calls: where they are, what they can do, and how much gas they get.
//!
//! A trait under `#[ext_contract]` needs only the methods that we call. Nothing checks it against the
//! other contract: a wrong name or argument shows when the call runs, as a failure of that call.

use near_sdk::{AccountId, AccountIdRef, Gas, ext_contract, near};

// ANCHOR: accounts
/// The accounts of the three partners.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Partners {
    /// Keeps a greeting: see [`Hello`].
    pub hello: AccountId,
    /// Keeps a number: see [`Counter`].
    pub counter: AccountId,
    /// Keeps messages: see [`Guestbook`].
    pub guestbook: AccountId,
}

impl Partners {
    /// The partners that are always there on testnet, open to everyone.
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
/// Gas for one call to [`Hello`]: 5 Tgas. It loads its code, and reads or writes one short text.
pub const GAS_FOR_HELLO: Gas = Gas::from_tgas(5);

/// What we call at the contract that keeps a greeting.
#[ext_contract(hello)]
pub trait Hello {
    /// The greeting as it stands.
    fn get_greeting(&self) -> String;
    /// Puts `greeting` in the place of the old one.
    fn set_greeting(&mut self, greeting: String);
}
// ANCHOR_END: hello

// ANCHOR: counter
/// Gas for one call to [`Counter`]: 5 Tgas. It loads its code, and reads or writes one byte.
pub const GAS_FOR_COUNTER: Gas = Gas::from_tgas(5);

/// What we call at the contract that counts, from -128 to 127.
#[ext_contract(counter)]
pub trait Counter {
    /// The number as it stands.
    fn get_num(&self) -> i8;
    /// Adds one. Fails at 127.
    fn increment(&mut self);
    /// Takes one away. Fails at -128.
    fn decrement(&mut self);
    /// Goes back to zero.
    fn reset(&mut self);
}
// ANCHOR_END: counter

// ANCHOR: guestbook
/// Gas for one call to [`Guestbook`]: 5 Tgas. It loads its code, and stores one short message.
pub const GAS_FOR_GUESTBOOK: Gas = Gas::from_tgas(5);

/// What we call at the contract that keeps messages.
#[ext_contract(guestbook)]
pub trait Guestbook {
    /// Keeps `text`, and the deposit with it. From 0.1 NEAR on the message is premium.
    fn add_message(&mut self, text: String);
    /// How many messages there are.
    fn total_messages(&self) -> u32;
}
// ANCHOR_END: guestbook
// ANCHOR_END: all
