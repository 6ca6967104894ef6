// ANCHOR: all
//! The user's money: how much must be attached, and how the unused part comes back.
//!
//! It takes two rules to lose none of it. Before a batch leaves, a panic is enough: the chain gives the
//! deposit back to the user. After that a failed batch gives it back to *this contract*, and only the
//! callback can pass it on. So the callback of a batch that was paid for must not panic: a panic would
//! undo the transfer as well. It reports a failure in its answer.
//!
//! And it must know whether the batch failed. The answer of another contract's method does not say so.

use near_sdk::{AccountId, Gas, NearToken, Promise, env, log, require};

use crate::promise_results::call_succeeded;

// ANCHOR: gas
/// Gas for a callback that pays back: 14 Tgas.
///
/// The dearest transfer is one to an implicit account, whose name is a key in 64 hexadecimal digits. The
/// chain makes such an account where there is none, so it charges for that in advance: some 8 Tgas more
/// than for an account with a name. A callback without that gas fails, and the money stays here.
pub const GAS_FOR_REFUND: Gas = Gas::from_tgas(14);
// ANCHOR_END: gas

// ANCHOR: require_deposit
/// The deposit of this call, which is `price` or more. Panics when it is less.
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
/// Ends a batch with a transfer of nothing, so that its callback learns where the money is.
///
/// The answer of a batch is that of its last action. A method can go through, keep the deposit, and
/// hand its answer over to a promise that fails. That looks like a batch that failed and gave the deposit
/// back. A transfer answers for itself: with nothing, when everything before it went through.
pub fn with_empty_result(batch: Promise) -> Promise {
    batch.transfer(NearToken::from_near(0))
}
// ANCHOR_END: with_empty_result

// ANCHOR: settle
/// In the callback of a batch: gives back what it did not cost, and answers whether it went through.
///
/// A batch that went through costs `price`, one that failed costs nothing. The rest of `deposit` goes
/// to `payer`. If that account is gone by then, it stays here.
pub fn settle(payer: AccountId, deposit: NearToken, price: NearToken) -> bool {
    let succeeded = call_succeeded();
    let rest = if succeeded {
        deposit.saturating_sub(price)
    } else {
        deposit
    };

    if !rest.is_zero() {
        log!("{payer} is paid {}", rest.exact_amount_display());
        Promise::new(payer).transfer(rest).detach();
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

    /// The context of a callback after a batch that ended like this.
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

    /// The transfers that leave, as receiver and amount.
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
    fn the_last_action_is_a_transfer_of_nothing() {
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
    fn a_deposit_may_be_more_than_the_price() {
        call_with(THREE_NEAR);

        assert_eq!(require_deposit(ONE_NEAR), THREE_NEAR);
    }

    #[test]
    #[should_panic(expected = "Attach at least 3 NEAR")]
    fn a_deposit_may_not_be_less_than_the_price() {
        call_with(ONE_NEAR);

        require_deposit(THREE_NEAR);
    }

    // ANCHOR: test_settle
    #[test]
    fn success_costs_the_price_and_the_rest_goes_back() {
        after(success());

        assert!(settle(accounts(2), THREE_NEAR, ONE_NEAR));
        assert_eq!(transfers(), [(accounts(2), NearToken::from_near(2))]);
    }

    #[test]
    fn success_at_the_exact_price_moves_no_money() {
        after(success());

        assert!(settle(accounts(2), ONE_NEAR, ONE_NEAR));
        assert!(transfers().is_empty());
    }

    #[test]
    fn failure_costs_nothing_and_everything_goes_back() {
        after(PromiseResult::Failed);

        assert!(!settle(accounts(2), THREE_NEAR, ONE_NEAR));
        assert_eq!(transfers(), [(accounts(2), THREE_NEAR)]);
    }
    // ANCHOR_END: test_settle
}
// ANCHOR_END: all
