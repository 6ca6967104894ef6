//! The seller ends an offer before its deadline.

use near_sdk::{env, near, require};

use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Wakes the promise of an offer before the gold comes. Only its seller may call this.
    ///
    /// Nothing is decided here. The callback gives the item back if the gold has not come by then.
    pub fn take_back(&mut self, id: u64) {
        let entry = self.entry(id);
        let caller = env::predecessor_account_id();
        require!(entry.owner == caller, "The offer is not yours");
        require!(entry.yield_id.resume([]).is_ok(), "The offer is over");
    }
}
// ANCHOR_END: code
