// ANCHOR: all
//! The two assets come: the item opens a trade or a crafting, and the gold fills it.

use near_sdk::json_types::U128;
use near_sdk::serde_json::{self, json};
use near_sdk::{AccountId, Gas, GasWeight, Promise, PromiseOrValue, env, log, near, require};

use crate::assets::{Asset, TokenId};
use crate::journal::{Entry, Leg, Way};
use crate::{Contract, ContractExt, crafting};

/// The least gas of the callback that begins the exchange: 35 Tgas. It sends one leg. A mint needs
/// more. With what the seller attaches beyond that, the callbacks after it send the others.
pub const GAS_FOR_EXCHANGE: Gas = Gas::from_tgas(35);

/// What the owner of an item wants for it, as JSON in `msg`: `{"want": "5"}`, `{"craft": {}}`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
pub enum Offer {
    /// Gold of whoever buys it, in its smallest unit.
    Want(U128),
    /// A new item, for which the owner also pays the price of the smith.
    Craft {},
}

/// The answer of whoever pays, as JSON in `msg`.
#[near(serializers = [json])]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The number of the trade.
    pub trade: u64,
    /// The item that they pay for. A wrong number pays for no other item.
    pub item: TokenId,
}

#[near]
impl Contract {
    // ANCHOR: open
    /// Opens a trade. The items call this after they have moved the item to this contract
    /// (NEP-171).
    ///
    /// The answer comes when the gold does, or after 200 blocks (NEP-519). It is `true` if nobody
    /// has come, and then the items give the item back. So nobody has to call anything at the
    /// deadline.
    pub fn nft_on_transfer(
        &mut self,
        sender_id: AccountId,
        previous_owner_id: AccountId,
        token_id: TokenId,
        msg: String,
    ) -> PromiseOrValue<bool> {
        require!(env::predecessor_account_id() == self.items, "Not our items");
        require!(sender_id == previous_owner_id, "Only its owner offers it");
        let is_new = self.may_be_minted(&token_id);
        require!(!is_new, "A crafting may mint an item of this name");
        let Ok(offer) = serde_json::from_str(&msg) else {
            env::panic_str("Say in `msg` how much gold you want, or that you craft");
        };
        let id = self.next_trade;
        self.next_trade += 1;
        let item = Asset::Item(token_id);
        let mut legs = vec![Leg::held(item, sender_id.clone(), sender_id.clone())];
        let want = match offer {
            Offer::Want(gold) => gold,
            Offer::Craft {} => {
                legs[0].taker = self.smith.clone();
                let new = crafting::new_item(id);
                let new = Leg::new_item(new, self.smith.clone(), sender_id.clone());
                legs.insert(0, new);
                self.price
            }
        };
        require!(want.0 > 0, "Ask for some gold");

        let (answer, yield_id) = Promise::new_yield(
            "exchange_callback",
            json!({ "id": id }).to_string(),
            GAS_FOR_EXCHANGE,
            GasWeight(1),
        );
        let entry = Entry {
            owner: sender_id,
            legs,
            want,
            way: Way::Waiting,
            yield_id,
        };
        self.journal.insert(id, entry);
        log!("Trade {id} waits for gold");
        answer.into()
    }
    // ANCHOR_END: open

    /// Fills a trade. The gold calls this after it has moved `amount` of `sender_id` to this
    /// contract (NEP-141).
    ///
    /// Returns that all of it is used. If it panics, the gold gives all of it back.
    pub fn ft_on_transfer(&mut self, sender_id: AccountId, amount: U128, msg: String) -> U128 {
        require!(env::predecessor_account_id() == self.gold, "Not our gold");
        let Ok(Answer { trade, item }) = serde_json::from_str(&msg) else {
            env::panic_str("Say in `msg` the number of the trade, and the item");
        };
        self.count_filled(trade);
        let entry = self.entry(trade);
        require!(!entry.is_filled(), "Somebody was faster");
        require!(amount == entry.want, "Send exactly the price");

        let first = &mut entry.legs[0];
        require!(first.is_item(&item), "This trade has another item");
        if first.is_minting() {
            require!(sender_id == first.taker, "Who brings the item pays");
        }
        first.taker = sender_id.clone();
        let (gold, taker) = (Asset::Gold(amount), first.giver.clone());
        entry.legs.push(Leg::held(gold, sender_id, taker));
        require!(entry.yield_id.resume([]).is_ok(), "The trade is over");
        U128(0)
    }

    // ANCHOR: exchange
    /// Begins the exchange, or gives the item back. Returns true if the item goes back.
    ///
    /// The journal decides, and not the result of the promise: the gold may have come while the
    /// time-out was already under way.
    #[private]
    pub fn exchange_callback(&mut self, id: u64) -> bool {
        let Some(entry) = self.journal.get_mut(&id) else {
            return true;
        };
        if !entry.is_filled() {
            log!("The item of trade {id} goes back");
            let next = entry.turn_back();
            self.send(id, next);
            return true;
        }
        entry.way = Way::Forward;
        self.send(id, Some(0));
        false
    }
    // ANCHOR_END: exchange
}

#[cfg(test)]
pub(crate) mod tests {
    use near_sdk::test_utils::{accounts, get_created_receipts};

    use super::*;
    use crate::tests::{PRICE, called_by, contract, filled};

    /// `dan` offers this item. Does not change the context after that, because the mocked
    /// environment forgets yields.
    pub(crate) fn offer(contract: &mut Contract, item: &str) {
        bring(contract, item, json!({ "want": PRICE }).to_string());
    }

    /// `dan` brings iron, of which the smith makes a new item. The context stays as it is, too.
    pub(crate) fn craft(contract: &mut Contract) {
        bring(contract, "iron", json!({ "craft": {} }).to_string());
    }

    fn bring(contract: &mut Contract, item: &str, msg: String) {
        called_by(1);
        let answer = contract.nft_on_transfer(accounts(3), accounts(3), item.to_string(), msg);
        answer.detach();
    }

    /// `accounts(buyer)` pays for trade 0, as if the gold had called.
    pub(crate) fn fill(contract: &mut Contract, buyer: usize) {
        contract.gold = accounts(1);
        let item = match contract.entry(0).legs[0].is_minting() {
            true => "alice-0",
            false => "sword",
        };
        let msg = json!({ "trade": 0, "item": item }).to_string();
        let unused = contract.ft_on_transfer(accounts(buyer), PRICE, msg);
        contract.gold = accounts(2);
        assert_eq!(unused, U128(0));
    }

    fn offer_as(caller: usize, sender: usize, msg: &str) {
        let mut contract = contract();
        called_by(caller);
        let (sender, owner) = (accounts(sender), accounts(3));
        let answer = contract.nft_on_transfer(sender, owner, "sword".to_string(), msg.to_string());
        answer.detach();
    }

    #[test]
    #[should_panic(expected = "Not our items")]
    fn items_of_another_contract_are_refused() {
        offer_as(2, 3, r#"{"want":"5"}"#);
    }

    #[test]
    #[should_panic(expected = "Only its owner offers it")]
    fn an_item_of_somebody_else_is_refused() {
        offer_as(1, 4, r#"{"want":"5"}"#);
    }

    #[test]
    #[should_panic(expected = "Ask for some gold")]
    fn an_item_for_nothing_is_refused() {
        offer_as(1, 3, r#"{"want":"0"}"#);
    }

    #[test]
    #[should_panic(expected = "Say in `msg` how much gold you want, or that you craft")]
    fn an_item_without_an_offer_is_refused() {
        offer_as(1, 3, "");
    }

    #[test]
    fn gold_fills_a_trade_and_names_who_gets_what() {
        let contract = filled();
        let entry = contract.get_trade(0).unwrap();

        let [item, gold] = &entry.legs[..] else {
            panic!("not two legs");
        };
        assert_eq!((&item.giver, &item.taker), (&accounts(3), &accounts(4)));
        assert_eq!((&gold.giver, &gold.taker), (&accounts(4), &accounts(3)));
        assert_eq!(entry.way, Way::Waiting);
    }

    #[test]
    #[should_panic(expected = "Somebody was faster")]
    fn a_trade_is_filled_once() {
        let mut contract = filled();
        fill(&mut contract, 4);
    }

    #[test]
    fn the_new_item_leaves_before_the_item_and_the_gold_for_it() {
        let mut contract = contract();
        craft(&mut contract);
        fill(&mut contract, 3);
        let legs = &contract.get_trade(0).unwrap().legs;

        let (dan, smith) = (accounts(3), accounts(5));
        assert_eq!(
            legs[..],
            [
                Leg::new_item("alice-0".to_string(), smith.clone(), dan.clone()),
                Leg::held(Asset::Item("iron".to_string()), dan.clone(), smith.clone()),
                Leg::held(Asset::Gold(PRICE), dan, smith),
            ]
        );
    }

    #[test]
    #[should_panic(expected = "Who brings the item pays")]
    fn nobody_else_pays_for_a_new_item() {
        let mut contract = contract();
        craft(&mut contract);
        fill(&mut contract, 4);
    }

    #[test]
    #[should_panic(expected = "Not our gold")]
    fn other_gold_is_refused() {
        let mut contract = contract();
        offer(&mut contract, "sword");
        contract.ft_on_transfer(
            accounts(4),
            PRICE,
            r#"{"trade":0,"item":"sword"}"#.to_string(),
        );
    }

    #[test]
    #[should_panic(expected = "Say in `msg` the number of the trade, and the item")]
    fn an_answer_that_says_more_is_refused() {
        let mut contract = contract();
        offer(&mut contract, "sword");
        called_by(2);
        let answer = r#"{"trade":0,"item":"sword","receiver_id":"fargo"}"#;
        contract.ft_on_transfer(accounts(4), PRICE, answer.to_string());
    }

    #[test]
    #[should_panic(expected = "Send exactly the price")]
    fn another_price_is_refused() {
        let mut contract = contract();
        offer(&mut contract, "sword");
        called_by(2);
        contract.ft_on_transfer(
            accounts(4),
            U128(4),
            r#"{"trade":0,"item":"sword"}"#.to_string(),
        );
    }

    #[test]
    #[should_panic(expected = "This trade has another item")]
    fn a_wrong_number_pays_for_no_other_item() {
        let mut contract = contract();
        offer(&mut contract, "shield");
        called_by(2);
        let answer = r#"{"trade":0,"item":"sword"}"#;
        contract.ft_on_transfer(accounts(4), PRICE, answer.to_string());
    }

    #[test]
    #[should_panic(expected = "A crafting may mint an item of this name")]
    fn an_item_with_the_name_of_a_later_crafting_is_refused() {
        offer(&mut contract(), "alice-1");
    }

    #[test]
    #[should_panic(expected = "The trade is over")]
    fn a_trade_whose_promise_does_not_wait_any_more_is_refused() {
        let mut contract = contract();
        offer(&mut contract, "sword");
        // The mocked environment forgets the promise with this.
        called_by(2);
        contract.ft_on_transfer(
            accounts(4),
            PRICE,
            r#"{"trade":0,"item":"sword"}"#.to_string(),
        );
    }

    #[test]
    fn without_gold_the_item_goes_back_and_the_trade_ends() {
        let mut contract = contract();
        offer(&mut contract, "sword");
        called_by(0);

        assert!(contract.exchange_callback(0));
        assert!(contract.get_trade(0).is_none());
        assert!(get_created_receipts().is_empty(), "the items give it back");
    }

    #[test]
    fn with_gold_the_exchange_begins_with_the_item() {
        let mut contract = filled();
        called_by(0);

        assert!(!contract.exchange_callback(0));
        let [transfer, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(
            [&transfer.receiver_id, &callback.receiver_id],
            [&accounts(1), &accounts(0)]
        );
    }
}
// ANCHOR_END: all
