// ANCHOR: all
//! The user's deposit: the check of its amount, and the refund of what was not used.
//!
//! Before a batch is sent, a panic is enough: the chain refunds the deposit to the user. After that
//! the chain refunds the deposit of a failed batch to *this contract*, and only the callback can
//! pay it back to the user. So this callback must not panic: a panic would revert the payment too.
//! It returns `false` instead.
//!
//! And the callback must know whether the batch failed. The result of another contract's method
//! does not say so: see [`with_empty_result`].

use near_sdk::{AccountId, Gas, NearToken, Promise, env, require};

use crate::money::owed::{GAS_FOR_PAYMENT, pay_back};
use crate::promise_results::call_succeeded;

// ANCHOR: gas
/// The static gas of a callback that pays back.
pub const GAS_FOR_REFUND: Gas = GAS_FOR_PAYMENT;
// ANCHOR_END: gas

// ANCHOR: require_deposit
/// Returns the deposit of this call. Panics when it is less than `price`.
pub fn require_deposit(price: NearToken) -> NearToken {
    let deposit = env::attached_deposit();
    require!(
        deposit >= price,
        format!("Attach at least {}", price.exact_amount_display())
    );
    deposit
}
// ANCHOR_END: require_deposit

// ANCHOR: with_empty_result
/// Appends a transfer of 0 NEAR to a batch, so that its callback learns whether the batch
/// succeeded.
///
/// The result of a batch is that of its last action. A method can succeed, keep the deposit, and
/// return a promise that fails. Then its result is a failure, as if the batch had failed and the
/// deposit had been refunded. The result of a transfer is empty when all actions before it have
/// succeeded.
pub fn with_empty_result(batch: Promise) -> Promise {
    batch.transfer(NearToken::from_near(0))
}
// ANCHOR_END: with_empty_result

// ANCHOR: settle
/// Pays back, in the callback of a batch, what the batch did not cost. Returns whether it
/// succeeded.
///
/// A batch that succeeded costs `price`, and one that failed costs nothing. `payer` gets the rest
/// of `deposit`. If that account no longer exists, or our balance does not cover the rest, this
/// contract owes it the rest.
pub fn settle(payer: AccountId, deposit: NearToken, price: NearToken) -> bool {
    let succeeded = call_succeeded();
    let rest = if succeeded {
        deposit.saturating_sub(price)
    } else {
        deposit
    };

    if !rest.is_zero() {
        pay_back(payer, rest).detach();
    }
    succeeded
}
// ANCHOR_END: settle

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    const ONE_NEAR: NearToken = NearToken::from_near(1);
    const THREE_NEAR: NearToken = NearToken::from_near(3);

    fn call_with(deposit: NearToken) {
        testing_env!(VMContextBuilder::new().attached_deposit(deposit).build());
    }

    /// Sets the context of a callback that sees this promise result.
    fn after(result: PromiseResult) {
        testing_env!(
            VMContextBuilder::new().build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
    }

    fn success() -> PromiseResult {
        PromiseResult::Successful(Vec::new())
    }

    /// Returns the transfers that were created, as receiver and amount.
    fn transfers() -> Vec<(AccountId, NearToken)> {
        get_created_receipts()
            .into_iter()
            .filter_map(|receipt| match receipt.actions[..] {
                [MockAction::Transfer { deposit, .. }] => Some((receipt.receiver_id, deposit)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn the_last_action_is_a_transfer_of_0_near() {
        testing_env!(VMContextBuilder::new().build());
        let call = Promise::new(accounts(1)).function_call(
            "add_message",
            Vec::new(),
            NearToken::from_near(1),
            Gas::from_tgas(5),
        );
        with_empty_result(call).detach();

        let [receipt] = &get_created_receipts()[..] else {
            panic!("not one receipt");
        };
        let [
            MockAction::FunctionCallWeight { .. },
            MockAction::Transfer { deposit, .. },
        ] = &receipt.actions[..]
        else {
            panic!("not a call and a transfer: {receipt:?}");
        };
        assert!(deposit.is_zero());
    }

    #[test]
    fn a_deposit_may_exceed_the_price() {
        call_with(THREE_NEAR);

        assert_eq!(require_deposit(ONE_NEAR), THREE_NEAR);
    }

    #[test]
    #[should_panic(expected = "Attach at least 3 NEAR")]
    fn a_deposit_below_the_price_is_refused() {
        call_with(ONE_NEAR);

        require_deposit(THREE_NEAR);
    }

    // ANCHOR: test_settle
    #[test]
    fn success_costs_the_price_and_the_rest_is_paid_back() {
        after(success());

        assert!(settle(accounts(2), THREE_NEAR, ONE_NEAR));
        assert_eq!(transfers(), [(accounts(2), NearToken::from_near(2))]);
    }

    #[test]
    fn success_at_the_exact_price_pays_nothing_back() {
        after(success());

        assert!(settle(accounts(2), ONE_NEAR, ONE_NEAR));
        assert!(transfers().is_empty());
    }

    #[test]
    fn failure_costs_nothing_and_all_is_paid_back() {
        after(PromiseResult::Failed);

        assert!(!settle(accounts(2), THREE_NEAR, ONE_NEAR));
        assert_eq!(transfers(), [(accounts(2), THREE_NEAR)]);
    }
    // ANCHOR_END: test_settle
}
// ANCHOR_END: all
