// ANCHOR: all
//! The assets leave, one after the other, each with a callback that marks it in the journal.

use near_sdk::{Gas, NearToken, PromiseError, env, log, near, require};

use crate::assets::{Item, ONE_YOCTO, call};
use crate::journal::{Entry, Status, Way};
use crate::promise_results::call_succeeded;
use crate::{Contract, ContractExt};

/// The least gas of a callback that marks a leg: 10 Tgas. It also gets what the calls before it
/// leave.
pub const GAS_FOR_MARK: Gas = Gas::from_tgas(10);

/// The gas without which no leg is sent: the transfer, its callback, and 5 Tgas to send them and to
/// write the journal.
pub const GAS_FOR_LEG: Gas = Gas::from_tgas(25);

/// The longest description of an item that we read: 100,000 bytes. It has the approvals of its
/// owner, who may add some.
pub const MAX_ITEM_BYTES: usize = 100_000;

impl Contract {
    /// Returns a trade of the journal. Panics if there is none.
    pub(crate) fn entry(&mut self, id: u64) -> &mut Entry {
        let Some(entry) = self.journal.get_mut(&id) else {
            env::panic_str(&format!("There is no trade {id}"));
        };
        entry
    }

    /// Sends a leg, after it has written into the journal that it does. If there is none and all
    /// have left, the trade ends.
    ///
    /// With too little gas or NEAR nothing is sent. The journal says so, and anybody may resume.
    pub(crate) fn send(&mut self, id: u64, leg: Option<usize>) {
        let (items, gold) = (self.items.clone(), self.gold.clone());
        let entry = self.entry(id);
        let Some(leg) = leg else {
            if entry.has_ended() {
                self.end(id);
                log!("Trade {id} has ended");
            }
            return;
        };
        let way = entry.way;
        let sent = &mut entry.legs[leg];
        if sent.status == Status::New {
            self.mint(id);
            return;
        }
        if !has_means(id, GAS_FOR_LEG, ONE_YOCTO) {
            return;
        }
        sent.status = Status::Sent;
        let receiver = match way {
            Way::Forward => sent.taker.clone(),
            Way::Back | Way::Waiting => sent.giver.clone(),
        };
        let callback = Self::ext_self()
            .with_static_gas(GAS_FOR_MARK)
            .leg_callback(id, leg);
        let transfer = sent.asset.clone().send(&items, &gold, receiver);
        transfer.then(callback).detach();
    }

    /// Asks the items who owns an item that was minted, or that was sent and is not marked.
    pub(crate) fn ask(&mut self, id: u64) {
        let entry = self.entry(id);
        let Some((leg, token_id)) = entry.unmarked_item() else {
            return;
        };
        let status = entry.legs[leg].status;
        if !has_means(id, GAS_FOR_LEG, NearToken::from_near(0)) {
            return;
        }
        let callback = Self::ext_self().with_static_gas(GAS_FOR_MARK);
        let callback = callback.ask_callback(id, leg, status);
        // The longer the answer, the more gas it takes on both sides.
        let asked = call(&self.items).with_unused_gas_weight(1);
        asked.nft_token(token_id).then(callback).detach();
    }
}

/// Returns true if there is this gas, and enough NEAR for a call with this deposit. Without it the
/// promise would fail, and with it the callback that marks the leg before.
///
/// Storage locks a part of the balance. The rest pays the deposit.
pub(crate) fn has_means(id: u64, least_gas: Gas, deposit: NearToken) -> bool {
    let gas = env::prepaid_gas().saturating_sub(env::used_gas());
    let locked = env::storage_byte_cost().saturating_mul(env::storage_usage().into());
    let balance = env::account_balance().saturating_sub(locked);
    let missing = if gas < least_gas {
        "gas"
    } else if balance < deposit {
        "NEAR"
    } else {
        return true;
    };
    log!("Trade {id} has too little {missing}: resume it");
    false
}

#[near]
impl Contract {
    /// Marks a leg: it has arrived, or it is here again. Then sends the next one.
    #[private]
    pub fn leg_callback(&mut self, id: u64, leg: usize) {
        self.mark(id, leg, call_succeeded());
    }

    // ANCHOR: resume
    /// Continues a trade that has stopped. Anybody may call this, because the journal says who gets
    /// what.
    ///
    /// It sends what is here. What was sent and has not been marked is not sent again.
    pub fn resume(&mut self, id: u64) {
        let entry = self.entry(id);
        if entry.way == Way::Waiting {
            // If nothing waits, the callback has failed, and the items have given the item back.
            require!(entry.yield_id.resume([]).is_err(), "The trade waits");
            entry.turn_back();
        }
        self.ask(id);
        let next = self.entry(id).next(None);
        self.send(id, next);
    }
    // ANCHOR_END: resume

    /// Continues with what the items answer about an item, if it still has the status in which they
    /// were asked.
    ///
    /// If nothing follows, nothing is sent, and the entry stays for people who can read the chain.
    #[private]
    pub fn ask_callback(
        &mut self,
        id: u64,
        leg: usize,
        status: Status,
        #[callback_result(max_bytes = MAX_ITEM_BYTES)] item: Result<Option<Item>, PromiseError>,
    ) {
        let entry = self.journal.get_mut(&id);
        let entry = entry.filter(|entry| entry.legs[leg].status == status);
        let (Ok(item), Some(entry)) = (item, entry) else {
            log!("The items do not answer, or trade {id} has gone on");
            return;
        };
        let is_ours = item.is_some_and(|item| item.owner_id == env::current_account_id());
        let next = entry.answer(leg, is_ours);
        self.send(id, next);
    }
}

impl Contract {
    /// Records whether a leg has arrived, if that is not recorded already, and sends the next one.
    fn mark(&mut self, id: u64, leg: usize, arrived: bool) {
        let Some(entry) = self.journal.get_mut(&id) else {
            return;
        };
        let next = match entry.legs[leg].status {
            Status::Sent => entry.mark(leg, arrived),
            _ => entry.next(Some(leg)),
        };
        self.send(id, next);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts, get_logs};
    use near_sdk::{AccountId, PromiseResult, testing_env};

    use super::*;
    use crate::offer::tests::offer;
    use crate::tests::{callback_after, called_by, contract, filled};

    /// Returns the contract after the exchange has begun: the item is under way.
    fn sending() -> Contract {
        let mut contract = filled();
        called_by(0);
        contract.exchange_callback(0);
        contract
    }

    pub(crate) fn after(contract: &mut Contract, leg: usize, result: PromiseResult) {
        callback_after(0, vec![result]);
        contract.leg_callback(0, leg);
    }

    pub(crate) fn success() -> PromiseResult {
        PromiseResult::Successful(Vec::new())
    }

    pub(crate) fn statuses(contract: &Contract) -> Vec<Status> {
        let entry = contract.get_trade(0).expect("the trade is open");
        entry.legs.iter().map(|leg| leg.status).collect()
    }

    /// Returns the receivers of the calls that were created, without callbacks.
    pub(crate) fn calls() -> Vec<AccountId> {
        let receipts = get_created_receipts().into_iter();
        let receivers = receipts.map(|receipt| receipt.receiver_id);
        receivers
            .filter(|receiver| *receiver != accounts(0))
            .collect()
    }

    #[test]
    fn a_trade_ends_when_both_legs_have_arrived() {
        let mut contract = sending();
        assert_eq!(statuses(&contract), [Status::Sent, Status::Held]);
        after(&mut contract, 0, success());
        assert_eq!(statuses(&contract), [Status::Gone, Status::Sent]);
        after(&mut contract, 1, success());

        assert!(contract.get_trade(0).is_none());
    }

    #[test]
    fn a_leg_under_way_is_not_sent_again() {
        let mut contract = sending();
        called_by(3);
        contract.resume(0);

        assert_eq!(calls(), [accounts(1)], "the items are asked");
        assert_eq!(statuses(&contract), [Status::Sent, Status::Held]);
    }

    #[test]
    fn a_leg_that_has_failed_is_sent_again_when_somebody_resumes() {
        let mut contract = sending();
        after(&mut contract, 0, success());
        after(&mut contract, 1, PromiseResult::Failed);
        assert_eq!(statuses(&contract), [Status::Gone, Status::Held]);
        called_by(3);
        contract.resume(0);

        assert_eq!(calls(), [accounts(2)]);
        after(&mut contract, 1, success());
        assert!(contract.get_trade(0).is_none());
    }

    #[test]
    fn after_a_lost_exchange_without_gold_nothing_is_left_to_do() {
        let mut contract = contract();
        offer(&mut contract, "sword");
        called_by(3);
        contract.resume(0);

        assert!(calls().is_empty());
        assert!(contract.get_trade(0).is_none());
    }

    #[test]
    fn after_a_lost_exchange_the_gold_goes_back() {
        // The mocked environment forgets the promise with this, as if its callback had failed.
        let mut contract = filled();
        called_by(3);
        contract.resume(0);

        assert_eq!(calls(), [accounts(2)]);
        assert_eq!(statuses(&contract), [Status::Gone, Status::Sent]);
        after(&mut contract, 1, success());
        assert!(contract.get_trade(0).is_none());
    }

    /// The items, which were asked when leg 0 had this status, answer that this account has its
    /// item, or nobody.
    pub(crate) fn answer(contract: &mut Contract, status: Status, owner: Option<usize>) {
        let item = owner.map(|owner| Item {
            owner_id: accounts(owner),
        });
        callback_after(0, Vec::new());
        contract.ask_callback(0, 0, status, Ok(item));
    }

    /// Returns the contract after the callback of the item was lost, and the items have said that
    /// `owner` has it.
    fn asked(owner: usize) -> Contract {
        let mut contract = sending();
        answer(&mut contract, Status::Sent, Some(owner));
        contract
    }

    #[test]
    fn an_item_that_belongs_to_another_has_arrived() {
        assert_eq!(statuses(&asked(4)), [Status::Gone, Status::Sent]);
    }

    #[test]
    fn an_item_that_belongs_to_us_may_have_come_back_and_changes_nothing() {
        assert_eq!(statuses(&asked(0)), [Status::Sent, Status::Held]);
    }

    #[test]
    fn an_item_that_was_burned_has_arrived() {
        let mut contract = sending();
        answer(&mut contract, Status::Sent, None);

        assert_eq!(statuses(&contract), [Status::Gone, Status::Sent]);
    }

    #[test]
    fn items_that_do_not_answer_change_nothing() {
        let mut contract = sending();
        contract.ask_callback(0, 0, Status::Sent, Err(PromiseError::Failed));

        assert_eq!(statuses(&contract), [Status::Sent, Status::Held]);
    }

    #[test]
    #[should_panic(expected = "There is no trade 7")]
    fn a_trade_that_is_not_in_the_journal_is_not_resumed() {
        contract().resume(7);
    }

    #[test]
    #[should_panic(expected = "The trade waits")]
    fn a_trade_that_waits_is_not_resumed() {
        let mut contract = contract();
        offer(&mut contract, "sword");
        contract.resume(0);
    }

    /// Marks the item in this context, which has too little of something to send the gold.
    fn mark_with(context: &VMContextBuilder) {
        let mut contract = sending();
        testing_env!(context.build());
        contract.mark(0, 0, true);

        assert_eq!(statuses(&contract), [Status::Gone, Status::Held]);
        assert!(calls().is_empty());
    }

    #[test]
    fn with_too_little_gas_nothing_is_sent() {
        mark_with(VMContextBuilder::new().prepaid_gas(Gas::from_tgas(20)));

        assert_eq!(get_logs(), ["Trade 0 has too little gas: resume it"]);
    }

    #[test]
    fn without_near_beside_that_of_the_storage_nothing_is_sent() {
        let bytes = 200_000;
        let locked = env::storage_byte_cost().saturating_mul(bytes.into());
        let mut context = VMContextBuilder::new();
        context.storage_usage(bytes).account_balance(locked);
        mark_with(&context);

        assert_eq!(get_logs(), ["Trade 0 has too little NEAR: resume it"]);
    }
}
// ANCHOR_END: all
