// ANCHOR: all
//! The limit of what a seller leaves open. The game pays for the storage of an entry, and a seller
//! without room for gold keeps it open.

use near_sdk::require;

use crate::Contract;
use crate::journal::Entry;

/// The largest number of trades of one seller or crafter that have their gold and have not ended.
pub const MAX_FILLED: u8 = 4;

impl Contract {
    /// Counts that a trade gets its gold. Panics if its seller has too many of them, and then the
    /// gold goes back.
    pub(crate) fn count_filled(&mut self, id: u64) {
        let owner = self.entry(id).owner.clone();
        let filled = self.filled.entry(owner).or_default();
        require!(*filled < MAX_FILLED, "Resume the seller's trades first");
        *filled += 1;
    }

    /// Removes a trade that has ended.
    pub(crate) fn end(&mut self, id: u64) {
        let Some(entry) = self.journal.remove(&id).filter(Entry::is_filled) else {
            return;
        };
        match self.filled.remove(&entry.owner) {
            Some(filled) if filled > 1 => self.filled.insert(entry.owner, filled - 1),
            _ => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;

    use super::*;
    use crate::journal::Status;
    use crate::offer::tests::offer;
    use crate::tests::{crafting, filled};

    /// Returns the contract with as many paid trades of `dan` as he may have, and one that waits.
    fn full() -> Contract {
        let mut contract = filled();
        for id in 1..=u64::from(MAX_FILLED) {
            offer(&mut contract, &format!("sword {id}"));
            if id < MAX_FILLED.into() {
                contract.count_filled(id);
            }
        }
        contract
    }

    /// Ends trade 0, whose assets have left.
    fn end(contract: &mut Contract) {
        for leg in &mut contract.entry(0).legs {
            leg.status = Status::Gone;
        }
        contract.end(0);
    }

    #[test]
    #[should_panic(expected = "Resume the seller's trades first")]
    fn a_seller_with_too_many_open_trades_gets_no_more_gold() {
        full().count_filled(MAX_FILLED.into());
    }

    #[test]
    fn a_trade_that_ends_makes_room_for_another() {
        let mut contract = full();
        end(&mut contract);

        contract.count_filled(MAX_FILLED.into());
        assert_eq!(contract.filled.get(&accounts(3)), Some(&MAX_FILLED));
    }

    #[test]
    fn the_last_trade_that_ends_leaves_no_count() {
        let mut contract = filled();
        assert_eq!(contract.filled.get(&accounts(3)), Some(&1));
        end(&mut contract);

        assert!(contract.filled.get(&accounts(3)).is_none());
    }

    #[test]
    fn a_crafting_counts_for_whoever_has_brought_the_item() {
        let contract = crafting();

        assert_eq!(contract.filled.get(&accounts(3)), Some(&1));
    }

    #[test]
    fn an_offer_that_ends_without_gold_is_not_counted() {
        let mut contract = filled();
        offer(&mut contract, "shield");
        contract.end(1);

        assert_eq!(contract.filled.get(&accounts(3)), Some(&1));
    }
}
// ANCHOR_END: all
