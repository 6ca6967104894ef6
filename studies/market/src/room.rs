// ANCHOR: all
//! The storage of listings. A collection calls `nft_on_approve` without a deposit, so sellers pay in advance.

use near_sdk::{AccountId, NearToken, Promise, env, near, require};

use crate::enter::enter;
use crate::money::owed::pay_back;
use crate::{Contract, ContractExt};

/// The price of the storage of one listing: 0.003 NEAR. It comes back with the end of the listing.
///
/// A deposit that no listing uses takes up storage too. It is this price or more, and pays for its own entry.
pub const LISTING_PRICE: NearToken = NearToken::from_millinear(3);

#[near]
impl Contract {
    /// Adds the deposit to that of the caller, for one or several listings. Each needs 0.003 NEAR of it.
    #[payable]
    pub fn add_storage_deposit(&mut self) {
        enter("add_storage_deposit");

        let deposit = env::attached_deposit();
        let rest = deposit.as_yoctonear() % LISTING_PRICE.as_yoctonear();
        require!(
            !deposit.is_zero() && rest == 0,
            format!(
                "Attach {} for each listing",
                LISTING_PRICE.exact_amount_display()
            )
        );
        self.money.hold(deposit);
        self.change_deposit(&env::predecessor_account_id(), |has| {
            has.saturating_add(deposit)
        });
    }

    /// Pays the part of the caller's deposit back that no listing uses.
    pub fn withdraw_storage_deposit(&mut self) -> Promise {
        enter("withdraw_storage_deposit");

        let owner = env::predecessor_account_id();
        let Some(amount) = self.storage_deposits.remove(&owner) else {
            env::panic_str(&format!("{owner} has no deposit"));
        };
        self.money.release(amount);
        pay_back(owner, amount)
    }

    /// Returns the part of an account's deposit that no listing uses.
    pub fn get_storage_deposit(&self, account_id: AccountId) -> NearToken {
        let deposit = self.storage_deposits.get(&account_id);
        deposit.copied().unwrap_or_default()
    }
}

impl Contract {
    /// Takes the price of one listing from the deposit of `seller`. Panics if there is too little.
    pub(crate) fn use_storage(&mut self, seller: &AccountId) {
        self.change_deposit(seller, |has| {
            let rest = has.checked_sub(LISTING_PRICE);
            rest.unwrap_or_else(|| {
                env::panic_str(&format!("{seller} has no deposit left for a listing"))
            })
        });
    }

    /// Gives the price of one listing back to the deposit of `seller`.
    pub(crate) fn free_storage(&mut self, seller: &AccountId) {
        self.change_deposit(seller, |has| has.saturating_add(LISTING_PRICE));
    }

    fn change_deposit(&mut self, owner: &AccountId, change: impl FnOnce(NearToken) -> NearToken) {
        let deposit = change(self.get_storage_deposit(owner.clone()));
        match deposit.is_zero() {
            true => self.storage_deposits.remove(owner),
            false => self.storage_deposits.insert(owner.clone(), deposit),
        };
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::with_mocked_blockchain;
    use near_sdk::test_utils::{accounts, get_created_receipts};

    use super::*;
    use crate::listings::{Listing, MAX_TOKEN_ID_BYTES};
    use crate::tests::{called_by, contract, contract_with_listing};

    /// Returns the price of the storage that these deposits and listings of the longest names take up, and the deposits.
    fn storage_of(deposits: u128, listings: u64) -> (NearToken, NearToken) {
        let longest: AccountId = "a".repeat(64).parse().unwrap();
        let deposit = LISTING_PRICE.saturating_mul(deposits);
        called_by(2, deposit);
        with_mocked_blockchain(|chain| chain.take_storage());
        let mut contract = contract();
        let before = env::storage_usage();
        contract.change_deposit(&longest, |has| has.saturating_add(deposit));
        for index in 0..listings {
            contract.use_storage(&longest);
            let listing = Listing {
                seller: longest.clone(),
                approval_id: 1,
                price: LISTING_PRICE,
            };
            let token_id = format!("{index:0MAX_TOKEN_ID_BYTES$}");
            contract
                .listings
                .insert((longest.clone(), token_id), listing);
        }
        contract.listings.flush();
        contract.storage_deposits.flush();
        let bytes = env::storage_usage() - before;
        let price = env::storage_byte_cost().saturating_mul(bytes.into());
        (price, deposit)
    }

    #[test]
    fn deposits_cover_the_longest_listings_and_what_is_left_of_themselves() {
        for (deposits, listings) in [(1, 0), (1, 1), (2, 1), (2, 2), (9, 8)] {
            let (price, deposit) = storage_of(deposits, listings);
            assert!(price > NearToken::default() && price <= deposit, "{price}");
        }
    }

    #[test]
    fn a_deposit_belongs_to_the_seller_also_while_a_listing_uses_it() {
        let mut contract = contract_with_listing();
        assert_eq!(contract.get_liabilities(), LISTING_PRICE);

        contract.remove_listing_of(&(accounts(1), "lamp".to_string()));
        called_by(2, NearToken::default());
        contract.withdraw_storage_deposit().detach();

        assert_eq!(get_created_receipts()[0].receiver_id, accounts(2));
        assert!(contract.get_liabilities().is_zero());
    }

    #[test]
    #[should_panic(expected = "charlie has no deposit")]
    fn a_deposit_that_a_listing_uses_stays() {
        let mut contract = contract_with_listing();
        called_by(2, NearToken::default());
        contract.withdraw_storage_deposit().detach();
    }

    fn add(deposit: NearToken) {
        called_by(2, deposit);
        contract().add_storage_deposit();
    }

    #[test]
    #[should_panic(expected = "Attach 0.003 NEAR for each listing")]
    fn no_deposit_is_refused() {
        add(NearToken::default());
    }

    #[test]
    #[should_panic(expected = "Attach 0.003 NEAR for each listing")]
    fn a_deposit_whose_rest_does_not_pay_for_its_own_entry_is_refused() {
        add(LISTING_PRICE.saturating_add(NearToken::from_yoctonear(1)));
    }
}
// ANCHOR_END: all
