//! The two assets come: the item opens a trade, and the gold fills it.

use near_sdk::json_types::U128;
use near_sdk::serde_json::{self, json};
use near_sdk::{AccountId, Gas, GasWeight, Promise, PromiseOrValue, env, log, near, require};

use crate::assets::{Asset, TokenId};
use crate::journal::{Entry, Leg, Place, Way};
use crate::{Contract, ContractExt};

/// The least gas of the callback that begins the exchange: 35 Tgas. It sends one leg. With what the seller attaches
/// beyond that, the callbacks after it send the others.
pub const GAS_FOR_EXCHANGE: Gas = Gas::from_tgas(35);

/// The offer of a seller, as JSON in `msg`.
#[near(serializers = [json])]
pub struct Offer {
    /// The gold that the item costs, in its smallest unit.
    pub want: U128,
}

/// The answer of a buyer, as JSON in `msg`.
#[near(serializers = [json])]
pub struct Answer {
    /// The number of the trade.
    pub trade: u64,
}

#[near]
impl Contract {
    // ANCHOR: open
    /// Opens a trade. The items call this after they have moved the item to this contract (NEP-171).
    ///
    /// The answer comes when the gold does, or after 200 blocks (NEP-519). It is `true` if nobody has come, and then the
    /// items give the item back. So nobody has to call anything at the deadline.
    pub fn nft_on_transfer(
        &mut self,
        sender_id: AccountId,
        previous_owner_id: AccountId,
        token_id: TokenId,
        msg: String,
    ) -> PromiseOrValue<bool> {
        require!(env::predecessor_account_id() == self.items, "We trade the items of the game only");
        require!(sender_id == previous_owner_id, "Only its owner offers an item");
        let Ok(Offer { want }) = serde_json::from_str(&msg) else {
            env::panic_str("Say in `msg` how much gold you want");
        };
        require!(want.0 > 0, "Ask for some gold");

        let id = self.next_trade;
        self.next_trade += 1;
        self.left_before(&token_id, id);
        let (answer, yield_id) = Promise::new_yield(
            "exchange_callback",
            json!({ "id": id }).to_string(),
            GAS_FOR_EXCHANGE,
            GasWeight(1),
        );
        let item = Leg {
            asset: Asset::Item(token_id),
            giver: sender_id.clone(),
            taker: sender_id,
            place: Place::Held,
            attempt: 0,
        };
        let legs = vec![item];
        let way = Way::Waiting;
        self.journal.insert(id, Entry { legs, want, way, yield_id });
        log!("Trade {id} waits for gold");
        answer.into()
    }
    // ANCHOR_END: open

    // ANCHOR: fill
    /// Fills a trade. The gold calls this after it has moved `amount` of `sender_id` to this contract (NEP-141).
    ///
    /// Returns that all of it is used. If it panics, the gold gives all of it back.
    pub fn ft_on_transfer(&mut self, sender_id: AccountId, amount: U128, msg: String) -> U128 {
        require!(env::predecessor_account_id() == self.gold, "We take the gold of the game only");
        let Ok(Answer { trade }) = serde_json::from_str(&msg) else {
            env::panic_str("Say in `msg` the number of the trade");
        };
        let entry = self.entry(trade);
        require!(!entry.is_filled(), "Somebody was faster");
        require!(amount == entry.want, "Send exactly the gold that is asked for");

        entry.legs[0].taker = sender_id.clone();
        entry.legs.push(Leg {
            asset: Asset::Gold(amount),
            giver: sender_id,
            taker: entry.legs[0].giver.clone(),
            place: Place::Held,
            attempt: 0,
        });
        require!(entry.yield_id.resume([]).is_ok(), "The trade is over");
        U128(0)
    }
    // ANCHOR_END: fill

    // ANCHOR: exchange
    /// Begins the exchange, or gives the item back. Returns true if the item goes back.
    ///
    /// The journal decides, and not the result of the promise: the gold may have come while the time-out was already
    /// under way.
    #[private]
    pub fn exchange_callback(&mut self, id: u64) -> bool {
        let Some(entry) = self.journal.get_mut(&id) else {
            return true;
        };
        if !entry.is_filled() {
            self.close(id);
            return true;
        }
        entry.way = Way::Forward;
        self.send(id, Some(0));
        false
    }
    // ANCHOR_END: exchange
}
