// ANCHOR: all
//! The part of this account's balance that belongs to others. A balance does not say to whom it
//! belongs, so the contract keeps the sum itself.

use near_sdk::{NearToken, near};

use crate::money::state::State;
use crate::{Contract, ContractExt};

impl State {
    // ANCHOR: hold
    /// Adds money that has come in and belongs to somebody else.
    pub(crate) fn hold(&mut self, amount: NearToken) {
        self.liabilities = self.liabilities.saturating_add(amount);
    }

    /// Subtracts money that leaves, or that is ours from now on.
    pub(crate) fn release(&mut self, amount: NearToken) {
        self.liabilities = self.liabilities.saturating_sub(amount);
    }
    // ANCHOR_END: hold
}

#[near]
impl Contract {
    // ANCHOR: get_liabilities
    /// Returns the amount that this account holds for others: in safes, orders, questions, prices
    /// of entries, and debts. Money in flight does not count: it is not in the balance. That
    /// includes the refund of a failed call until its callback has run, although it may be in the
    /// balance already. So the sum may be too low by the refunds that wait for their callbacks.
    ///
    /// The storage price of a safe does not count either: the chain locks it. The storage price of
    /// an order, a question, a debt or a watched account counts, although the chain locks it too.
    /// So the sum may be too high by these prices.
    pub fn get_liabilities(&self) -> NearToken {
        self.money.liabilities()
    }
    // ANCHOR_END: get_liabilities
}
// ANCHOR_END: all
