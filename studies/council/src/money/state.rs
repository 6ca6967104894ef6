// ANCHOR: all
//! The stored state about money that belongs to others.

use near_sdk::store::LookupMap;
use near_sdk::{AccountId, NearToken, near};

/// The state about money. The money itself is the balance of this account, and a balance does not
/// say to whom it belongs.
#[near(serializers = [borsh])]
pub struct State {
    /// The part of the balance that belongs to others.
    pub(crate) liabilities: NearToken,
    /// The debts that could not be paid, by account.
    pub(crate) owed: LookupMap<AccountId, NearToken>,
}

impl Default for State {
    /// Returns a state without debts.
    fn default() -> Self {
        Self {
            liabilities: NearToken::default(),
            owed: LookupMap::new("money.owed".as_bytes()),
        }
    }
}

impl State {
    /// Adds money that has come in and belongs to somebody else.
    pub(crate) fn hold(&mut self, amount: NearToken) {
        self.liabilities = self.liabilities.saturating_add(amount);
    }

    /// Subtracts money that leaves.
    pub(crate) fn release(&mut self, amount: NearToken) {
        self.liabilities = self.liabilities.saturating_sub(amount);
    }
}
// ANCHOR_END: all
