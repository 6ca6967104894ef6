// ANCHOR: all
//! How much of this account's balance belongs to others. A balance has no owner's name on it, so the
//! contract keeps the sum itself.

use near_sdk::{NearToken, near};

use crate::money::state::State;
use crate::{Contract, ContractExt};

impl State {
    // ANCHOR: hold
    /// Adds money that has come in and belongs to somebody else.
    pub(crate) fn hold(&mut self, amount: NearToken) {
        self.liabilities = self.liabilities.saturating_add(amount);
    }

    /// Takes away money that leaves, or that is ours from now on.
    pub(crate) fn release(&mut self, amount: NearToken) {
        self.liabilities = self.liabilities.saturating_sub(amount);
    }
    // ANCHOR_END: hold
}

#[near]
impl Contract {
    // ANCHOR: get_liabilities
    /// Returns what this account holds for others: in safes, in orders and questions that wait, as prices
    /// that come back, and as debts. Money that is on its way is not here, and does not count.
    ///
    /// The price of the storage of a safe is not in it either: the chain locks it up. What an order, a
    /// question, a debt or a watched account pays for storage is in it, although the chain locks that up too.
    /// So the sum errs on the safe side.
    pub fn get_liabilities(&self) -> NearToken {
        self.money.liabilities
    }
    // ANCHOR_END: get_liabilities
}
// ANCHOR_END: all
