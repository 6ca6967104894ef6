// ANCHOR: all
//! Trying again. A contract cannot wait: it has no clock that wakes it, and a method that has ended is
//! over. So what failed is kept, and the next try is a transaction of its own, sent by anybody.

use near_sdk::{AccountId, NearToken, Promise, env, near, require};

use super::State;
use super::books::premium_message;
use super::owed::{GAS_FOR_SETTLING, pay_back};
use super::storage::price_of_storage_since;
use crate::batch::deposit::require_deposit;
use crate::batch::guestbook::PREMIUM_PRICE;
use crate::receipt::{call_succeeded, log_call};
use crate::{Contract, ContractExt};

/// So often an order is tried before its money goes back.
pub const MAX_ATTEMPTS: u8 = 3;

// ANCHOR: order
/// A message that is paid for, and not yet in its book.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Who has paid, and gets back what is left.
    pub payer: AccountId,
    /// All that was paid: for the message, and for the storage of this order.
    pub deposit: NearToken,
    /// The book.
    pub book: AccountId,
    /// The message.
    pub text: String,
    /// How often it was tried.
    pub attempts: u8,
    /// Whether a try is on its way.
    pub in_flight: bool,
}
// ANCHOR_END: order

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

        premium_message(order.book.clone(), order.text.clone()).then(
            Contract::ext_self()
                .with_static_gas(GAS_FOR_SETTLING)
                .order_message_callback(id),
        )
    }
    // ANCHOR_END: send
}

#[near]
impl Contract {
    /// An order that is not done yet.
    pub fn get_order(&self, id: u64) -> Option<&Order> {
        self.money.orders.get(&id)
    }

    // ANCHOR: order_message
    /// Orders a premium message in `book`. What is attached beyond 0.1 NEAR pays for the storage of
    /// the order, and goes back when the order is done.
    ///
    /// Answers whether the message is there. If not, the order waits for [`Contract::retry_order`].
    #[payable]
    pub fn order_message(&mut self, book: AccountId, text: String) -> Promise {
        log_call("order_message");

        let id = self.money.next_order;
        let before = env::storage_usage();
        self.money.next_order += 1;
        self.money.orders.insert(
            id,
            Order {
                payer: env::predecessor_account_id(),
                deposit: env::attached_deposit(),
                book,
                text,
                attempts: 0,
                in_flight: false,
            },
        );
        self.money.orders.flush();
        require_deposit(PREMIUM_PRICE.saturating_add(price_of_storage_since(before)));

        self.money.send(id)
    }

    /// Tries an order again. Anybody may do that, and pays for the gas of it.
    pub fn retry_order(&mut self, id: u64) -> Promise {
        log_call("retry_order");

        self.money.send(id)
    }
    // ANCHOR_END: order_message

    // ANCHOR: callback
    /// The message is there, and what it did not cost goes back. Or it is not: then the order waits for
    /// the next try, and after the last one all of its money goes back.
    #[private]
    pub fn order_message_callback(&mut self, id: u64) -> bool {
        log_call("order_message_callback");

        let signed = call_succeeded();
        let Some(order) = self.money.orders.get_mut(&id) else {
            return signed;
        };
        order.in_flight = false;
        let rest = if signed {
            order.deposit.saturating_sub(PREMIUM_PRICE)
        } else if order.attempts == MAX_ATTEMPTS {
            order.deposit
        } else {
            return false;
        };

        let payer = order.payer.clone();
        self.money.orders.remove(&id);
        pay_back(payer, rest).detach();
        signed
    }
    // ANCHOR_END: callback

    // ANCHOR: cancel
    /// Gives up an order, and pays back all of its money. Only the one who has paid may do that, and
    /// only while no try is on its way.
    pub fn cancel_order(&mut self, id: u64) -> Promise {
        log_call("cancel_order");

        let Some(order) = self.money.orders.remove(&id) else {
            env::panic_str("There is no such order");
        };
        require!(
            order.payer == env::predecessor_account_id(),
            "The order is not yours"
        );
        require!(!order.in_flight, "The order is on its way");
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

    fn callback_after(contract: &mut Contract, result: PromiseResult) -> bool {
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
        contract.order_message_callback(0)
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

    #[test]
    fn an_order_that_is_done_costs_the_message_and_is_forgotten() {
        let mut contract = contract_with_order();

        assert!(callback_after(
            &mut contract,
            PromiseResult::Successful(Vec::new())
        ));
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
        for _ in 1..MAX_ATTEMPTS {
            assert!(!callback_after(&mut contract, PromiseResult::Failed));
            assert!(transfers().is_empty());
            contract.retry_order(0).detach();
        }

        assert!(!callback_after(&mut contract, PromiseResult::Failed));
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
