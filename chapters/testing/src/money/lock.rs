// ANCHOR: all
//! The other guard: nothing leaves the safe before the answer is there, and until then it is locked.
//!
//! A lock asks for more care than it looks. It stands in the way of honest calls too. And if the
//! callback fails, nobody opens it: then somebody has to look at the chain and say what happened.

use near_sdk::{AccountId, Promise, env, near, require};

use super::State;
use super::books::premium_message;
use crate::batch::guestbook::PREMIUM_PRICE;
use crate::receipt::{GAS_FOR_CALLBACK, call_succeeded, log_call};
use crate::{Contract, ContractExt};

impl State {
    // ANCHOR: lock
    /// Locks the price of a message. Panics when the safe is locked, or holds less.
    pub(crate) fn lock(&mut self, owner: &AccountId) {
        let safe = self.safe_of(owner);
        require!(safe.locked.is_zero(), "The safe is locked");
        require!(
            safe.balance >= PREMIUM_PRICE,
            format!("{owner} can spend {}", safe.balance.exact_amount_display())
        );
        safe.locked = PREMIUM_PRICE;
    }

    /// Opens the lock, and takes what was locked out of the safe if it is spent.
    fn unlock(&mut self, owner: &AccountId, spent: bool) {
        let safe = self.safe_of(owner);
        if spent {
            safe.balance = safe.balance.saturating_sub(safe.locked);
        }
        safe.locked = Default::default();
    }
    // ANCHOR_END: lock
}

#[near]
impl Contract {
    // ANCHOR: spend
    /// Leaves a premium message in `book`, and pays for it from the caller's safe, which is locked
    /// meanwhile. Answers whether the book took the money.
    pub fn vault_spend_locked(&mut self, book: AccountId, text: String) -> Promise {
        log_call("vault_spend_locked");

        let owner = env::predecessor_account_id();
        self.money.lock(&owner);

        premium_message(book, text).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .vault_spend_locked_callback(owner),
        )
    }

    /// The book has the money, or it is back here. Either way the lock is opened.
    #[private]
    pub fn vault_spend_locked_callback(&mut self, owner: AccountId) -> bool {
        log_call("vault_spend_locked_callback");

        let spent = call_succeeded();
        self.money.unlock(&owner, spent);
        spent
    }
    // ANCHOR_END: spend

    // ANCHOR: resolve
    /// Does the work of a callback that has failed: opens the lock of `owner`.
    ///
    /// Whether the money was spent stands in the outcome of the book's receipt, where people can read
    /// it and contracts cannot. So this is for the account of the contract itself.
    #[private]
    pub fn vault_resolve(&mut self, owner: AccountId, spent: bool) {
        log_call("vault_resolve");

        require!(
            !self.money.safe_of(&owner).locked.is_zero(),
            "The safe is not locked"
        );
        self.money.unlock(&owner, spent);
    }
    // ANCHOR_END: resolve
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{NearToken, PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::super::vault::Safe;
    use super::*;

    const ONE_NEAR: NearToken = NearToken::from_near(1);

    /// A contract on `alice` with a safe of `bob`, who calls.
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
        contract.vault_spend_locked_callback(accounts(1))
    }

    fn safe(contract: &Contract) -> Safe {
        contract.get_safe(accounts(1)).unwrap().clone()
    }

    #[test]
    fn the_money_stays_in_the_safe_and_is_locked() {
        let mut contract = contract_of_bob();
        let before = safe(&contract);
        spend(&mut contract);

        assert_eq!(safe(&contract).balance, before.balance);
        assert_eq!(safe(&contract).locked, PREMIUM_PRICE);
    }

    #[test]
    #[should_panic(expected = "The safe is locked")]
    fn a_locked_safe_lets_no_second_call_in() {
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
    #[should_panic(expected = "bob can spend 0.8991 NEAR")]
    fn what_is_locked_cannot_be_withdrawn() {
        let mut contract = contract_of_bob();
        spend(&mut contract);
        let all = safe(&contract).balance;
        contract.vault_withdraw(all).detach();
    }

    #[test]
    fn after_a_success_the_money_is_gone_and_the_lock_is_open() {
        let mut contract = contract_of_bob();
        let before = safe(&contract);
        spend(&mut contract);

        assert!(callback_after(
            &mut contract,
            PromiseResult::Successful(Vec::new())
        ));
        let balance = before.balance.saturating_sub(PREMIUM_PRICE);
        let locked = NearToken::default();
        assert_eq!(safe(&contract), Safe { balance, locked });
    }

    #[test]
    fn after_a_failure_the_safe_is_what_it_was() {
        let mut contract = contract_of_bob();
        let before = safe(&contract);
        spend(&mut contract);

        assert!(!callback_after(&mut contract, PromiseResult::Failed));
        assert_eq!(safe(&contract), before);
    }

    #[test]
    fn whoever_looks_at_the_chain_can_open_the_lock() {
        let mut contract = contract_of_bob();
        let before = safe(&contract);
        spend(&mut contract);
        contract.vault_resolve(accounts(1), false);

        assert_eq!(safe(&contract), before);
    }

    #[test]
    #[should_panic(expected = "The safe is not locked")]
    fn an_open_lock_cannot_be_opened() {
        let mut contract = contract_of_bob();
        contract.vault_resolve(accounts(1), true);
    }
}
// ANCHOR_END: all
