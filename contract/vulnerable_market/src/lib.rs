// ANCHOR: all
//! VULNERABLE ON PURPOSE. Do not deploy this contract, and do not copy from it.
//!
//! It is a small market. It believes the bill of each collection, and takes each collection. The
//! study `market` has the same methods without the mistakes.

use std::collections::BTreeMap;

use near_sdk::json_types::U128;
use near_sdk::store::LookupMap;
use near_sdk::{AccountId, Gas, NearToken, Promise, env, ext_contract, near, require, serde_json};

/// The bill, as a collection returns it.
#[near(serializers = [json])]
pub struct Payout {
    payout: BTreeMap<AccountId, U128>,
}

/// The method that it calls at a collection.
#[ext_contract(nft)]
pub trait Nft {
    /// Transfers the token and returns its bill (NEP-199).
    fn nft_transfer_payout(&mut self, receiver_id: AccountId, token_id: String, balance: U128);
}

/// The method that it calls at a fungible token.
#[ext_contract(ft)]
pub trait Ft {
    /// Sends tokens of the caller (NEP-141).
    fn ft_transfer(&mut self, receiver_id: AccountId, amount: U128, memo: Option<String>);
}

/// The highest bid of the auction.
#[near(serializers = [borsh])]
pub struct Bid {
    bidder: AccountId,
    amount: U128,
}

/// A token for sale.
#[near(serializers = [borsh])]
pub struct Listing {
    price: NearToken,
}

/// The whole state: the tokens for sale, and the highest bid of an auction.
#[near(contract_state)]
pub struct Market {
    bid: Option<Bid>,
    listings: LookupMap<(AccountId, String), Listing>,
}

impl Default for Market {
    fn default() -> Self {
        Self {
            bid: None,
            listings: LookupMap::new("listings".as_bytes()),
        }
    }
}

/// The terms of a sale, in the `msg` of an approval.
#[near(serializers = [json])]
pub struct Terms {
    price: NearToken,
}

#[near]
impl Market {
    /// Lists a token for sale. The collection calls this.
    pub fn nft_on_approve(&mut self, token_id: String, msg: String) {
        let Ok(Terms { price }) = serde_json::from_str(&msg) else {
            env::panic_str("Say the price in `msg`");
        };
        let token = (env::predecessor_account_id(), token_id);
        self.listings.insert(token, Listing { price });
    }

    // ANCHOR: buy
    /// Buys a token, and pays those whom the collection names.
    #[payable]
    pub fn vulnerable_buy(&mut self, collection: AccountId, token_id: String) -> Promise {
        let listing = self
            .listings
            .remove(&(collection.clone(), token_id.clone()));
        let Some(Listing { price }) = listing else {
            env::panic_str("This token is not for sale");
        };
        require!(env::attached_deposit() == price, "This is not the price");

        nft::ext(collection)
            .with_attached_deposit(NearToken::from_yoctonear(1))
            .with_static_gas(Gas::from_tgas(20))
            .nft_transfer_payout(
                env::predecessor_account_id(),
                token_id,
                U128(price.as_yoctonear()),
            )
            .then(
                Self::ext_self()
                    .with_static_gas(Gas::from_tgas(30))
                    .vulnerable_buy_callback(),
            )
    }

    /// Pays the bill.
    ///
    /// VULNERABLE: nothing compares the bill with the price. What it is too much for is paid with
    /// the money of others.
    #[private]
    pub fn vulnerable_buy_callback(&mut self, #[callback_unwrap] bill: Payout) {
        for (receiver, amount) in bill.payout {
            let amount = NearToken::from_yoctonear(amount.0);
            Promise::new(receiver).transfer(amount).detach();
        }
    }
    // ANCHOR_END: buy

    // ANCHOR: bid
    /// Takes tokens as a bid (NEP-141). A bid that is not the highest is not used, so the token
    /// sends it back.
    ///
    /// VULNERABLE: nobody looks at the result of the transfer to the bidder before.
    pub fn ft_on_transfer(&mut self, sender_id: AccountId, amount: U128) -> U128 {
        if self.bid.as_ref().is_some_and(|bid| amount <= bid.amount) {
            return amount;
        }
        let bidder = sender_id;
        if let Some(outbid) = self.bid.replace(Bid { bidder, amount }) {
            ft::ext(env::predecessor_account_id())
                .with_attached_deposit(NearToken::from_yoctonear(1))
                .with_static_gas(Gas::from_tgas(5))
                .ft_transfer(outbid.bidder, outbid.amount, None)
                .detach();
        }
        U128(0)
    }
    // ANCHOR_END: bid
}
// ANCHOR_END: all
