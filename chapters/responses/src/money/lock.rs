// ANCHOR: all
//! The other protection against re-entrancy: the money stays in the safe until the callback, and is
//! locked.
//!
//! A lock has two disadvantages. It refuses honest calls too. And if the callback is lost, the lock
//! stays closed: then an operator has to look up on the chain what happened.

use near_sdk::{AccountId, NearToken, Promise, env, near, require};

use crate::batch::guestbook::PREMIUM_PRICE;
use crate::enter::enter;
use crate::money::guestbooks::premium_message;
use crate::money::operator::require_operator;
use crate::money::overdue::require_overdue;
use crate::money::state::{Lock, State};
use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::{Contract, ContractExt};

impl State {
    // ANCHOR: lock
    /// Locks `amount`. Returns the number of the lock. Panics when the safe is locked, or holds
    /// less.
    ///
    /// The money is about to leave this account. So it does not count as a liability until the lock
    /// is opened.
    pub(crate) fn lock(&mut self, owner: &AccountId, amount: NearToken) -> u32 {
        let number = self.last_lock.wrapping_add(1);
        let safe = self.safe_of(owner);
        require!(safe.lock.amount.is_zero(), "The safe is locked");
        require!(
            safe.balance >= amount,
            format!("{owner} can spend {}", safe.balance.exact_amount_display())
        );
        safe.lock = Lock {
            number,
            amount,
            since: env::block_height(),
        };
        self.last_lock = number;
        self.release(amount);
        number
    }

    /// Opens the lock with this number, and subtracts the locked amount from the safe if it was
    /// spent. Does nothing when the lock has another number.
    fn unlock(&mut self, owner: &AccountId, number: u32, spent: bool) {
        let Some(safe) = self.safes.get_mut(owner) else {
            return;
        };
        if safe.lock.number != number {
            return;
        }
        let amount = std::mem::take(&mut safe.lock.amount);
        if spent {
            safe.balance = safe.balance.saturating_sub(amount);
        } else {
            self.hold(amount);
        }
    }
    // ANCHOR_END: lock
}

#[near]
impl Contract {
    // ANCHOR: spend
    /// Sends a premium message to `guestbook`, and pays for it from the caller's safe, which is
    /// locked until the callback. Returns whether the guestbook has accepted the money.
    pub fn vault_spend_locked(&mut self, guestbook: AccountId, text: String) -> Promise {
        enter("vault_spend_locked");

        let owner = env::predecessor_account_id();
        let lock = self.money.lock(&owner, PREMIUM_PRICE);

        premium_message(guestbook, text, PREMIUM_PRICE).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .vault_spend_locked_callback(owner, lock),
        )
    }

    /// Opens the lock. Returns whether the guestbook has accepted the money.
    #[private]
    pub fn vault_spend_locked_callback(&mut self, owner: AccountId, lock: u32) -> bool {
        enter("vault_spend_locked_callback");

        let spent = call_succeeded();
        self.money.unlock(&owner, lock, spent);
        spent
    }
    // ANCHOR_END: spend

    // ANCHOR: resolve
    /// Does the work of a lost callback: opens the lock of `owner` with this number.
    ///
    /// The outcome of the guestbook's receipt says whether the money was spent. People can read it,
    /// contracts cannot, so only the operator may call this. Panics while the callback may still
    /// run: a lock that is opened too early lets the owner spend the money twice.
    #[payable]
    pub fn vault_resolve(&mut self, owner: AccountId, lock: u32, spent: bool) {
        enter("vault_resolve");
        require_operator();

        let safe = self.money.safe_of(&owner);
        require!(
            !safe.lock.amount.is_zero() && safe.lock.number == lock,
            format!("The safe is not locked with number {lock}")
        );
        require_overdue(safe.lock.since);
        self.money.unlock(&owner, lock, spent);
    }
    // ANCHOR_END: resolve
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{BlockHeight, PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;
    use crate::money::overdue::OVERDUE;
    use crate::money::state::Safe;

    const ONE_NEAR: NearToken = NearToken::from_near(1);

    /// Returns a contract on `alice` with a safe of `bob`, who is the caller.
    fn contract_of_bob() -> Contract {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(1))
                .attached_deposit(ONE_NEAR)
                .build()
        );
        let mut contract = Contract::new(None, None, None);
        contract.vault_deposit(None);
        contract
    }

    fn spend(contract: &mut Contract) {
        contract
            .vault_spend_locked(accounts(2), "Hello".to_string())
            .detach();
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
        contract.vault_spend_locked_callback(accounts(1), 1)
    }

    fn safe(contract: &Contract) -> Safe {
        contract.get_safe(accounts(1)).unwrap().clone()
    }

    #[test]
    fn spent_money_stays_in_the_safe_and_is_locked() {
        let mut contract = contract_of_bob();
        let before = safe(&contract);
        spend(&mut contract);

        assert_eq!(safe(&contract).balance, before.balance);
        assert_eq!(safe(&contract).lock.amount, PREMIUM_PRICE);
    }

    #[test]
    #[should_panic(expected = "The safe is locked")]
    fn a_locked_safe_refuses_a_second_call() {
        let mut contract = contract_of_bob();
        spend(&mut contract);
        spend(&mut contract);
    }

    #[test]
    #[should_panic(expected = "The safe is locked")]
    fn a_locked_safe_cannot_be_closed() {
        let mut contract = contract_of_bob();
        spend(&mut contract);
        contract.vault_close().detach();
    }

    #[test]
    #[should_panic(expected = "bob can spend 0.89898 NEAR")]
    fn locked_money_cannot_be_withdrawn() {
        let mut contract = contract_of_bob();
        spend(&mut contract);
        let all = safe(&contract).balance;
        contract.vault_withdraw(all).detach();
    }

    #[test]
    fn after_a_success_the_money_is_spent_and_the_lock_is_open() {
        let mut contract = contract_of_bob();
        let before = safe(&contract);
        spend(&mut contract);

        assert!(callback_after(
            &mut contract,
            PromiseResult::Successful(Vec::new())
        ));
        let balance = before.balance.saturating_sub(PREMIUM_PRICE);
        assert_eq!(safe(&contract).balance, balance);
        assert_eq!(safe(&contract).lock.amount, NearToken::default());
    }

    #[test]
    fn after_a_failure_the_safe_is_unchanged() {
        let mut contract = contract_of_bob();
        let before = safe(&contract);
        spend(&mut contract);

        assert!(!callback_after(&mut contract, PromiseResult::Failed));
        assert_eq!(safe(&contract).balance, before.balance);
        assert_eq!(safe(&contract).lock.amount, NearToken::default());
    }

    #[test]
    fn locked_money_is_not_a_liability() {
        let mut contract = contract_of_bob();
        let before = contract.get_liabilities();
        spend(&mut contract);
        assert_eq!(
            contract.get_liabilities(),
            before.saturating_sub(PREMIUM_PRICE)
        );

        callback_after(&mut contract, PromiseResult::Failed);

        assert_eq!(contract.get_liabilities(), before);
    }

    /// Resolves lock `number` as the operator, in this block: its money was not spent.
    fn resolve(contract: &mut Contract, block: BlockHeight, number: u32) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .attached_deposit(NearToken::from_yoctonear(1))
                .block_height(block)
                .build()
        );
        contract.vault_resolve(accounts(1), number, false);
    }

    #[test]
    fn the_operator_can_open_a_lock_whose_callback_is_lost() {
        let mut contract = contract_of_bob();
        let before = safe(&contract);
        spend(&mut contract);
        resolve(&mut contract, OVERDUE, 1);

        assert_eq!(safe(&contract).balance, before.balance);
        assert_eq!(safe(&contract).lock.amount, NearToken::default());
    }

    #[test]
    #[should_panic(expected = "Wait until block 1000: the callback may still run")]
    fn a_lock_whose_callback_may_still_run_cannot_be_opened() {
        let mut contract = contract_of_bob();
        spend(&mut contract);
        resolve(&mut contract, OVERDUE - 1, 1);
    }

    #[test]
    fn a_late_callback_does_not_open_another_lock() {
        let mut contract = contract_of_bob();
        spend(&mut contract);
        resolve(&mut contract, OVERDUE, 1);
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(1))
                .build()
        );
        spend(&mut contract);
        let before = safe(&contract);

        callback_after(&mut contract, PromiseResult::Successful(Vec::new()));

        assert_eq!(before.lock.number, 2);
        assert_eq!(safe(&contract), before);
    }

    #[test]
    fn a_safe_that_was_closed_and_opened_again_has_another_lock_number() {
        let mut contract = contract_of_bob();
        spend(&mut contract);
        callback_after(&mut contract, PromiseResult::Failed);
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(1))
                .attached_deposit(ONE_NEAR)
                .build()
        );
        contract.vault_close().detach();
        contract.vault_deposit(None);
        spend(&mut contract);

        assert_eq!(safe(&contract).lock.number, 2);
    }

    #[test]
    #[should_panic(expected = "The safe is not locked with number 7")]
    fn a_lock_with_another_number_cannot_be_opened() {
        let mut contract = contract_of_bob();
        spend(&mut contract);
        resolve(&mut contract, OVERDUE, 7);
    }

    #[test]
    #[should_panic(expected = "The safe is not locked with number 0")]
    fn an_open_lock_cannot_be_opened() {
        let mut contract = contract_of_bob();
        resolve(&mut contract, OVERDUE, 0);
    }
}
// ANCHOR_END: all
