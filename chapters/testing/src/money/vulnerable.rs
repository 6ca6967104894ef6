// ANCHOR: all
//! VULNERABLE ON PURPOSE. Do not deploy this module, and do not copy from it.
//!
//! Each method here is a common mistake, and the tests and the book rob it. All names begin with
//! `vulnerable_`. To make a contract of your own, delete this file and its line in `money.rs`.

use near_sdk::{AccountId, Gas, NearToken, Promise, env, near, require};

use super::books::premium_message;
use super::moved::went_through;
use crate::batch::guestbook::PREMIUM_PRICE;
use crate::partners::{GAS_FOR_GUESTBOOK, guestbook};
use crate::receipt::{GAS_FOR_CALLBACK, call_succeeded, log_call};
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: spend
    /// VULNERABLE: it looks into the safe, calls out, and takes the money in the callback.
    ///
    /// Until then the money looks as if it were still there.
    pub fn vulnerable_spend(&mut self, book: AccountId, text: String) -> Promise {
        log_call("vulnerable_spend");

        let owner = env::predecessor_account_id();
        let balance = self.money.safe_of(&owner).balance;
        require!(
            balance >= PREMIUM_PRICE,
            format!("{owner} can spend {}", balance.exact_amount_display())
        );

        premium_message(book, text).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .vulnerable_spend_callback(owner),
        )
    }

    /// VULNERABLE: the safe may hold less by now than it did when the money left.
    #[private]
    pub fn vulnerable_spend_callback(&mut self, owner: AccountId) -> bool {
        log_call("vulnerable_spend_callback");

        let spent = call_succeeded();
        if spent {
            let safe = self.money.safe_of(&owner);
            safe.balance = safe.balance.saturating_sub(PREMIUM_PRICE);
        }
        spent
    }
    // ANCHOR_END: spend

    // ANCHOR: lock
    /// VULNERABLE: the callback, which has to open the lock, gets too little gas to do so.
    pub fn vulnerable_spend_locked(&mut self, book: AccountId, text: String) -> Promise {
        log_call("vulnerable_spend_locked");

        let owner = env::predecessor_account_id();
        self.money.lock(&owner);

        premium_message(book, text).then(
            Self::ext_self()
                .with_static_gas(Gas::from_ggas(500))
                .with_unused_gas_weight(0)
                .vault_spend_locked_callback(owner),
        )
    }
    // ANCHOR_END: lock

    // ANCHOR: sign
    /// VULNERABLE: the callback is to learn from the book's answer whether the money came back.
    #[payable]
    pub fn vulnerable_sign(&mut self, book: AccountId, text: String) -> Promise {
        log_call("vulnerable_sign");

        let deposit = env::attached_deposit();
        guestbook::ext(book)
            .with_attached_deposit(deposit)
            .with_static_gas(GAS_FOR_GUESTBOOK)
            .add_message(text)
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .vulnerable_sign_callback(env::predecessor_account_id(), deposit),
            )
    }

    /// VULNERABLE: it is not private, so anybody can play it, with any payer and any deposit.
    pub fn vulnerable_sign_callback(&mut self, payer: AccountId, deposit: NearToken) -> bool {
        log_call("vulnerable_sign_callback");

        let signed = went_through().contains(&true);
        if !signed {
            Promise::new(payer).transfer(deposit).detach();
        }
        signed
    }
    // ANCHOR_END: sign
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    const FIVE_NEAR: NearToken = NearToken::from_near(5);

    // ANCHOR: test_stranger
    /// `bob`, a stranger, calls the callback of `alice`, with these results.
    fn bob_plays_the_callback(results: Vec<PromiseResult>) -> bool {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(1))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
        Contract::new(None, None, None).vulnerable_sign_callback(accounts(1), FIVE_NEAR)
    }

    /// Whether five NEAR leave for `bob`.
    fn bob_is_paid() -> bool {
        get_created_receipts().iter().any(|receipt| {
            receipt.receiver_id == accounts(1)
                && matches!(
                    receipt.actions[..],
                    [MockAction::Transfer { deposit, .. }] if deposit == FIVE_NEAR
                )
        })
    }

    #[test]
    fn a_stranger_without_any_results_is_paid() {
        assert!(!bob_plays_the_callback(Vec::new()));
        assert!(bob_is_paid());
    }

    #[test]
    fn a_stranger_with_a_failure_of_his_own_is_paid() {
        assert!(!bob_plays_the_callback(vec![PromiseResult::Failed]));
        assert!(bob_is_paid());
    }
    // ANCHOR_END: test_stranger
}
// ANCHOR_END: all
