// ANCHOR: all
//! Payments, and debts for payments that fail.
//!
//! A transfer to an account that no longer exists fails, and the chain refunds the money to this
//! contract. So each payment has a callback, which records a failed payment as a debt to the owner
//! of the money.
//!
//! A transfer that the balance does not cover fails the method that creates it. So no such transfer
//! is created: the same callback is called instead, and records the debt. It runs a block later.
//! The amount is among the liabilities at once.

use near_sdk::{AccountId, Gas, NearToken, Promise, assert_one_yocto, env, log, near, require};

use crate::enter::enter;
use crate::money::state::State;
use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// The gas of one payment: 25 Tgas. A transfer to an implicit account is the most expensive one,
/// because the chain charges for the account that it may have to create. And the callback of the
/// transfer needs gas too.
pub const GAS_FOR_PAYMENT: Gas = Gas::from_tgas(25);

/// The smallest debt that is recorded: 0.00134 NEAR, the storage price of the longest entry of 134
/// bytes. The entry of a smaller debt would cost this contract more than the debt.
pub const MIN_DEBT: NearToken = NearToken::from_micronear(1_340);
// ANCHOR_END: gas

// ANCHOR: pay
/// Pays `amount`, which belongs to `owner`, to `receiver`. The promise returns whether the payment
/// has arrived.
///
/// If not, this contract owes the amount to `owner`. That is also so if the balance does not cover
/// the amount: in congestion the refund of a failed call may arrive after its callback, which pays
/// it on.
///
/// The entry of a debt takes up storage, and the refund that pays for it may be late. So an account
/// needs money of its own: [`MIN_DEBT`] for each payment under way. One [`MIN_DEBT`] is never paid
/// out.
pub fn pay(owner: AccountId, receiver: AccountId, amount: NearToken) -> Promise {
    let callback = Contract::ext_self()
        .with_static_gas(GAS_FOR_CALLBACK)
        .pay_callback(owner, amount);
    if amount > spendable() {
        log!(
            "The balance does not cover {} for {receiver}",
            amount.exact_amount_display()
        );
        store_not_sent(not_sent().saturating_add(amount));
        return callback;
    }
    log!("{receiver} is paid {}", amount.exact_amount_display());
    Promise::new(receiver).transfer(amount).then(callback)
}

/// Returns the amount that this account can pay now. Storage locks the rest, and the entry of one
/// more debt.
fn spendable() -> NearToken {
    let storage = env::storage_byte_cost().saturating_mul(env::storage_usage().into());
    env::account_balance().saturating_sub(storage.saturating_add(MIN_DEBT))
}

/// Pays `amount` back to the account that it belongs to.
pub fn pay_back(owner: AccountId, amount: NearToken) -> Promise {
    pay(owner.clone(), owner, amount)
}
// ANCHOR_END: pay

// ANCHOR: not_sent
/// The key of the sum of the payments that were not sent and are not debts yet. It is not in
/// [`State`], because functions without the state pay too.
const NOT_SENT: &[u8] = b"money.not_sent";

fn not_sent() -> NearToken {
    let stored = env::storage_read(NOT_SENT).and_then(|bytes| bytes.try_into().ok());
    NearToken::from_yoctonear(stored.map_or(0, u128::from_le_bytes))
}

fn store_not_sent(sum: NearToken) {
    if sum.is_zero() {
        env::storage_remove(NOT_SENT);
    } else {
        env::storage_write(NOT_SENT, &sum.as_yoctonear().to_le_bytes());
    }
}

impl State {
    /// Returns the liabilities, with the payments that were not sent and are not debts yet.
    pub(crate) fn liabilities(&self) -> NearToken {
        self.liabilities.saturating_add(not_sent())
    }
}
// ANCHOR_END: not_sent

// ANCHOR: remember
impl State {
    /// Records that this contract owes `amount` more to `owner`.
    ///
    /// The entry takes up storage. The amount itself pays for it, because it stays on this account
    /// as long as the entry. So a debt below [`MIN_DEBT`] is not recorded: somebody who deletes an
    /// account before a small payment arrives loses the payment.
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
    /// Records a debt to `owner` when the payment has failed, or was not sent. Returns whether it
    /// has arrived.
    #[private]
    pub fn pay_callback(&mut self, owner: AccountId, amount: NearToken) -> bool {
        enter("pay_callback");

        // A payment that was not sent has no result.
        let sent = env::promise_results_count() > 0;
        let paid = sent && call_succeeded();
        if !sent {
            store_not_sent(not_sent().saturating_sub(amount));
        }
        if !paid {
            self.money.owe(owner, amount);
        }
        paid
    }
    // ANCHOR_END: pay_callback

    // ANCHOR: get_owed
    /// Returns the amount that this contract owes to `account_id`.
    pub fn get_owed(&self, account_id: AccountId) -> NearToken {
        let owed = self.money.owed.get(&account_id);
        owed.copied().unwrap_or_default()
    }
    // ANCHOR_END: get_owed

    // ANCHOR: withdraw_owed
    /// Pays the debt to the caller, to `receiver_id` or to the caller's own account.
    ///
    /// The entry is removed before the money is sent. So a second claim finds nothing, however
    /// close the two calls are. If the payment fails, or if the balance does not cover it, the
    /// entry is added again.
    ///
    /// A call with a receiver needs one yoctoNEAR, which a function-call key cannot attach. So
    /// somebody who has stolen such a key from a browser cannot send the money elsewhere.
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
    use crate::tests::contract;

    const ONE_NEAR: NearToken = NearToken::from_near(1);
    const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

    /// Returns the context of a call to our contract on `alice`.
    fn called_by(predecessor: usize) -> VMContext {
        VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(predecessor))
            .build()
    }

    /// Sets the context of a callback that sees this promise result.
    fn after(result: PromiseResult) {
        testing_env!(
            called_by(0),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
    }

    /// Returns a contract that owes 1 NEAR to `bob`, after a payment that has failed.
    fn contract_that_owes() -> Contract {
        after(PromiseResult::Failed);
        let mut contract = contract();
        assert!(!contract.pay_callback(accounts(1), ONE_NEAR));
        contract
    }

    #[test]
    fn a_payment_is_a_transfer_and_a_callback_with_the_owner() {
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
    fn a_payment_that_has_arrived_is_not_owed() {
        after(PromiseResult::Successful(Vec::new()));
        let mut contract = contract();

        assert!(contract.pay_callback(accounts(1), ONE_NEAR));
        assert!(contract.get_owed(accounts(1)).is_zero());
    }

    #[test]
    fn a_payment_that_has_failed_is_owed_to_its_owner() {
        let contract = contract_that_owes();

        assert_eq!(contract.get_owed(accounts(1)), ONE_NEAR);
        assert_eq!(get_logs()[1], "bob is owed 1 NEAR");
    }

    #[test]
    fn a_debt_below_the_price_of_its_entry_is_not_recorded() {
        after(PromiseResult::Failed);
        let mut contract = contract();
        let before = env::storage_usage();

        contract.pay_callback(accounts(1), MIN_DEBT.saturating_sub(ONE_YOCTO));
        contract.money.owed.flush();

        assert!(contract.get_owed(accounts(1)).is_zero());
        assert_eq!(env::storage_usage(), before);
    }

    #[test]
    fn the_smallest_debt_covers_the_storage_of_the_longest_entry() {
        let longest_name: AccountId = "a".repeat(64).parse().unwrap();
        let mut contract = contract();
        let before = env::storage_usage();

        contract.money.owe(longest_name, MIN_DEBT);
        contract.money.owed.flush();

        let bytes = env::storage_usage() - before;
        let price = env::storage_byte_cost().saturating_mul(bytes.into());
        assert_eq!(price, MIN_DEBT);
    }

    #[test]
    fn debts_to_the_same_account_add_up() {
        let mut contract = contract_that_owes();
        contract.pay_callback(accounts(1), ONE_NEAR);

        assert_eq!(contract.get_owed(accounts(1)), NearToken::from_near(2));
    }

    #[test]
    fn a_claim_removes_the_entry_before_the_money_is_sent() {
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
    fn a_claim_whose_payment_fails_is_owed_again() {
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

    // ANCHOR: test_balance
    /// Pays these amounts to `bob` in one call to our contract on `alice`, which can pay 1 NEAR.
    /// Returns the receivers of the receipts.
    fn receivers_of_payments(amounts: &[NearToken]) -> Vec<AccountId> {
        let mut context = called_by(1);
        let storage = env::storage_byte_cost().saturating_mul(context.storage_usage.into());
        context.account_balance = storage.saturating_add(MIN_DEBT).saturating_add(ONE_NEAR);
        testing_env!(context);

        for amount in amounts {
            pay_back(accounts(1), *amount).detach();
        }
        let receipts = get_created_receipts().into_iter();
        receipts.map(|receipt| receipt.receiver_id).collect()
    }

    #[test]
    fn a_payment_that_the_balance_covers_is_sent() {
        let [alice, bob] = [0, 1].map(accounts);

        assert_eq!(receivers_of_payments(&[ONE_NEAR]), [bob, alice]);
    }

    #[test]
    fn a_payment_that_the_balance_does_not_cover_is_not_sent() {
        let too_much = ONE_NEAR.saturating_add(ONE_YOCTO);

        assert_eq!(receivers_of_payments(&[too_much]), [accounts(0)]);
    }

    #[test]
    fn two_payments_of_one_receipt_do_not_share_their_money() {
        let [alice, bob] = [0, 1].map(accounts);

        assert_eq!(
            receivers_of_payments(&[ONE_NEAR, ONE_NEAR]),
            [bob, alice.clone(), alice]
        );
    }

    /// Returns a contract with a payment of 1 NEAR to `bob` that was not sent.
    fn contract_that_has_not_sent() -> Contract {
        let mut context = called_by(0);
        context.account_balance = ONE_YOCTO;
        testing_env!(context);
        let contract = contract();
        pay_back(accounts(1), ONE_NEAR).detach();
        contract
    }

    #[test]
    fn a_payment_that_was_not_sent_is_a_liability_at_once() {
        let contract = contract_that_has_not_sent();

        assert_eq!(contract.money.liabilities(), ONE_NEAR);
    }

    #[test]
    fn a_payment_that_was_not_sent_is_owed_once() {
        let mut contract = contract_that_has_not_sent();
        testing_env!(called_by(0));

        assert!(!contract.pay_callback(accounts(1), ONE_NEAR));
        assert_eq!(contract.get_owed(accounts(1)), ONE_NEAR);
        assert_eq!(contract.money.liabilities(), ONE_NEAR);
    }

    #[test]
    fn the_failure_of_another_payment_leaves_the_liability() {
        let mut contract = contract_that_has_not_sent();
        after(PromiseResult::Failed);

        contract.pay_callback(accounts(2), ONE_NEAR);
        assert_eq!(contract.money.liabilities(), NearToken::from_near(2));
    }
    // ANCHOR_END: test_balance

    fn with_a_yoctonear(mut context: VMContext) -> VMContext {
        context.attached_deposit = ONE_YOCTO;
        context
    }

    #[test]
    #[should_panic(expected = "Requires attached deposit of exactly 1 yoctoNEAR")]
    fn a_claim_for_another_receiver_needs_a_yoctonear() {
        let mut contract = contract_that_owes();
        testing_env!(called_by(1));
        contract.withdraw_owed(Some(accounts(2))).detach();
    }

    #[test]
    #[should_panic(expected = "Attach nothing")]
    fn a_claim_for_the_caller_refuses_a_deposit() {
        let mut contract = contract_that_owes();
        testing_env!(with_a_yoctonear(called_by(1)));
        contract.withdraw_owed(None).detach();
    }

    #[test]
    #[should_panic(expected = "charlie is owed nothing")]
    fn nobody_else_can_claim_a_debt() {
        let mut contract = contract_that_owes();
        testing_env!(called_by(2));
        contract.withdraw_owed(None).detach();
    }
}
// ANCHOR_END: all
