//! Offers: a buyer pays in advance, and the seller may accept until a block.

use near_sdk::json_types::U128;
use near_sdk::store::LookupMap;
use near_sdk::{AccountId, BlockHeight, NearToken, Promise, env, near, require};

use crate::enter::enter;
use crate::listings::{MIN_PRICE, TokenKey};
use crate::money::owed::pay_back;
use crate::sale::GAS_FOR_BUY_CALLBACK;
use crate::{Contract, ContractExt};

/// The longest time for which an offer is valid: 100,000 blocks.
const MAX_BLOCKS: BlockHeight = 100_000;

/// The longest id of a token, in bytes: see `nft_on_approve`.
const MAX_TOKEN_ID_BYTES: usize = crate::listings::MAX_TOKEN_ID_BYTES;

/// An offer. Its amount is on the account of the market, and belongs to the buyer. It is more than
/// the storage of the offer costs.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The buyer, who has paid.
    pub buyer: AccountId,
    /// The amount.
    pub amount: NearToken,
    /// The last block in which the seller may accept.
    pub last_block: BlockHeight,
}

/// Returns the stored offers, one for each token.
fn offers() -> LookupMap<TokenKey, Offer> {
    LookupMap::new("offers".as_bytes())
}

#[near]
impl Contract {
    // ANCHOR: code
    /// Offers the deposit for a token, for this number of blocks. A higher offer pays the one
    /// before it back.
    #[payable]
    pub fn make_offer(&mut self, collection: AccountId, token_id: String, blocks: BlockHeight) {
        enter("make_offer");
        require!(blocks <= MAX_BLOCKS && token_id.len() <= MAX_TOKEN_ID_BYTES);

        let offer = Offer {
            buyer: env::predecessor_account_id(),
            amount: env::attached_deposit(),
            last_block: env::block_height().saturating_add(blocks),
        };
        let (token, mut offers) = ((collection, token_id), offers());
        let least = offers.get(&token).map_or(MIN_PRICE, |before| before.amount);
        require!(offer.amount > least, "Offer more");
        self.money.hold(offer.amount);
        if let Some(before) = offers.insert(token, offer) {
            self.money.release(before.amount);
            pay_back(before.buyer, before.amount).detach();
        }
    }

    /// Sells a listed token for the offer instead of the price. Only its seller may call this,
    /// until the last block.
    pub fn accept_offer(&mut self, collection: AccountId, token_id: String) -> Promise {
        enter("accept_offer");
        self.require_trusted(&collection);

        let token = (collection, token_id);
        let offer = take(&token);
        require!(
            env::block_height() <= offer.last_block,
            "The offer has expired"
        );
        let Some(listing) = self.remove_listing_of(&token) else {
            env::panic_str("This token is not for sale");
        };
        let caller = env::predecessor_account_id();
        require!(listing.seller == caller, "You do not sell this token");
        self.money.release(offer.amount);
        let (buyer, amount) = (offer.buyer, offer.amount);
        let price = U128(amount.as_yoctonear());
        Self::transfer_payout(token, listing.approval_id, buyer.clone(), price).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_BUY_CALLBACK)
                .with_attached_deposit(amount)
                .buy_callback(buyer, listing.seller, amount),
        )
    }

    /// Pays an offer back after its last block. Only the buyer may call this.
    pub fn take_back_offer(&mut self, collection: AccountId, token_id: String) -> Promise {
        enter("take_back_offer");

        let offer = take(&(collection, token_id));
        require!(env::block_height() > offer.last_block, "The offer is valid");
        require!(
            offer.buyer == env::predecessor_account_id(),
            "It is not yours"
        );
        self.money.release(offer.amount);
        pay_back(offer.buyer, offer.amount)
    }
    // ANCHOR_END: code

    /// Returns the offer for a token.
    pub fn get_offer(&self, collection: AccountId, token_id: String) -> Option<Offer> {
        offers().get(&(collection, token_id)).cloned()
    }
}

/// Removes an offer. If the method fails after that, the offer stays.
fn take(token: &TokenKey) -> Offer {
    let offer = offers().remove(token);
    offer.unwrap_or_else(|| env::panic_str("There is no such offer"))
}
