// ANCHOR: all
//! Trying again. A method that has ended is over, and nothing tries again by itself. So what failed is
//! kept, and the next try is a transaction of its own, sent by anybody.

use near_sdk::{AccountId, BlockHeight, NearToken, Promise, env, log, near, require};

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

/// So often an order is tried before its money goes back.
pub const MAX_ATTEMPTS: u8 = 3;

// ANCHOR: attempt
/// What became of a try.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
pub struct Attempt {
    /// The number of the order.
    pub order: u64,
    /// Whether the message is there.
    pub signed: bool,
    /// How many tries are left. Without any, the order is over.
    pub attempts_left: u8,
}
// ANCHOR_END: attempt

impl State {
    // ANCHOR: send
    /// Sends an order on its way, once more. Panics when it is on its way already.
    fn send(&mut self, id: u64) -> Promise {
        let Some(order) = self.orders.get_mut(&id) else {
            env::panic_str("There is no such order");
        };
        require!(!order.in_flight, "The order is on its way");
        order.in_flight = true;
        order.attempts += 1;
        order.since = env::block_height();
        let (price, attempt) = (order.price, order.attempts);
        let message = premium_message(order.guestbook.clone(), order.text.clone(), order.price);

        // From here on the money is on its way.
        self.release(price);
        message.then(
            Contract::ext_self()
                .with_static_gas(GAS_FOR_PAYMENT)
                .order_message_callback(id, attempt),
        )
    }
    // ANCHOR_END: send

    // ANCHOR: settle
    /// Settles a try. The message is there, and what it did not cost goes back. Or it is not: then the
    /// order waits for the next try, and after the last one all of its money goes back.
    ///
    /// Settles nothing when this try is not the one that is on its way.
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
    /// An order that is not done yet.
    pub fn get_order(&self, id: u64) -> Option<&Order> {
        self.money.orders.get(&id)
    }

    // ANCHOR: order_message
    /// Orders a premium message in `guestbook`. What is attached beyond 0.1 NEAR pays for the storage of
    /// the order, and goes back when the order is done.
    ///
    /// Answers what became of the first try. If it failed, the order waits for
    /// [`Contract::retry_order`]. The number of the order is in the answer, and in the log at once.
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
        log!("Order {id} is on its way");

        self.money.send(id)
    }

    /// Tries an order again. Anybody may do that, and pays for the gas of it. A try that leaves has the
    /// gas for its callback with it, so nobody can send one that never comes home.
    pub fn retry_order(&mut self, id: u64) -> Promise {
        enter("retry_order");

        self.money.send(id)
    }
    // ANCHOR_END: order_message

    // ANCHOR: callback
    /// The try with the number `attempt` is back.
    #[private]
    pub fn order_message_callback(&mut self, id: u64, attempt: u8) -> Attempt {
        enter("order_message_callback");

        self.money.settle(id, attempt, call_succeeded())
    }
    // ANCHOR_END: callback

    // ANCHOR: resolve
    /// Does the work of a callback that is lost. `signed` is what the outcome of the guestbook's receipt says,
    /// which people can read and contracts cannot: so this is for the operator.
    #[payable]
    pub fn resolve_order(&mut self, id: u64, attempt: u8, signed: bool) -> Attempt {
        enter("resolve_order");
        require_operator();

        let Some(order) = self.money.orders.get(&id) else {
            env::panic_str("There is no such order");
        };
        require!(
            order.in_flight && order.attempts == attempt,
            format!("Try {attempt} of the order is not on its way")
        );
        require_overdue(order.since);
        self.money.settle(id, attempt, signed)
    }
    // ANCHOR_END: resolve

    // ANCHOR: cancel
    /// Gives up an order, and pays back all of its money. Only the one who has paid may do that, and
    /// only while no try is on its way.
    pub fn cancel_order(&mut self, id: u64) -> Promise {
        enter("cancel_order");

        let Some(order) = self.money.orders.remove(&id) else {
            env::panic_str("There is no such order");
        };
        require!(
            order.payer == env::predecessor_account_id(),
            "The order is not yours"
        );
        require!(!order.in_flight, "The order is on its way");
        self.money.release(order.deposit);
        pay_back(order.payer, order.deposit)
    }
    // ANCHOR_END: cancel
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::{MockAction, Receipt};
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;
    use crate::money::overdue::OVERDUE;

    const ONE_NEAR: NearToken = NearToken::from_near(1);

    /// `accounts(predecessor)` calls our contract on `alice`.
    fn call_by(predecessor: usize, deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(predecessor))
                .attached_deposit(deposit)
                .build()
        );
    }

    /// The callback of the last try, after a receipt that ended like this.
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

    /// A contract with an order of `bob`, who paid 1 NEAR. The first try is on its way.
    fn contract_with_order() -> Contract {
        call_by(1, ONE_NEAR);
        let mut contract = Contract::new(None, None, None);
        contract
            .order_message(accounts(2), "Hello".to_string())
            .detach();
        contract
    }

    /// The same after one failure, and bob calls again.
    fn contract_with_waiting_order() -> Contract {
        let mut contract = contract_with_order();
        callback_after(&mut contract, PromiseResult::Failed);
        call_by(1, NearToken::default());
        contract
    }

    /// The transfers that leave, as receiver and amount.
    fn transfers() -> Vec<(AccountId, NearToken)> {
        let transfer = |receipt: Receipt| match receipt.actions[..] {
            [MockAction::Transfer { deposit, .. }] => Some((receipt.receiver_id, deposit)),
            _ => None,
        };
        get_created_receipts()
            .into_iter()
            .filter_map(transfer)
            .collect()
    }

    fn attempt(signed: bool, attempts_left: u8) -> Attempt {
        Attempt {
            order: 0,
            signed,
            attempts_left,
        }
    }

    #[test]
    fn an_order_that_is_done_costs_the_message_and_is_forgotten() {
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
    fn an_order_that_failed_waits() {
        let contract = contract_with_waiting_order();

        let order = contract.get_order(0).unwrap();
        assert_eq!(order.attempts, 1);
        assert!(!order.in_flight);
    }

    #[test]
    fn anybody_may_try_again() {
        let mut contract = contract_with_waiting_order();
        call_by(3, NearToken::default());
        contract.retry_order(0).detach();

        let order = contract.get_order(0).unwrap();
        assert_eq!(order.attempts, 2);
        assert!(order.in_flight);
        assert_eq!(get_created_receipts()[0].receiver_id, accounts(2));
    }

    #[test]
    #[should_panic(expected = "The order is on its way")]
    fn an_order_on_its_way_is_not_tried_again() {
        let mut contract = contract_with_order();
        contract.retry_order(0).detach();
    }

    #[test]
    fn after_the_last_try_all_money_goes_back() {
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
    fn the_payer_may_give_up() {
        let mut contract = contract_with_waiting_order();
        contract.cancel_order(0).detach();

        assert_eq!(contract.get_order(0), None);
        assert_eq!(transfers(), [(accounts(1), ONE_NEAR)]);
    }

    #[test]
    #[should_panic(expected = "The order is not yours")]
    fn nobody_else_may_give_up() {
        let mut contract = contract_with_waiting_order();
        call_by(3, NearToken::default());
        contract.cancel_order(0).detach();
    }

    #[test]
    #[should_panic(expected = "The order is on its way")]
    fn an_order_on_its_way_is_not_given_up() {
        let mut contract = contract_with_order();
        contract.cancel_order(0).detach();
    }

    #[test]
    #[should_panic(expected = "There is no such order")]
    fn an_order_that_is_done_is_not_tried_again() {
        let mut contract = contract_with_order();
        callback_after(&mut contract, PromiseResult::Successful(Vec::new()));
        contract.retry_order(0).detach();
    }

    /// The operator says in this block what became of a try.
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
    fn an_order_whose_callback_is_lost_is_settled_by_the_operator() {
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
    fn a_lost_try_that_failed_can_be_followed_by_the_next() {
        let mut contract = contract_with_order();

        resolve(&mut contract, OVERDUE, 1, false);

        assert!(!contract.get_order(0).unwrap().in_flight);
        assert_eq!(contract.get_liabilities(), ONE_NEAR);
    }

    #[test]
    #[should_panic(expected = "Wait until block 1000: the callback may still come")]
    fn a_try_that_may_still_come_back_is_not_settled() {
        resolve(&mut contract_with_order(), OVERDUE - 1, 1, false);
    }

    #[test]
    #[should_panic(expected = "Try 2 of the order is not on its way")]
    fn another_try_is_not_settled() {
        resolve(&mut contract_with_order(), OVERDUE, 2, false);
    }

    #[test]
    #[should_panic(expected = "Try 1 of the order is not on its way")]
    fn an_order_that_waits_is_not_settled() {
        resolve(&mut contract_with_waiting_order(), OVERDUE, 1, false);
    }

    #[test]
    fn a_callback_that_comes_after_all_settles_no_other_try() {
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
    fn the_deposit_must_pay_for_the_storage_too() {
        call_by(1, PREMIUM_PRICE);
        Contract::new(None, None, None)
            .order_message(accounts(2), "Hello".to_string())
            .detach();
    }
}
// ANCHOR_END: all
