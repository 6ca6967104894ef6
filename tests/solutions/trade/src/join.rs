//! Three traders: alice wants an item, its owner wants the gold, and the buyer wants alice's item.

use near_sdk::{AccountId, env, require};

use crate::Contract;
use crate::assets::{Asset, TokenId};
use crate::journal::{Leg, Way};

impl Contract {
    // ANCHOR: code
    /// Adds the item that the seller of a trade wants. It goes to the seller, and the gold to its
    /// owner.
    ///
    /// It has no promise of its own. When that of the trade ends without gold, the trade turns
    /// back, and the item is a leg like any other.
    pub(crate) fn join(&mut self, id: u64, token_id: TokenId, owner: AccountId) {
        let entry = self.entry(id);
        let is_wanted = entry.swap_for.as_ref() == Some(&token_id);
        let is_open = entry.way == Way::Waiting && entry.legs.len() == 1;
        require!(is_wanted && is_open, "Nobody wants this item");
        let seller = entry.legs[0].giver.clone();
        entry
            .legs
            .push(Leg::held(Asset::Item(token_id), owner, seller));
    }

    /// Panics if the item that the seller wants has not come. Returns who gets the gold.
    pub(crate) fn receiver_of_gold(&mut self, id: u64) -> AccountId {
        let entry = self.entry(id);
        let leg = entry.legs.get(usize::from(entry.swap_for.is_some()));
        let Some(leg) = leg else {
            env::panic_str("The other item has not come");
        };
        leg.giver.clone()
    }
    // ANCHOR_END: code
}
