// ANCHOR: all
//! Retries. The chain does not repeat a call that has failed. So an order that has failed is
//! stored, and anyone can retry it in another transaction.

use near_sdk::{AccountId, Promise, env, log, near, require};

use crate::batch::deposit::require_deposit;
use crate::batch::guestbook::PREMIUM_PRICE;
use crate::enter::enter;
use crate::money::guestbooks::premium_message;
use crate::money::operator::require_operator;
use crate::money::overdue::require_overdue;
use crate::money::owed::{GAS_FOR_PAYMENT, pay_back};
use crate::money::state::{Order, State};
use crate::money::storage::price_of_storage_since;
use crate::promise_results::call_succeeded;
use crate::{Contract, ContractExt};

/// The number of attempts after which the money of an order is paid back.
pub const MAX_ATTEMPTS: u8 = 3;

// ANCHOR: attempt
/// The result of an attempt.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
pub struct Attempt {
    /// The number of the order.
    pub order: u64,
    /// True if the guestbook has accepted the message.
    pub signed: bool,
    /// The number of attempts that are left. At zero the order is over.
    pub attempts_left: u8,
}
// ANCHOR_END: attempt

impl State {
    // ANCHOR: send
    /// Sends the next attempt of an order. Panics when one is in flight.
    fn send(&mut self, id: u64) -> Promise {
        let Some(order) = self.orders.get_mut(&id) else {
            env::panic_str("There is no such order");
        };
        require!(!order.in_flight, "The order is in flight");
        order.in_flight = true;
        order.attempts += 1;
        order.since = env::block_height();
        let (price, attempt) = (order.price, order.attempts);
        let message = premium_message(order.guestbook.clone(), order.text.clone(), order.price);

        // From here on the money is in flight.
        self.release(price);
        message.then(
            Contract::ext_self()
                .with_static_gas(GAS_FOR_PAYMENT)
                .order_message_callback(id, attempt),
        )
    }
    // ANCHOR_END: send

    // ANCHOR: settle
    /// Settles an attempt. When it has succeeded, the rest of the deposit is paid back. When it has
    /// failed, the order waits for the next attempt, and after the last one the whole deposit is
    /// paid back.
    ///
    /// Does nothing when this attempt is not in flight.
    fn settle(&mut self, id: u64, attempt: u8, signed: bool) -> Attempt {
        let over = Attempt {
            order: id,
            signed,
            attempts_left: 0,
        };
        let Some(order) = self.orders.get_mut(&id) else {
            return over;
        };
        if !order.in_flight || order.attempts != attempt {
            return over;
        }
        order.in_flight = false;
        let attempts_left = MAX_ATTEMPTS.saturating_sub(order.attempts);
        let (payer, deposit, price) = (order.payer.clone(), order.deposit, order.price);
        if !signed {
            self.hold(price);
            if attempts_left > 0 {
                return Attempt {
                    attempts_left,
                    ..over
                };
            }
        }

        let rest = if signed {
            deposit.saturating_sub(price)
        } else {
            deposit
        };
        self.orders.remove(&id);
        self.release(rest);
        pay_back(payer, rest).detach();
        over
    }
    // ANCHOR_END: settle
}

#[near]
impl Contract {
    /// Returns an order that is not done yet.
    pub fn get_order(&self, id: u64) -> Option<&Order> {
        self.money.orders.get(&id)
    }

    // ANCHOR: order_message
    /// Orders a premium message to `guestbook`. What is attached beyond 0.1 NEAR pays for the
    /// storage of the order, and is paid back when the order is done.
    ///
    /// Returns the result of the first attempt. If it has failed, the order waits for
    /// [`Contract::retry_order`]. The number of the order is in the result, and in the log before that.
    #[payable]
    pub fn order_message(&mut self, guestbook: AccountId, text: String) -> Promise {
        enter("order_message");

        let id = self.money.next_order;
        let before = env::storage_usage();
        self.money.next_order += 1;
        self.money.orders.insert(
            id,
            Order {
                payer: env::predecessor_account_id(),
                deposit: env::attached_deposit(),
                guestbook,
                text,
                price: PREMIUM_PRICE,
                attempts: 0,
                in_flight: false,
                since: env::block_height(),
            },
        );
        self.money.orders.flush();
        let deposit = require_deposit(PREMIUM_PRICE.saturating_add(price_of_storage_since(before)));
        self.money.hold(deposit);
        log!("Order {id} is in flight");

        self.money.send(id)
    }

    /// Retries an order. Anyone may call this, and pays for the gas. An attempt is sent only with
    /// the gas of its callback, so nobody can send one whose callback fails.
    pub fn retry_order(&mut self, id: u64) -> Promise {
        enter("retry_order");

        self.money.send(id)
    }
    // ANCHOR_END: order_message

    // ANCHOR: callback
    /// Settles the attempt with this number.
    #[private]
    pub fn order_message_callback(&mut self, id: u64, attempt: u8) -> Attempt {
        enter("order_message_callback");

        self.money.settle(id, attempt, call_succeeded())
    }
    // ANCHOR_END: callback

    // ANCHOR: resolve
    /// Does the work of a lost callback. `signed` says whether the guestbook's receipt succeeded:
    /// its outcome can be read by people and not by contracts, so only the operator may call this.
    #[payable]
    pub fn resolve_order(&mut self, id: u64, attempt: u8, signed: bool) -> Attempt {
        enter("resolve_order");
        require_operator();

        let Some(order) = self.money.orders.get(&id) else {
            env::panic_str("There is no such order");
        };
        require!(
            order.in_flight && order.attempts == attempt,
            format!("Attempt {attempt} of the order is not in flight")
        );
        require_overdue(order.since);
        self.money.settle(id, attempt, signed)
    }
    // ANCHOR_END: resolve

    // ANCHOR: cancel
    /// Cancels an order, and pays the whole deposit back. Only the payer may call this, and only
    /// while no attempt is in flight.
    pub fn cancel_order(&mut self, id: u64) -> Promise {
        enter("cancel_order");

        let Some(order) = self.money.orders.remove(&id) else {
            env::panic_str("There is no such order");
        };
        require!(
            order.payer == env::predecessor_account_id(),
            "The order is not yours"
        );
        require!(!order.in_flight, "The order is in flight");
        self.money.release(order.deposit);
        pay_back(order.payer, order.deposit)
    }
    // ANCHOR_END: cancel
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{
        BlockHeight, NearToken, PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env,
    };

    use super::*;
    use crate::money::overdue::OVERDUE;
    use crate::money::test_utils::{call_by, transfers};

    const ONE_NEAR: NearToken = NearToken::from_near(1);

    /// Runs the callback of the last attempt, with this promise result.
    fn callback_after(contract: &mut Contract, result: PromiseResult) -> Attempt {
        let order = contract.get_order(0);
        let attempt = order.map_or(1, |order| order.attempts);
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
        contract.order_message_callback(0, attempt)
    }

    /// Returns a contract with an order of `bob`, who has paid 1 NEAR. The first attempt is in
    /// flight.
    fn contract_with_order() -> Contract {
        call_by(1, ONE_NEAR);
        let mut contract = Contract::new(None, None, None);
        contract
            .order_message(accounts(2), "Hello".to_string())
            .detach();
        contract
    }

    /// Returns the same after one failed attempt. The next caller is bob.
    fn contract_with_waiting_order() -> Contract {
        let mut contract = contract_with_order();
        callback_after(&mut contract, PromiseResult::Failed);
        call_by(1, NearToken::default());
        contract
    }

    fn attempt(signed: bool, attempts_left: u8) -> Attempt {
        Attempt {
            order: 0,
            signed,
            attempts_left,
        }
    }

    #[test]
    fn an_order_that_is_done_costs_the_price_and_is_removed() {
        let mut contract = contract_with_order();

        let success = PromiseResult::Successful(Vec::new());
        assert_eq!(callback_after(&mut contract, success), attempt(true, 0));
        assert_eq!(contract.get_order(0), None);
        assert_eq!(
            transfers(),
            [(accounts(1), ONE_NEAR.saturating_sub(PREMIUM_PRICE))]
        );
    }

    #[test]
    fn an_order_that_failed_is_kept() {
        let contract = contract_with_waiting_order();

        let order = contract.get_order(0).unwrap();
        assert_eq!(order.attempts, 1);
        assert!(!order.in_flight);
    }

    #[test]
    fn anyone_can_retry_an_order() {
        let mut contract = contract_with_waiting_order();
        call_by(3, NearToken::default());
        contract.retry_order(0).detach();

        let order = contract.get_order(0).unwrap();
        assert_eq!(order.attempts, 2);
        assert!(order.in_flight);
        assert_eq!(get_created_receipts()[0].receiver_id, accounts(2));
    }

    #[test]
    #[should_panic(expected = "The order is in flight")]
    fn an_order_in_flight_cannot_be_retried() {
        let mut contract = contract_with_order();
        contract.retry_order(0).detach();
    }

    #[test]
    fn after_the_last_attempt_the_whole_deposit_is_paid_back() {
        let mut contract = contract_with_order();
        for left in [2, 1] {
            let failed = callback_after(&mut contract, PromiseResult::Failed);
            assert_eq!(failed, attempt(false, left));
            assert!(transfers().is_empty());
            contract.retry_order(0).detach();
        }

        let failed = callback_after(&mut contract, PromiseResult::Failed);
        assert_eq!(failed, attempt(false, 0));
        assert_eq!(contract.get_order(0), None);
        assert_eq!(transfers(), [(accounts(1), ONE_NEAR)]);
    }

    #[test]
    fn the_payer_can_cancel_an_order() {
        let mut contract = contract_with_waiting_order();
        contract.cancel_order(0).detach();

        assert_eq!(contract.get_order(0), None);
        assert_eq!(transfers(), [(accounts(1), ONE_NEAR)]);
    }

    #[test]
    #[should_panic(expected = "The order is not yours")]
    fn nobody_else_can_cancel_an_order() {
        let mut contract = contract_with_waiting_order();
        call_by(3, NearToken::default());
        contract.cancel_order(0).detach();
    }

    #[test]
    #[should_panic(expected = "The order is in flight")]
    fn an_order_in_flight_cannot_be_cancelled() {
        let mut contract = contract_with_order();
        contract.cancel_order(0).detach();
    }

    #[test]
    #[should_panic(expected = "There is no such order")]
    fn an_order_that_is_done_cannot_be_retried() {
        let mut contract = contract_with_order();
        callback_after(&mut contract, PromiseResult::Successful(Vec::new()));
        contract.retry_order(0).detach();
    }

    /// Resolves an attempt as the operator, in this block.
    fn resolve(contract: &mut Contract, height: BlockHeight, attempt: u8, signed: bool) -> Attempt {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .attached_deposit(NearToken::from_yoctonear(1))
                .block_height(height)
                .build()
        );
        contract.resolve_order(0, attempt, signed)
    }

    #[test]
    fn the_operator_can_settle_an_order_whose_callback_is_lost() {
        let mut contract = contract_with_order();

        let attempt = resolve(&mut contract, OVERDUE, 1, true);

        assert!(attempt.signed);
        assert_eq!(
            transfers(),
            [(accounts(1), ONE_NEAR.saturating_sub(PREMIUM_PRICE))]
        );
        assert!(contract.get_liabilities().is_zero());
    }

    #[test]
    fn an_order_can_be_retried_after_the_operator_has_settled_a_failure() {
        let mut contract = contract_with_order();

        resolve(&mut contract, OVERDUE, 1, false);

        assert!(!contract.get_order(0).unwrap().in_flight);
        assert_eq!(contract.get_liabilities(), ONE_NEAR);
    }

    #[test]
    #[should_panic(expected = "Wait until block 1000: the callback may still run")]
    fn an_attempt_whose_callback_may_still_run_cannot_be_settled() {
        resolve(&mut contract_with_order(), OVERDUE - 1, 1, false);
    }

    #[test]
    #[should_panic(expected = "Attempt 2 of the order is not in flight")]
    fn another_attempt_cannot_be_settled() {
        resolve(&mut contract_with_order(), OVERDUE, 2, false);
    }

    #[test]
    #[should_panic(expected = "Attempt 1 of the order is not in flight")]
    fn an_order_that_is_not_in_flight_cannot_be_settled() {
        resolve(&mut contract_with_waiting_order(), OVERDUE, 1, false);
    }

    #[test]
    fn a_late_callback_settles_no_other_attempt() {
        let mut contract = contract_with_order();
        resolve(&mut contract, OVERDUE, 1, false);
        contract.retry_order(0).detach();
        let before = contract.get_order(0).cloned();

        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![PromiseResult::Successful(Vec::new())]
        );
        contract.order_message_callback(0, 1);

        assert_eq!(contract.get_order(0).cloned(), before);
        assert!(transfers().is_empty());
    }

    #[test]
    #[should_panic(expected = "Attach at least 0.10")]
    fn a_deposit_without_the_price_of_the_storage_is_refused() {
        call_by(1, PREMIUM_PRICE);
        Contract::new(None, None, None)
            .order_message(accounts(2), "Hello".to_string())
            .detach();
    }
}
// ANCHOR_END: all
