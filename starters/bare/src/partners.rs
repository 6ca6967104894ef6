//! The contracts that ours calls: their accounts, their methods, and the gas that they get.
//!
//! A trait under `#[ext_contract]` needs only the methods that we call. Nothing checks it against
//! the other contract: a wrong name or argument shows when the call runs, as a failure of that
//! call.

use near_sdk::{AccountId, Gas, env, ext_contract, near, require};

/// The accounts of the partners.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Partners {
    /// The account that keeps messages: see [`Guestbook`].
    pub guestbook: AccountId,
}

impl Partners {
    /// Checks that this account is no partner of its own: a call to ourselves comes from ourselves,
    /// and passes every `#[private]`. A partner that is not in this list does not compile.
    pub fn checked(self) -> Self {
        let Self { guestbook } = &self;
        let is_partner = [guestbook].contains(&&env::current_account_id());
        require!(!is_partner, "The contract cannot be its own partner");
        self
    }
}

/// The static gas of one call to [`Guestbook`]: 5 Tgas. It loads its code, and stores one short
/// message.
pub const GAS_FOR_GUESTBOOK: Gas = Gas::from_tgas(5);

/// The methods that we call at the contract that keeps messages.
#[ext_contract(guestbook)]
pub trait Guestbook {
    /// Keeps `text`, and the deposit. From 0.1 NEAR on the message is premium.
    fn add_message(&mut self, text: String);
    /// Returns the number of messages.
    fn total_messages(&self) -> u32;
}
