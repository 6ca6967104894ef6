// ANCHOR: all
//! The assets of a trade, and the calls that send them.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, Gas, NearToken, Promise, ext_contract, near};

/// The name of an item, as NEP-171 has it.
pub type TokenId = String;

/// The gas of a transfer or a question: 10 Tgas. A transfer of near-contract-standards takes less.
pub const GAS_FOR_TRANSFER: Gas = Gas::from_tgas(10);

/// The deposit that the standards ask for with a transfer.
pub const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// The deposit of a mint: 0.02 NEAR for the storage of the new item. The items refund what they do
/// not need.
pub const MINT_DEPOSIT: NearToken = NearToken::from_millinear(20);

/// An asset that a trade moves.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Asset {
    /// An item, by its name.
    Item(TokenId),
    /// An amount of gold, in its smallest unit.
    Gold(U128),
}

impl Asset {
    /// Sends the asset to `receiver`. The contract that keeps it is `items` or `gold`.
    ///
    /// The result is that of the whole receipt, and not that of a promise which the other contract
    /// returns. So it says exactly whether the asset has left.
    pub fn send(self, items: &AccountId, gold: &AccountId, receiver: AccountId) -> Promise {
        let call = |contract| call(contract).with_attached_deposit(ONE_YOCTO);
        let transfer = match self {
            Self::Item(token_id) => call(items).nft_transfer(receiver, token_id),
            Self::Gold(amount) => call(gold).ft_transfer(receiver, amount),
        };
        with_empty_result(transfer)
    }
}

/// Appends a transfer of 0 NEAR, whose result is empty when all actions before it have succeeded.
fn with_empty_result(batch: Promise) -> Promise {
    batch.transfer(NearToken::from_near(0))
}

/// Begins a call without more gas than [`GAS_FOR_TRANSFER`].
pub(crate) fn call(contract: &AccountId) -> partner::PartnerExt {
    partner::ext(contract.clone())
        .with_static_gas(GAS_FOR_TRANSFER)
        .with_unused_gas_weight(0)
}

/// The methods that we call at the items (NEP-171) and at the gold (NEP-141).
#[ext_contract(partner)]
pub trait Partner {
    /// Moves an item of the caller to `receiver_id`.
    fn nft_transfer(&mut self, receiver_id: AccountId, token_id: TokenId);
    /// Makes a new item for `receiver_id`. The items take this from us only.
    fn nft_mint(&mut self, token_id: TokenId, receiver_id: AccountId);
    /// Returns an item with its owner.
    fn nft_token(&self, token_id: TokenId) -> Option<Item>;
    /// Moves `amount` of the caller's gold to `receiver_id`.
    fn ft_transfer(&mut self, receiver_id: AccountId, amount: U128);
}

/// What we read of an item.
#[near(serializers = [json])]
#[derive(Debug)]
pub struct Item {
    /// The account that the item belongs to.
    pub owner_id: AccountId,
}
// ANCHOR_END: all
