//! An order that is paid from a safe.

use near_sdk::{AccountId, NearToken, Promise, env, near};

use crate::money::orders::Order;
use crate::money::storage::price_of_storage_since;
use crate::batch::guestbook::PREMIUM_PRICE;
use crate::enter::enter;
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Orders a premium message in `guestbook`, and pays for it from the caller's safe, the storage of the order
    /// included. The rest is that of [`Contract::order_message`].
    pub fn vault_order(&mut self, guestbook: AccountId, text: String) -> Promise {
        enter("vault_order");

        let owner = env::predecessor_account_id();
        let id = self.money.next_order;
        let before = env::storage_usage();
        self.money.next_order += 1;
        let mut order = Order {
            payer: owner.clone(),
            deposit: NearToken::default(),
            guestbook,
            text,
            price: PREMIUM_PRICE,
            attempts: 0,
            in_flight: false,
            since: env::block_height(),
        };
        self.money.orders.insert(id, order.clone());
        self.money.orders.flush();
        // An amount takes up the same storage whatever it is. So the order is measured before its deposit
        // is known.
        order.deposit = PREMIUM_PRICE.saturating_add(price_of_storage_since(before));

        // Out of the safe, into the order: the sum of what belongs to others stays as it is.
        self.money.take(&owner, order.deposit);
        self.money.hold(order.deposit);
        self.money.orders.insert(id, order);
        self.retry_order(id)
    }
}
// ANCHOR_END: code

#[cfg(test)]
mod tests {
    use near_sdk::mock::{MockAction, Receipt};
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use crate::money::orders::MAX_ATTEMPTS;
    use super::*;

    const ONE_NEAR: NearToken = NearToken::from_near(1);

    /// Sets the context of a call to our contract on `alice` by `accounts(predecessor)`.
    fn call_by(predecessor: usize, deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(predecessor))
                .attached_deposit(deposit)
                .build()
        );
    }

    /// The callback of the last try of order 0, after a receipt that ended like this.
    fn callback_after(contract: &mut Contract, result: PromiseResult) {
        let attempt = contract.get_order(0).map_or(1, |order| order.attempts);
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
        contract.order_message_callback(0, attempt);
    }

    /// Returns a contract with a safe of `bob`, who has put 1 NEAR into it, and calls again.
    fn contract_with_safe() -> Contract {
        call_by(1, ONE_NEAR);
        let mut contract = Contract::new(None, None, None);
        contract.vault_deposit(None);
        call_by(1, NearToken::default());
        contract
    }

    /// Returns the same, and his order is on its way.
    fn contract_with_order() -> Contract {
        let mut contract = contract_with_safe();
        order(&mut contract);
        contract
    }

    fn order(contract: &mut Contract) {
        let hello = "Hello".to_string();
        contract.vault_order(accounts(2), hello).detach();
    }

    fn safe_of_bob(contract: &Contract) -> NearToken {
        contract.get_safe(accounts(1)).unwrap().balance
    }

    /// Returns the transfers that were created, as receiver and amount.
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

    // ANCHOR: test
    #[test]
    fn an_order_takes_all_that_it_costs_out_of_the_safe() {
        let mut contract = contract_with_safe();
        let before = safe_of_bob(&contract);

        order(&mut contract);

        let deposit = contract.get_order(0).unwrap().deposit;
        assert!(deposit > PREMIUM_PRICE, "it pays for storage too");
        assert_eq!(before.saturating_sub(safe_of_bob(&contract)), deposit);
    }

    #[test]
    fn what_is_held_for_others_is_what_is_here_of_theirs_at_every_moment() {
        let mut contract = contract_with_safe();
        assert_eq!(contract.get_liabilities(), safe_of_bob(&contract));

        order(&mut contract);
        let safe = safe_of_bob(&contract);
        let deposit = contract.get_order(0).unwrap().deposit;
        let here = safe.saturating_add(deposit).saturating_sub(PREMIUM_PRICE);
        assert_eq!(contract.get_liabilities(), here);

        callback_after(&mut contract, PromiseResult::Failed);
        assert_eq!(contract.get_liabilities(), safe.saturating_add(deposit));

        call_by(1, NearToken::default());
        contract.cancel_order(0).detach();
        assert_eq!(contract.get_liabilities(), safe);
    }

    #[test]
    fn an_order_that_is_given_up_is_paid_to_the_account_and_not_into_the_safe() {
        let mut contract = contract_with_order();
        let (safe, deposit) = (
            safe_of_bob(&contract),
            contract.get_order(0).unwrap().deposit,
        );
        callback_after(&mut contract, PromiseResult::Failed);

        call_by(1, NearToken::default());
        contract.cancel_order(0).detach();

        assert_eq!(transfers(), [(accounts(1), deposit)]);
        assert_eq!(safe_of_bob(&contract), safe);
    }
    // ANCHOR_END: test

    #[test]
    fn after_the_last_try_all_money_goes_to_the_account() {
        let mut contract = contract_with_order();
        let deposit = contract.get_order(0).unwrap().deposit;
        for _ in 1..MAX_ATTEMPTS {
            callback_after(&mut contract, PromiseResult::Failed);
            contract.retry_order(0).detach();
        }

        callback_after(&mut contract, PromiseResult::Failed);

        assert_eq!(contract.get_order(0), None);
        assert_eq!(transfers(), [(accounts(1), deposit)]);
    }

    #[test]
    #[should_panic(expected = "bob can spend")]
    fn a_safe_that_does_not_hold_enough_pays_for_no_order() {
        let mut contract = contract_with_safe();
        let all = safe_of_bob(&contract);
        contract
            .vault_withdraw(all.saturating_sub(PREMIUM_PRICE))
            .detach();
        order(&mut contract);
    }

    #[test]
    #[should_panic(expected = "charlie has no safe")]
    fn nobody_orders_without_a_safe() {
        let mut contract = contract_with_safe();
        call_by(2, NearToken::default());
        order(&mut contract);
    }
}
