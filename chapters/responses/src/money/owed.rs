// ANCHOR: all
//! Money on its way out, and what becomes of it when it does not arrive.
//!
//! A transfer to an account that is gone fails, and the money comes back here. If nobody looks, it is
//! this contract's from then on. So each payment has a callback that looks, and an entry under the
//! account's name that says what is owed.

use near_sdk::{AccountId, Gas, NearToken, Promise, assert_one_yocto, env, log, near, require};

use crate::enter::enter;
use crate::money::state::State;
use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// Gas for one payment: 25 Tgas. A transfer to an implicit account is the dearest, for the chain charges
/// for the account that it may have to make. And the callback of the transfer needs gas of its own.
pub const GAS_FOR_PAYMENT: Gas = Gas::from_tgas(25);

/// The smallest debt that is remembered: 0.00134 NEAR, which is what the longest entry costs in storage,
/// 134 bytes. Less than that would cost this contract more than it is worth to its owner.
pub const MIN_DEBT: NearToken = NearToken::from_micronear(1_340);
// ANCHOR_END: gas

// ANCHOR: pay
/// Pays `amount`, which belongs to `owner`, to `receiver`. Answers whether it has arrived.
///
/// If it has not, this contract owes it to `owner`.
pub fn pay(owner: AccountId, receiver: AccountId, amount: NearToken) -> Promise {
    log!("{receiver} is paid {}", amount.exact_amount_display());
    Promise::new(receiver).transfer(amount).then(
        Contract::ext_self()
            .with_static_gas(GAS_FOR_CALLBACK)
            .pay_callback(owner, amount),
    )
}

/// Pays `amount` back to the account that it belongs to.
pub fn pay_back(owner: AccountId, amount: NearToken) -> Promise {
    pay(owner.clone(), owner, amount)
}
// ANCHOR_END: pay

// ANCHOR: remember
impl State {
    /// Remembers that this contract owes `amount` more to `owner`.
    ///
    /// The entry takes up storage. What pays for it is the amount itself, which lies on this account
    /// as long as the entry does. So a debt below [`MIN_DEBT`] is not remembered: whoever deletes an
    /// account that is about to be paid leaves it behind.
    pub(crate) fn owe(&mut self, owner: AccountId, amount: NearToken) {
        let owed = self.owed.get(&owner).copied().unwrap_or_default();
        let owed = owed.saturating_add(amount);
        if owed < MIN_DEBT {
            log!("{owner} leaves {} behind", owed.exact_amount_display());
            return;
        }
        self.hold(amount);
        log!("{owner} is owed {}", owed.exact_amount_display());
        self.owed.insert(owner, owed);
    }
}
// ANCHOR_END: remember

#[near]
impl Contract {
    // ANCHOR: pay_callback
    /// The money has arrived, or it is back here and this contract owes it to `owner`.
    #[private]
    pub fn pay_callback(&mut self, owner: AccountId, amount: NearToken) -> bool {
        enter("pay_callback");

        let paid = call_succeeded();
        if !paid {
            self.money.owe(owner, amount);
        }
        paid
    }
    // ANCHOR_END: pay_callback

    // ANCHOR: get_owed
    /// What this contract owes to `account_id`.
    pub fn get_owed(&self, account_id: AccountId) -> NearToken {
        let owed = self.money.owed.get(&account_id);
        owed.copied().unwrap_or_default()
    }
    // ANCHOR_END: get_owed

    // ANCHOR: withdraw_owed
    /// Pays what is owed to the caller, to `receiver_id` or to the caller's own account.
    ///
    /// The entry is gone before the money leaves. So who claims twice finds nothing the second time,
    /// however close the two calls are. If the money does not arrive, the entry is back.
    ///
    /// To name a receiver takes a yoctoNEAR: a key that may only call functions, as it lies in a browser,
    /// cannot attach one. So whoever has found such a key cannot send the money elsewhere.
    #[payable]
    pub fn withdraw_owed(&mut self, receiver_id: Option<AccountId>) -> Promise {
        enter("withdraw_owed");
        match receiver_id {
            Some(_) => assert_one_yocto(),
            None => require!(env::attached_deposit().is_zero(), "Attach nothing"),
        }

        let owner = env::predecessor_account_id();
        let Some(amount) = self.money.owed.remove(&owner) else {
            env::panic_str(&format!("{owner} is owed nothing"));
        };
        self.money.release(amount);
        let receiver = receiver_id.unwrap_or_else(|| owner.clone());
        pay(owner, receiver, amount)
    }
    // ANCHOR_END: withdraw_owed
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts, get_logs};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, VMContext, test_vm_config, testing_env};

    use super::*;
    use crate::money::storage::price_of_storage_since;

    const ONE_NEAR: NearToken = NearToken::from_near(1);
    const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

    /// A call to our contract on `alice`.
    fn called_by(predecessor: usize) -> VMContext {
        VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(predecessor))
            .build()
    }

    /// The context of a callback after a transfer that ended like this.
    fn after(result: PromiseResult) {
        testing_env!(
            called_by(0),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
    }

    /// A contract that owes 1 NEAR to `bob`, whom it could not pay.
    fn contract_that_owes() -> Contract {
        after(PromiseResult::Failed);
        let mut contract = Contract::new(None, None, None);
        assert!(!contract.pay_callback(accounts(1), ONE_NEAR));
        contract
    }

    #[test]
    fn a_payment_is_a_transfer_and_a_callback_that_knows_the_owner() {
        testing_env!(called_by(0));
        pay(accounts(1), accounts(2), ONE_NEAR).detach();

        let [transfer, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(transfer.receiver_id, accounts(2));
        assert!(matches!(
            transfer.actions[..],
            [MockAction::Transfer { deposit, .. }] if deposit == ONE_NEAR
        ));
        let [
            MockAction::FunctionCallWeight {
                method_name, args, ..
            },
        ] = &callback.actions[..]
        else {
            panic!("not one call: {callback:?}");
        };
        assert_eq!(method_name, b"pay_callback");
        assert_eq!(
            args,
            br#"{"owner":"bob","amount":"1000000000000000000000000"}"#
        );
    }

    // ANCHOR: test_owed
    #[test]
    fn what_has_arrived_is_not_owed() {
        after(PromiseResult::Successful(Vec::new()));
        let mut contract = Contract::new(None, None, None);

        assert!(contract.pay_callback(accounts(1), ONE_NEAR));
        assert!(contract.get_owed(accounts(1)).is_zero());
    }

    #[test]
    fn what_has_not_arrived_is_owed_to_its_owner() {
        let contract = contract_that_owes();

        assert_eq!(contract.get_owed(accounts(1)), ONE_NEAR);
        assert_eq!(get_logs()[1], "bob is owed 1 NEAR");
    }

    #[test]
    fn a_debt_that_does_not_pay_for_its_entry_is_not_remembered() {
        after(PromiseResult::Failed);
        let mut contract = Contract::new(None, None, None);
        let before = env::storage_usage();

        contract.pay_callback(accounts(1), MIN_DEBT.saturating_sub(ONE_YOCTO));
        contract.money.owed.flush();

        assert!(contract.get_owed(accounts(1)).is_zero());
        assert_eq!(env::storage_usage(), before);
    }

    #[test]
    fn the_smallest_debt_pays_for_the_longest_entry() {
        let longest_name: AccountId = "a".repeat(64).parse().unwrap();
        let mut contract = Contract::new(None, None, None);
        let before = env::storage_usage();

        contract.money.owe(longest_name, MIN_DEBT);
        contract.money.owed.flush();

        assert_eq!(price_of_storage_since(before), MIN_DEBT);
    }

    #[test]
    fn what_is_owed_adds_up() {
        let mut contract = contract_that_owes();
        contract.pay_callback(accounts(1), ONE_NEAR);

        assert_eq!(contract.get_owed(accounts(1)), NearToken::from_near(2));
    }

    #[test]
    fn a_claim_takes_the_entry_before_the_money_leaves() {
        let mut contract = contract_that_owes();
        testing_env!(called_by(1));
        contract.withdraw_owed(None).detach();

        assert!(contract.get_owed(accounts(1)).is_zero());
        assert_eq!(get_created_receipts()[0].receiver_id, accounts(1));
    }

    #[test]
    #[should_panic(expected = "bob is owed nothing")]
    fn a_second_claim_finds_nothing() {
        let mut contract = contract_that_owes();
        testing_env!(called_by(1));
        contract.withdraw_owed(None).detach();
        contract.withdraw_owed(None).detach();
    }

    #[test]
    fn a_claim_that_does_not_arrive_is_owed_again_to_who_made_it() {
        let mut contract = contract_that_owes();
        testing_env!(with_a_yoctonear(called_by(1)));
        contract.withdraw_owed(Some(accounts(2))).detach();
        assert_eq!(get_created_receipts()[0].receiver_id, accounts(2));

        after(PromiseResult::Failed);
        contract.pay_callback(accounts(1), ONE_NEAR);

        assert_eq!(contract.get_owed(accounts(1)), ONE_NEAR);
        assert!(contract.get_owed(accounts(2)).is_zero());
    }
    // ANCHOR_END: test_owed

    fn with_a_yoctonear(mut context: VMContext) -> VMContext {
        context.attached_deposit = ONE_YOCTO;
        context
    }

    #[test]
    #[should_panic(expected = "Requires attached deposit of exactly 1 yoctoNEAR")]
    fn a_key_that_can_attach_nothing_does_not_name_another_receiver() {
        let mut contract = contract_that_owes();
        testing_env!(called_by(1));
        contract.withdraw_owed(Some(accounts(2))).detach();
    }

    #[test]
    #[should_panic(expected = "Attach nothing")]
    fn a_claim_for_oneself_keeps_no_deposit() {
        let mut contract = contract_that_owes();
        testing_env!(with_a_yoctonear(called_by(1)));
        contract.withdraw_owed(None).detach();
    }

    #[test]
    #[should_panic(expected = "charlie is owed nothing")]
    fn nobody_claims_what_is_owed_to_another() {
        let mut contract = contract_that_owes();
        testing_env!(called_by(2));
        contract.withdraw_owed(None).detach();
    }
}
// ANCHOR_END: all
