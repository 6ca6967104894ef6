//! An order that is stuck.

use near_sdk::{Promise, env, near, require};

use super::owed::pay_back;
use crate::batch::guestbook::PREMIUM_PRICE;
use crate::enter::enter;
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Ends an order whose callback has failed. `signed` is what the outcome of the book's receipt says.
    #[private]
    pub fn order_resolve(&mut self, id: u64, signed: bool) -> Promise {
        enter("order_resolve");

        let Some(order) = self.money.orders.remove(&id) else {
            env::panic_str("There is no such order");
        };
        require!(order.in_flight, "The order is not on its way");
        let rest = if signed {
            order.deposit.saturating_sub(PREMIUM_PRICE)
        } else {
            order.deposit
        };
        pay_back(order.payer, rest)
    }
}
// ANCHOR_END: code

// ANCHOR: test
#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{NearToken, PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    const ONE_NEAR: NearToken = NearToken::from_near(1);

    fn call_by(predecessor: usize, deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(predecessor))
                .attached_deposit(deposit)
                .build()
        );
    }

    /// `bob` has paid 1 NEAR for an order that is on its way, and no callback comes.
    fn contract_with_stuck_order() -> Contract {
        call_by(1, ONE_NEAR);
        let mut contract = Contract::new(None, None, None);
        contract
            .order_message(accounts(2), "Hello".to_string())
            .detach();
        call_by(0, NearToken::default());
        contract
    }

    /// What leaves for `bob` when the owner says that the book has signed, or has not.
    fn paid_when(signed: bool) -> NearToken {
        let mut contract = contract_with_stuck_order();
        contract.order_resolve(0, signed).detach();

        assert_eq!(contract.get_order(0), None);
        let transfer = &get_created_receipts()[0];
        assert_eq!(transfer.receiver_id, accounts(1));
        match transfer.actions[..] {
            [MockAction::Transfer { deposit, .. }] => deposit,
            _ => panic!("not one transfer: {transfer:?}"),
        }
    }

    #[test]
    fn a_message_that_is_there_was_paid_for() {
        assert_eq!(paid_when(true), NearToken::from_millinear(900));
    }

    #[test]
    fn a_message_that_is_not_there_costs_nothing() {
        assert_eq!(paid_when(false), ONE_NEAR);
    }

    #[test]
    #[should_panic(expected = "The order is not on its way")]
    fn an_order_that_waits_is_not_stuck() {
        let mut contract = contract_with_stuck_order();
        let context = VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(0))
            .build();
        testing_env!(
            context,
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![PromiseResult::Failed]
        );
        contract.order_message_callback(0);
        contract.order_resolve(0, false).detach();
    }
}
// ANCHOR_END: test
