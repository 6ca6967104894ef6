//! An order that is paid from a safe.

use near_sdk::{AccountId, NearToken, Promise, env, near};

use crate::batch::guestbook::PREMIUM_PRICE;
use crate::enter::enter;
use crate::money::state::Order;
use crate::money::storage::price_of_storage_since;
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Orders a premium message to `guestbook`, and pays for it and for the storage of the order
    /// from the caller's safe. The rest is the same as in [`Contract::order_message`].
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
        // All amounts take up the same storage. So the storage of the order can be measured before
        // its deposit is known.
        order.deposit = PREMIUM_PRICE.saturating_add(price_of_storage_since(before));

        // The money moves from the safe to the order, so the liabilities do not change.
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

    use super::*;
    use crate::money::orders::MAX_ATTEMPTS;

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

    /// Runs the callback of the last attempt of order 0, with this promise result.
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

    /// Returns a contract with a safe of `bob`, who has deposited 1 NEAR and is the next caller.
    fn contract_with_safe() -> Contract {
        call_by(1, ONE_NEAR);
        let mut contract = Contract::new(None, None, None);
        contract.vault_deposit(None);
        call_by(1, NearToken::default());
        contract
    }

    /// Returns the same with an order in flight.
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
    fn the_whole_price_of_an_order_is_subtracted_from_the_safe() {
        let mut contract = contract_with_safe();
        let before = safe_of_bob(&contract);

        order(&mut contract);

        let deposit = contract.get_order(0).unwrap().deposit;
        assert!(deposit > PREMIUM_PRICE, "it pays for storage too");
        assert_eq!(before.saturating_sub(safe_of_bob(&contract)), deposit);
    }

    #[test]
    fn the_liabilities_are_always_the_money_of_others_in_the_balance() {
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
    fn a_cancelled_order_is_paid_to_the_account_and_not_into_the_safe() {
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
    fn after_the_last_attempt_the_deposit_is_paid_to_the_account() {
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
    fn a_safe_with_too_little_cannot_pay_for_an_order() {
        let mut contract = contract_with_safe();
        let all = safe_of_bob(&contract);
        contract
            .vault_withdraw(all.saturating_sub(PREMIUM_PRICE))
            .detach();
        order(&mut contract);
    }

    #[test]
    #[should_panic(expected = "charlie has no safe")]
    fn nobody_can_order_without_a_safe() {
        let mut contract = contract_with_safe();
        call_by(2, NearToken::default());
        order(&mut contract);
    }
}
