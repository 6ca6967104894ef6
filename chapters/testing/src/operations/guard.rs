// ANCHOR: all
//! The guard at the beginning of each method. It counts calls, and refuses them while the contract
//! is paused.
//!
//! Many production contracts use the macros `Pausable` and `Ownable` of near-plugins instead. Here
//! the guard is written by hand, so that its code can be read.

use near_sdk::{env, near, require};

use crate::operations::limits::Limits;
use crate::operations::record::Record;
use crate::promise_results::calls_succeeded;

// ANCHOR: guard
/// The record of the guard.
///
/// It is stored beside the state of the contract, because a method that calls `enter` has borrowed
/// the state already.
///
/// Its size never changes. A method that charges its caller for storage measures the storage before
/// and after. If this record grew in between, the caller would pay for it.
#[near(serializers = [borsh])]
#[derive(Default)]
pub struct Guard {
    /// True while new calls are refused.
    pub paused: bool,
    /// The limits of deposits and of the balance.
    pub limits: Limits,
    /// The counts so far.
    pub totals: Totals,
}

impl Record for Guard {
    const KEY: &'static [u8] = b"GUARD";
}

/// The counts of calls and of their results.
///
/// When a method panics, its count is reverted with all its other changes.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// The calls by others that ran without a panic.
    pub calls: u64,
    /// The callbacks that ran without a panic.
    pub callbacks: u64,
    /// The calls to others that succeeded, as our callbacks saw them.
    pub succeeded: u64,
    /// The calls to others that failed, as our callbacks saw them.
    pub failed: u64,
}
// ANCHOR_END: guard

// ANCHOR: always_open
/// The methods that the guard admits during a pause too. Each pays users their own money, or
/// settles money that waits. A pause must not lock in the money of users.
const ALWAYS_OPEN: [&str; 9] = [
    "withdraw_owed",
    "vault_withdraw",
    "vault_close",
    "vault_resolve",
    "cancel_order",
    "resolve_order",
    "answer_question",
    "cancel_question",
    "unwatch",
];
// ANCHOR_END: always_open

impl Guard {
    /// Returns the stored guard, or an open one when none is stored.
    pub fn now() -> Self {
        Self::load().unwrap_or_default()
    }

    // ANCHOR: admit
    /// Admits `method` and counts it. Panics when it refuses the method.
    ///
    /// A callback is always admitted: it finishes a call from before the pause. Without it the user
    /// would not get any money back.
    pub fn admit(method: &str) {
        let mut guard = Self::now();

        if is_callback() {
            guard.totals.count_callback(&calls_succeeded());
        } else {
            let is_open = !guard.paused || ALWAYS_OPEN.contains(&method);
            require!(is_open, "The contract is paused");
            guard.limits.check_deposit();
            guard.totals.calls += 1;
        }

        guard.store();
    }
    // ANCHOR_END: admit
}

// ANCHOR: is_callback
/// Returns whether this receipt is a callback that this contract has sent to itself.
///
/// Both conditions are necessary. Another contract can make a call to us wait for its own promises.
/// And the holder of a key of this account can call any method with this account as the
/// predecessor.
fn is_callback() -> bool {
    env::predecessor_account_id() == env::current_account_id() && env::promise_results_count() > 0
}
// ANCHOR_END: is_callback

impl Totals {
    // ANCHOR: count_callback
    /// Counts a callback and its promise results. Values are not read, so their length costs
    /// nothing.
    fn count_callback(&mut self, results: &[bool]) {
        let succeeded = results.iter().filter(|succeeded| **succeeded).count() as u64;
        self.callbacks += 1;
        self.succeeded += succeeded;
        self.failed += results.len() as u64 - succeeded;
    }
    // ANCHOR_END: count_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{NearToken, PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// Returns the context of a call by `bob` to our contract on `alice`.
    fn call() -> VMContextBuilder {
        let mut context = VMContextBuilder::new();
        context
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(1));
        context
    }

    fn callback() -> VMContextBuilder {
        let mut context = call();
        context.predecessor_account_id(accounts(0));
        context
    }

    /// Returns the totals after one receipt of this method that the guard has admitted.
    fn totals_after(
        method: &str,
        context: &VMContextBuilder,
        guard: &Guard,
        results: Vec<PromiseResult>,
    ) -> Totals {
        testing_env!(
            context.build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
        guard.store();
        Guard::admit(method);
        Guard::now().totals
    }

    fn paused() -> Guard {
        Guard {
            paused: true,
            ..Guard::default()
        }
    }

    fn results() -> Vec<PromiseResult> {
        vec![
            PromiseResult::Successful(Vec::new()),
            PromiseResult::Failed,
            PromiseResult::Successful(vec![b'x'; 2_000]),
        ]
    }

    #[test]
    fn without_a_stored_guard_the_contract_is_open() {
        testing_env!(call().build());
        env::storage_remove(Guard::KEY);

        let guard = Guard::now();

        assert!(!guard.paused);
        assert_eq!(guard.totals, Totals::default());
    }

    #[test]
    fn a_call_is_counted() {
        let totals = totals_after("count", &call(), &Guard::default(), Vec::new());

        let expected = Totals {
            calls: 1,
            ..Totals::default()
        };
        assert_eq!(totals, expected);
    }

    // ANCHOR: test_size
    #[test]
    fn the_guard_has_the_same_size_whatever_it_counts() {
        testing_env!(call().build());
        Guard::default().store();
        let before = env::storage_usage();

        Guard::admit("count");
        let mut guard = paused();
        guard.totals.calls = u64::MAX;
        guard.store();

        assert_eq!(env::storage_usage(), before);
    }
    // ANCHOR_END: test_size

    // ANCHOR: test_results
    #[test]
    fn a_callback_counts_its_promise_results() {
        let totals = totals_after("count_callback", &callback(), &Guard::default(), results());

        let expected = Totals {
            calls: 0,
            callbacks: 1,
            succeeded: 2,
            failed: 1,
        };
        assert_eq!(totals, expected);
    }
    // ANCHOR_END: test_results

    #[test]
    fn promise_results_of_another_contract_are_not_counted() {
        let totals = totals_after("count", &call(), &Guard::default(), results());

        assert_eq!((totals.succeeded, totals.failed), (0, 0));
    }

    #[test]
    #[should_panic(expected = "The contract is paused")]
    fn a_call_is_refused_while_the_contract_is_paused() {
        totals_after("count", &call(), &paused(), Vec::new());
    }

    #[test]
    fn a_callback_is_admitted_while_the_contract_is_paused() {
        let totals = totals_after("count_callback", &callback(), &paused(), results());

        assert_eq!(totals.callbacks, 1);
    }

    #[test]
    fn methods_that_pay_users_are_admitted_while_the_contract_is_paused() {
        for method in ALWAYS_OPEN {
            let totals = totals_after(method, &call(), &paused(), Vec::new());

            assert_eq!(totals.calls, 1, "{method}");
        }
    }

    #[test]
    #[should_panic(expected = "The contract is paused")]
    fn a_call_that_looks_like_a_callback_is_refused_while_the_contract_is_paused() {
        totals_after("count_callback", &call(), &paused(), results());
    }

    #[test]
    #[should_panic(expected = "Attach at most 5 NEAR")]
    fn a_deposit_above_the_limit_is_refused() {
        let guard = Guard {
            limits: Limits {
                max_deposit: NearToken::from_near(5),
                ..Limits::default()
            },
            ..Guard::default()
        };
        let mut call = call();
        call.attached_deposit(NearToken::from_near(6));

        totals_after("count", &call, &guard, Vec::new());
    }
}
// ANCHOR_END: all
