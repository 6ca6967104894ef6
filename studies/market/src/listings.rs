// ANCHOR: all
//! The listings: tokens that their owners have approved us to sell, each with its price.
//!
//! A listing is no lock. The seller can still transfer the token, or revoke the approval, so it says only what a buyer
//! may try.

use near_sdk::{AccountId, NearToken, env, log, near, require, serde_json};

use crate::enter::enter;
use crate::{Contract, ContractExt};

/// The smallest price: 0.01 NEAR. Its fee pays for the yoctoNEAR of the transfer.
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
    /// The price.
    pub price: NearToken,
}

/// The terms of a sale. The seller writes them as JSON into the `msg` of `nft_approve`.
#[near(serializers = [json])]
pub struct Terms {
    /// The price, in yoctoNEAR.
    pub price: NearToken,
}

#[near]
impl Contract {
    /// Lists a token for sale. The collection calls this after its owner has approved us (NEP-178).
    ///
    /// A token has one listing, that of the latest approval: calls may arrive in another order. The seller's deposit
    /// pays for its storage.
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
        let Ok(Terms { price }) = serde_json::from_str(&msg) else {
            env::panic_str("Say the price in `msg`");
        };
        require!(
            price >= MIN_PRICE,
            format!("The price is {} at least", MIN_PRICE.exact_amount_display())
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
        self.use_storage(&owner_id);
        log!(
            "{} is for sale for {}",
            token.1,
            price.exact_amount_display()
        );
        let listing = Listing {
            seller: owner_id,
            approval_id,
            price,
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
    /// Removes the listing of a token if there is one, and frees its storage for the seller.
    pub(crate) fn remove_listing_of(&mut self, token: &TokenKey) -> Option<Listing> {
        let listing = self.listings.remove(token)?;
        self.free_storage(&listing.seller);
        Some(listing)
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;

    use super::*;
    use crate::room::LISTING_PRICE;
    use crate::tests::{ONE_NEAR, called_by, contract, contract_with_listing, list};

    #[test]
    fn an_approval_lists_the_token() {
        let contract = contract_with_listing();

        let listing = contract.get_listing(accounts(1), "lamp".to_string());
        let expected = Listing {
            seller: accounts(2),
            approval_id: 7,
            price: ONE_NEAR,
        };
        assert_eq!(listing, Some(&expected));
    }

    #[test]
    fn a_later_approval_replaces_the_listing_and_frees_the_storage_of_the_former_seller() {
        let mut contract = contract_with_listing();
        called_by(3, LISTING_PRICE);
        contract.add_storage_deposit();
        list(&mut contract, 3, 8);

        let listing = contract.get_listing(accounts(1), "lamp".to_string());
        assert_eq!(listing.map(|listing| listing.approval_id), Some(8));
        assert_eq!(contract.get_storage_deposit(accounts(2)), LISTING_PRICE);
        assert!(contract.get_storage_deposit(accounts(3)).is_zero());
    }

    #[test]
    #[should_panic(expected = "The listing is of a later approval")]
    fn an_earlier_approval_replaces_no_listing() {
        let mut contract = contract_with_listing();
        list(&mut contract, 2, 6);
    }

    #[test]
    #[should_panic(expected = "charlie has no deposit left for a listing")]
    fn a_listing_without_a_deposit_is_refused() {
        list(&mut contract(), 2, 7);
    }

    #[test]
    #[should_panic(expected = "danny is no collection that we trust")]
    fn a_collection_that_we_do_not_trust_lists_nothing() {
        called_by(3, NearToken::default());
        contract().nft_on_approve("lamp".to_string(), accounts(2), 7, String::new());
    }

    #[test]
    #[should_panic(expected = "Say the price in `msg`")]
    fn an_approval_without_a_price_is_refused() {
        called_by(1, NearToken::default());
        contract().nft_on_approve("lamp".to_string(), accounts(2), 7, "cheap".to_string());
    }

    #[test]
    #[should_panic(expected = "The price is 0.01 NEAR at least")]
    fn a_price_without_a_fee_is_refused() {
        called_by(1, NearToken::default());
        let msg = r#"{"price":"1"}"#.to_string();
        contract().nft_on_approve("lamp".to_string(), accounts(2), 7, msg);
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

        assert!(
            contract
                .listings
                .get(&(accounts(1), "lamp".to_string()))
                .is_none()
        );
        assert_eq!(contract.get_storage_deposit(accounts(2)), LISTING_PRICE);
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
