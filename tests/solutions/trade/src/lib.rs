//! A game: an item (NEP-171) for gold (NEP-141), or both for a new item, through an escrow that
//! keeps a journal.
//!
//! [`offer`] opens a trade and fills it, [`journal`] says where each asset is, and [`legs`] sends the assets, one after
//! the other. [`crafting`] mints a new item. [`limit`] bounds what a seller leaves open. [`assets`]
//! has the two contracts that are called.

use near_sdk::json_types::U128;
use near_sdk::store::LookupMap;
use near_sdk::{AccountId, PanicOnDefault, env, near, require};

pub mod assets;
pub mod crafting;
pub mod join;
pub mod journal;
pub mod legs;
pub mod limit;
pub mod offer;
pub mod promise_results;
pub mod take_back;

use journal::Entry;

/// The state. There is no default, so no method works before [`Contract::new`] was called.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
#[derive(PanicOnDefault)]
pub struct Contract {
    /// The account of the game's items. It is never changed, and the trades rely on it.
    items: AccountId,
    /// The account of the game's gold.
    gold: AccountId,
    /// The account that takes the item and the gold for which a new item is made.
    smith: AccountId,
    /// The gold that the smith takes, in its smallest unit.
    price: U128,
    /// The open trades, by number.
    journal: LookupMap<u64, Entry>,
    /// The number of trades that have their gold and have not ended, by seller.
    filled: LookupMap<AccountId, u8>,
    /// The number of the next trade. No number is used twice.
    next_trade: u64,
}

#[near]
impl Contract {
    /// Creates the state, once. `#[private]` lets only this account call it.
    #[init]
    #[private]
    pub fn new(items: AccountId, gold: AccountId, smith: AccountId, price: U128) -> Self {
        let ours = env::current_account_id();
        let others = ![&items, &gold, &smith].contains(&&ours);
        require!(others && items != gold, "Name two other contracts");
        require!(price.0 > 0, "The smith asks for some gold");
        Self {
            items,
            gold,
            smith,
            price,
            journal: LookupMap::new("journal".as_bytes()),
            filled: LookupMap::new("filled".as_bytes()),
            next_trade: 0,
        }
    }

    /// Returns an open trade. One that has ended is not in the journal any more.
    pub fn get_trade(&self, id: u64) -> Option<&Entry> {
        self.journal.get(&id)
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::with_mocked_blockchain;
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;
    use crate::offer::tests::{craft, fill, offer};

    pub(crate) const PRICE: U128 = U128(5);

    /// Returns our contract on `alice`, with a new storage: `bob` has the items, `charlie` the
    /// gold, and `fargo` is the smith.
    pub(crate) fn contract() -> Contract {
        called_by(0);
        with_mocked_blockchain(|chain| chain.take_storage());
        Contract::new(accounts(1), accounts(2), accounts(5), PRICE)
    }

    /// Returns the same with trade 0 between `dan`, who offers a sword, and `eugene`, who has paid
    /// for it.
    pub(crate) fn filled() -> Contract {
        let mut contract = contract();
        offer(&mut contract, "sword");
        fill(&mut contract, 4);
        contract
    }

    /// Returns our contract with crafting 0 of `dan`, who has brought iron and has paid.
    pub(crate) fn crafting() -> Contract {
        let mut contract = contract();
        craft(&mut contract);
        fill(&mut contract, 3);
        contract
    }

    /// Sets the context of a call to our contract.
    pub(crate) fn called_by(predecessor: usize) {
        callback_after(predecessor, Vec::new());
    }

    /// Sets the context of a call to it that has waited for promises with these results.
    pub(crate) fn callback_after(predecessor: usize, results: Vec<PromiseResult>) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(predecessor))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
    }

    #[test]
    #[should_panic(expected = "Name two other contracts")]
    fn one_contract_is_not_both() {
        called_by(0);
        Contract::new(accounts(1), accounts(1), accounts(5), PRICE);
    }

    #[test]
    #[should_panic(expected = "Name two other contracts")]
    fn we_are_not_the_smith() {
        called_by(0);
        Contract::new(accounts(1), accounts(2), accounts(0), PRICE);
    }

    #[test]
    #[should_panic(expected = "The smith asks for some gold")]
    fn the_smith_is_paid() {
        called_by(0);
        Contract::new(accounts(1), accounts(2), accounts(5), U128(0));
    }
}
