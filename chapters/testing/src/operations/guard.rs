// ANCHOR: all
//! The guard at the beginning of every method. It counts calls, and refuses them while the contract is
//! paused.
//!
//! Many contracts on the chain take the macros `Pausable` and `Ownable` of near-plugins for this. Here it
//! is written by hand, so that it can be read.

use near_sdk::{env, near, require};

use crate::operations::limits::Limits;
use crate::operations::record::Record;
use crate::promise_results::calls_succeeded;

// ANCHOR: guard
/// The record that all methods share.
///
/// It lies beside the state of the contract: a method that enters holds the state already.
///
/// Its size never changes. A method that charges its caller for storage measures what the account
/// stores before and after, and a record that grew in between would be on somebody's bill.
#[near(serializers = [borsh])]
#[derive(Default)]
pub struct Guard {
    /// Whether new calls are refused.
    pub paused: bool,
    /// What a call may bring along.
    pub limits: Limits,
    /// What has been done so far.
    pub totals: Totals,
}

impl Record for Guard {
    const KEY: &'static [u8] = b"GUARD";
}

/// What the contract has done, in numbers.
///
/// Only what was not undone is in here. A method that panics takes its count back with it.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Calls by others that ran without a panic.
    pub calls: u64,
    /// Callbacks that ran without a panic.
    pub callbacks: u64,
    /// Calls to others that succeeded, as our callbacks saw them.
    pub succeeded: u64,
    /// Calls to others that failed, as our callbacks saw them.
    pub failed: u64,
}
// ANCHOR_END: guard

// ANCHOR: always_open
/// Methods that the guard admits during a pause as well. Each gives people back what is theirs, or ends a
/// wait in which money is held. A pause that locked it in would be theft.
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
    /// Returns the guard as it stands. A guard that nobody has stored is open.
    pub fn now() -> Self {
        Self::load().unwrap_or_default()
    }

    // ANCHOR: admit
    /// Admits `method`, and counts it. Panics when it is not to run.
    ///
    /// A callback is always admitted: it finishes what began before the pause. If it did not run, its
    /// user would not get any money back.
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
/// Whether this receipt is one that we sent to ourselves to wait for others.
///
/// Either fact alone could be someone else's doing: a stranger can make a call to us wait for results
/// of theirs, and whoever holds a key of this account can call any method as its predecessor.
fn is_callback() -> bool {
    env::predecessor_account_id() == env::current_account_id() && env::promise_results_count() > 0
}
// ANCHOR_END: is_callback

impl Totals {
    // ANCHOR: count_callback
    /// Counts a callback and what it sees. No answer is read, so their length costs nothing.
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

    /// A call by `bob` to our contract on `alice`.
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

    /// The totals after one receipt of this method that the guard has admitted.
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
    fn a_guard_that_nobody_has_stored_is_open() {
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
    fn the_guard_takes_up_the_same_storage_whatever_it_counts() {
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
    fn a_callback_counts_the_results_that_it_sees() {
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
    fn results_that_a_stranger_waited_for_are_not_ours() {
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
    fn whoever_gets_money_back_is_admitted_while_the_contract_is_paused() {
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
