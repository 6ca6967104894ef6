// ANCHOR: all
//! VULNERABLE ON PURPOSE. Do not deploy this contract, and do not copy from it.
//!
//! It is an escrow for an item and gold, and forgets a trade when it sends both. The study `trade`
//! has the same with a journal.

use near_sdk::json_types::U128;
use near_sdk::serde_json;
use near_sdk::store::LookupMap;
use near_sdk::{AccountId, Gas, NearToken, PromiseOrValue, env, ext_contract, near, require};

/// The method that it calls at the items (NEP-171).
#[ext_contract(items)]
pub trait Items {
    fn nft_transfer(&mut self, receiver_id: AccountId, token_id: String);
}

/// The method that it calls at the gold (NEP-141).
#[ext_contract(gold)]
pub trait Gold {
    fn ft_transfer(&mut self, receiver_id: AccountId, amount: U128);
}

const GAS_FOR_TRANSFER: Gas = Gas::from_tgas(10);

const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// An item that is here, and the gold for it as soon as that has come.
#[near(serializers = [borsh, json])]
pub struct Trade {
    pub items: AccountId,
    pub seller: AccountId,
    pub gold: Option<AccountId>,
    pub buyer: Option<AccountId>,
    pub amount: U128,
}

/// The whole state: the open trades, by item.
#[near(contract_state)]
pub struct Escrow {
    trades: LookupMap<String, Trade>,
}

impl Default for Escrow {
    fn default() -> Self {
        Self {
            trades: LookupMap::new("trades".as_bytes()),
        }
    }
}

#[near]
impl Escrow {
    /// Opens a trade for the gold in `msg`, and keeps the item.
    pub fn nft_on_transfer(
        &mut self,
        sender_id: AccountId,
        token_id: String,
        msg: String,
    ) -> PromiseOrValue<bool> {
        let Ok(amount) = serde_json::from_str(&msg) else {
            env::panic_str("Say in `msg` how much gold you want");
        };
        let trade = Trade {
            items: env::predecessor_account_id(),
            seller: sender_id,
            gold: None,
            buyer: None,
            amount,
        };
        self.trades.insert(token_id, trade);
        PromiseOrValue::Value(false)
    }

    /// Fills the trade of the item in `msg`.
    pub fn ft_on_transfer(&mut self, sender_id: AccountId, amount: U128, msg: String) -> U128 {
        let Some(trade) = self.trades.get_mut(&msg) else {
            env::panic_str("Say in `msg` which item you want");
        };
        require!(
            trade.buyer.is_none() && amount == trade.amount,
            "Send exactly its price"
        );
        trade.gold = Some(env::predecessor_account_id());
        trade.buyer = Some(sender_id);
        U128(0)
    }

    // ANCHOR: exchange
    /// Sends the item and the gold. Anybody may call this.
    ///
    /// VULNERABLE: it forgets the trade before it knows whether both have arrived.
    pub fn vulnerable_exchange(&mut self, token_id: String) {
        let trade = self.trades.remove(&token_id);
        let Some(Trade {
            items,
            seller,
            gold: Some(gold),
            buyer: Some(buyer),
            amount,
        }) = trade
        else {
            env::panic_str("There is no such trade");
        };
        items::ext(items)
            .with_attached_deposit(ONE_YOCTO)
            .with_static_gas(GAS_FOR_TRANSFER)
            .nft_transfer(buyer, token_id)
            .detach();
        gold::ext(gold)
            .with_attached_deposit(ONE_YOCTO)
            .with_static_gas(GAS_FOR_TRANSFER)
            .ft_transfer(seller, amount)
            .detach();
    }
    // ANCHOR_END: exchange

    /// Returns the trade of an item.
    pub fn get_trade(&self, token_id: String) -> Option<&Trade> {
        self.trades.get(&token_id)
    }
}
// ANCHOR_END: all
