// ANCHOR: all
//! The storage of listings. A collection calls `nft_on_approve` without a deposit, so sellers pay
//! in advance.
//!
//! What no listing uses is owed to the seller, as a payment that has failed is. So `withdraw_owed`
//! pays it back.

use near_sdk::{AccountId, NearToken, env, near, require};

use crate::enter::enter;
use crate::money::owed::MIN_DEBT;
use crate::{Contract, ContractExt};

/// The price of the storage of a listing in NEAR: 0.003 NEAR. It comes back with the end of the
/// listing.
pub const LISTING_PRICE: NearToken = NearToken::from_millinear(3);

/// The price of the storage of a listing in a fungible token: 0.025 NEAR. If the token is sold, it
/// stays here: it pays for the storage of eleven debts in that token, which a sale may leave. If
/// not, it comes back.
pub const TOKENS_LISTING_PRICE: NearToken = NearToken::from_millinear(25);

#[near]
impl Contract {
    /// Adds the deposit to what the caller is owed, for one or several listings.
    #[payable]
    pub fn add_storage_deposit(&mut self) {
        enter("add_storage_deposit");

        let deposit = env::attached_deposit();
        require!(
            deposit >= LISTING_PRICE,
            format!("Attach {} or more", LISTING_PRICE.exact_amount_display())
        );
        self.money.owe(env::predecessor_account_id(), deposit);
    }
}

impl Contract {
    /// Takes the price of a listing from what `seller` is owed. Panics if that is too little, or
    /// leaves a debt that does not pay for its own entry.
    pub(crate) fn use_storage(&mut self, seller: &AccountId, price: NearToken) {
        let rest = self.get_owed(seller.clone()).checked_sub(price);
        match rest {
            Some(rest) if rest.is_zero() => self.money.owed.remove(seller),
            Some(rest) if rest >= MIN_DEBT => self.money.owed.insert(seller.clone(), rest),
            _ => env::panic_str(&format!(
                "{seller} needs a deposit of {}, and a rest of none or {}",
                price.exact_amount_display(),
                MIN_DEBT.exact_amount_display()
            )),
        };
    }

    /// Gives the price of a listing back to what `seller` is owed.
    pub(crate) fn free_storage(&mut self, seller: AccountId, price: NearToken) {
        self.money.release(price);
        self.money.owe(seller, price);
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::json_types::U128;
    use near_sdk::mock::with_mocked_blockchain;
    use near_sdk::test_utils::{accounts, get_created_receipts};

    use super::*;
    use crate::listings::{Listing, MAX_TOKEN_ID_BYTES, Terms};
    use crate::payout::MAX_LEN_PAYOUT;
    use crate::tests::{FOR_TOKENS, called_by, contract, contract_with_listing, list};

    fn longest() -> AccountId {
        "a".repeat(64).parse().unwrap()
    }

    /// Returns the price of the storage that a change of an empty contract takes up.
    fn storage_of(change: impl FnOnce(&mut Contract)) -> NearToken {
        called_by(2, NearToken::default());
        with_mocked_blockchain(|chain| chain.take_storage());
        let mut contract = contract();
        let before = env::storage_usage();
        change(&mut contract);
        contract.listings.flush();
        contract.money.owed.flush();
        contract.money.owed_tokens.flush();
        let bytes = env::storage_usage() - before;
        env::storage_byte_cost().saturating_mul(bytes.into())
    }

    /// Returns the price of the storage of the longest listing in this currency.
    fn storage_of_listing(currency: Option<AccountId>) -> NearToken {
        storage_of(|contract| {
            let price = U128(u128::MAX);
            let listing = Listing {
                seller: longest(),
                approval_id: 1,
                terms: Terms { price, currency },
            };
            let token = (longest(), "0".repeat(MAX_TOKEN_ID_BYTES));
            contract.listings.insert(token, listing);
        })
    }

    #[test]
    fn the_price_of_a_listing_covers_the_longest_one() {
        for (currency, price) in [
            (None, LISTING_PRICE),
            (Some(longest()), TOKENS_LISTING_PRICE),
        ] {
            let storage = storage_of_listing(currency);
            assert!(
                storage > NearToken::default() && storage <= price,
                "{storage}"
            );
        }
    }

    #[test]
    fn the_price_of_a_listing_in_tokens_covers_all_debts_of_a_sale() {
        let debts = storage_of(|contract| {
            for index in 0..=MAX_LEN_PAYOUT {
                let owner = format!("{index:064}").parse().unwrap();
                let debts = &mut contract.money.owed_tokens;
                debts.insert((longest(), owner), u128::MAX);
            }
        });

        let yoctos = NearToken::from_yoctonear(12);
        assert_eq!(debts, NearToken::from_micronear(22_440));
        assert!(
            TOKENS_LISTING_PRICE > debts.saturating_add(yoctos),
            "each call costs one"
        );
    }

    #[test]
    fn a_deposit_belongs_to_the_seller_also_while_a_listing_uses_it() {
        let mut contract = contract_with_listing();
        assert_eq!(contract.get_liabilities(), LISTING_PRICE);

        called_by(2, NearToken::default());
        contract.remove_listing(accounts(1), "lamp".to_string());
        contract.withdraw_owed(None).detach();

        assert_eq!(get_created_receipts()[0].receiver_id, accounts(2));
        assert!(contract.get_liabilities().is_zero());
    }

    #[test]
    #[should_panic(expected = "charlie is owed nothing")]
    fn a_deposit_that_a_listing_uses_stays() {
        let mut contract = contract_with_listing();
        called_by(2, NearToken::default());
        contract.withdraw_owed(None).detach();
    }

    #[test]
    #[should_panic(expected = "Attach 0.003 NEAR or more")]
    fn a_deposit_that_is_too_small_for_a_listing_is_refused() {
        called_by(
            2,
            LISTING_PRICE.saturating_sub(NearToken::from_yoctonear(1)),
        );
        contract().add_storage_deposit();
    }

    /// Lists the lamp for `charlie` on these terms, with this deposit. Returns the rest of the
    /// deposit.
    fn rest_of(deposit: NearToken, msg: &str) -> NearToken {
        called_by(2, deposit);
        let mut contract = contract();
        contract.add_storage_deposit();
        list(&mut contract, 2, 7, msg);
        contract.get_owed(accounts(2))
    }

    #[test]
    fn the_rest_of_a_deposit_is_owed() {
        let rest = rest_of(TOKENS_LISTING_PRICE.saturating_add(MIN_DEBT), FOR_TOKENS);

        assert_eq!(rest, MIN_DEBT);
    }

    #[test]
    #[should_panic(expected = "needs a deposit of 0.025 NEAR, and a rest of none or 0.00134 NEAR")]
    fn a_rest_that_does_not_pay_for_its_own_entry_is_refused() {
        let rest = MIN_DEBT.saturating_sub(NearToken::from_yoctonear(1));
        rest_of(TOKENS_LISTING_PRICE.saturating_add(rest), FOR_TOKENS);
    }
}
// ANCHOR_END: all
