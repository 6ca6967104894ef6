// ANCHOR: all
//! The listings: tokens that their owners have approved us to sell, each with its price.
//!
//! A listing is no lock. The seller can still transfer the token, or revoke the approval, so it
//! says only what a buyer may try.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, NearToken, env, log, near, require, serde_json};

use crate::enter::enter;
use crate::room::{LISTING_PRICE, TOKENS_LISTING_PRICE};
use crate::{Contract, ContractExt};

/// The smallest price in NEAR: 0.01 NEAR. Its fee pays for the yoctoNEAR of the transfer.
pub const MIN_PRICE: NearToken = NearToken::from_millinear(10);

/// The longest id of a token, in bytes.
pub const MAX_TOKEN_ID_BYTES: usize = 64;

/// A token: its collection, and its id there.
pub type TokenKey = (AccountId, String);

/// A token for sale.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// The owner at the time of the approval.
    pub seller: AccountId,
    /// The number of the approval (NEP-178). A token that has changed hands since has another one.
    pub approval_id: u64,
    /// The terms.
    pub terms: Terms,
}

/// The terms of a sale. The seller writes them as JSON into the `msg` of `nft_approve`.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The price, in yoctoNEAR or in the smallest unit of the currency.
    pub price: U128,
    /// The fungible token that the price is in. Without one it is in NEAR.
    pub currency: Option<AccountId>,
}

#[near]
impl Contract {
    /// Lists a token for sale. The collection calls this after its owner has approved us (NEP-178).
    ///
    /// A token has one listing, that of the latest approval: calls may arrive in another order. The
    /// seller's deposit pays for its storage.
    pub fn nft_on_approve(
        &mut self,
        token_id: String,
        owner_id: AccountId,
        approval_id: u64,
        msg: String,
    ) {
        enter("nft_on_approve");

        // Anyone can call this method and claim to be a collection.
        let collection = env::predecessor_account_id();
        self.require_trusted(&collection);
        let Ok(terms) = serde_json::from_str::<Terms>(&msg) else {
            env::panic_str("Say the price in `msg`");
        };
        let least = match &terms.currency {
            None => MIN_PRICE.as_yoctonear(),
            Some(token) => {
                self.require_trusted(token);
                1
            }
        };
        require!(
            terms.price.0 >= least,
            format!("The price is {least} at least")
        );
        require!(
            token_id.len() <= MAX_TOKEN_ID_BYTES,
            "The id of the token is too long"
        );

        let token = (collection, token_id);
        let former = self.remove_listing_of(&token);
        require!(
            former.is_none_or(|former| former.approval_id <= approval_id),
            "The listing is of a later approval"
        );
        self.use_storage(&owner_id, terms.storage_price());
        log!("{} is for sale for {}", token.1, terms.in_words());
        let listing = Listing {
            seller: owner_id,
            approval_id,
            terms,
        };
        self.listings.insert(token, listing);
    }

    /// Ends a listing. Only the seller may call this.
    pub fn remove_listing(&mut self, collection: AccountId, token_id: String) {
        enter("remove_listing");

        let token = (collection, token_id);
        let listing = self.remove_listing_of(&token);
        let seller = listing.map(|listing| listing.seller);
        require!(
            seller == Some(env::predecessor_account_id()),
            "You do not sell this token"
        );
    }

    /// Returns the listing of a token.
    pub fn get_listing(&self, collection: AccountId, token_id: String) -> Option<&Listing> {
        self.listings.get(&(collection, token_id))
    }
}

impl Contract {
    /// Removes a listing for a buyer who offers exactly its price. Panics if there is none.
    pub(crate) fn take_listing(&mut self, token: &TokenKey, offered: Terms) -> Listing {
        self.require_trusted(&token.0);
        let Some(listing) = self.listings.remove(token) else {
            env::panic_str("This token is not for sale");
        };
        let words = listing.terms.in_words();
        require!(listing.terms == offered, format!("The price is {words}"));
        listing
    }

    /// Removes the listing of a token if there is one, and frees its storage for the seller.
    pub(crate) fn remove_listing_of(&mut self, token: &TokenKey) -> Option<Listing> {
        let listing = self.listings.remove(token)?;
        self.free_storage(listing.seller.clone(), listing.terms.storage_price());
        Some(listing)
    }
}

impl Terms {
    fn storage_price(&self) -> NearToken {
        match self.currency {
            None => LISTING_PRICE,
            Some(_) => TOKENS_LISTING_PRICE,
        }
    }

    fn in_words(&self) -> String {
        match &self.currency {
            None => NearToken::from_yoctonear(self.price.0).exact_amount_display(),
            Some(token) => format!("{} of {token}", self.price.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;

    use super::*;
    use crate::tests::{FOR_NEAR, ONE_NEAR, called_by, contract, contract_with_listing, list};

    #[test]
    fn an_approval_lists_the_token() {
        let contract = contract_with_listing();

        let listing = contract.get_listing(accounts(1), "lamp".to_string());
        let expected = Listing {
            seller: accounts(2),
            approval_id: 7,
            terms: Terms {
                price: U128(ONE_NEAR.as_yoctonear()),
                currency: None,
            },
        };
        assert_eq!(listing, Some(&expected));
    }

    #[test]
    fn a_later_approval_replaces_the_listing_and_frees_the_storage_of_the_former_seller() {
        let mut contract = contract_with_listing();
        called_by(3, LISTING_PRICE);
        contract.add_storage_deposit();
        list(&mut contract, 3, 8, FOR_NEAR);

        let listing = contract.get_listing(accounts(1), "lamp".to_string());
        assert_eq!(listing.map(|listing| listing.approval_id), Some(8));
        assert_eq!(contract.get_owed(accounts(2)), LISTING_PRICE);
        assert!(contract.get_owed(accounts(3)).is_zero());
    }

    #[test]
    #[should_panic(expected = "The listing is of a later approval")]
    fn an_earlier_approval_replaces_no_listing() {
        let mut contract = contract_with_listing();
        list(&mut contract, 2, 6, FOR_NEAR);
    }

    #[test]
    #[should_panic(expected = "charlie needs a deposit of 0.003 NEAR")]
    fn a_listing_without_a_deposit_is_refused() {
        list(&mut contract(), 2, 7, FOR_NEAR);
    }

    #[test]
    #[should_panic(expected = "We do not trust danny")]
    fn a_collection_that_we_do_not_trust_lists_nothing() {
        called_by(3, NearToken::default());
        contract().nft_on_approve("lamp".to_string(), accounts(2), 7, String::new());
    }

    #[test]
    #[should_panic(expected = "Say the price in `msg`")]
    fn an_approval_without_a_price_is_refused() {
        list(&mut contract(), 2, 7, "cheap");
    }

    #[test]
    #[should_panic(expected = "Say the price in `msg`")]
    fn a_price_in_an_unknown_field_is_not_taken_for_near() {
        list(
            &mut contract(),
            2,
            7,
            r#"{"price":"10000000000000000000000","ft":"fargo"}"#,
        );
    }

    #[test]
    #[should_panic(expected = "Say the price in `msg`")]
    fn a_price_of_2_to_the_128_is_refused() {
        let msg = r#"{"price":"340282366920938463463374607431768211456"}"#;
        list(&mut contract(), 2, 7, msg);
    }

    #[test]
    #[should_panic(expected = "The price is 10000000000000000000000 at least")]
    fn a_price_without_a_fee_is_refused() {
        list(&mut contract(), 2, 7, r#"{"price":"1"}"#);
    }

    #[test]
    #[should_panic(expected = "The price is 1 at least")]
    fn a_price_of_no_tokens_is_refused() {
        list(&mut contract(), 2, 7, r#"{"price":"0","currency":"fargo"}"#);
    }

    #[test]
    #[should_panic(expected = "We do not trust danny")]
    fn a_price_in_a_token_that_we_do_not_trust_is_refused() {
        list(
            &mut contract(),
            2,
            7,
            r#"{"price":"10","currency":"danny"}"#,
        );
    }

    #[test]
    #[should_panic(expected = "The id of the token is too long")]
    fn a_long_id_is_refused() {
        called_by(1, NearToken::default());
        let msg = r#"{"price":"10000000000000000000000"}"#.to_string();
        contract().nft_on_approve("x".repeat(65), accounts(2), 7, msg);
    }

    #[test]
    fn the_seller_ends_a_listing() {
        let mut contract = contract_with_listing();
        called_by(2, NearToken::default());
        contract.remove_listing(accounts(1), "lamp".to_string());

        let listing = contract.get_listing(accounts(1), "lamp".to_string());
        assert_eq!(listing, None);
        assert_eq!(contract.get_owed(accounts(2)), LISTING_PRICE);
    }

    #[test]
    #[should_panic(expected = "You do not sell this token")]
    fn nobody_else_ends_a_listing() {
        let mut contract = contract_with_listing();
        called_by(3, NearToken::default());
        contract.remove_listing(accounts(1), "lamp".to_string());
    }
}
// ANCHOR_END: all
