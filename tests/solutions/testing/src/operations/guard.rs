//! The guard at the beginning of every method. It counts calls, and refuses them while the contract is
//! paused.
//!
//! Many contracts on the chain take the macros `Pausable` and `Ownable` of near-plugins for this. Here it
//! is written by hand, so that it can be read.

use near_sdk::{env, near, require};

use crate::operations::limits::Limits;
use crate::operations::record::Record;
use crate::operations::stop::Stopped;
use crate::promise_results::calls_succeeded;

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

/// Methods that the guard admits during a pause as well, and that nobody can stop. Each gives people back what is theirs, or ends a
/// wait in which money is held. A pause that locked it in would be theft.
pub(super) const ALWAYS_OPEN: [&str; 9] = [
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
            if !ALWAYS_OPEN.contains(&method) {
                require!(!guard.paused, "The contract is paused");
                Stopped::now().require_runs(method);
            }
            guard.limits.check_deposit();
            guard.totals.calls += 1;
        }

        guard.store();
    }
    // ANCHOR_END: admit
}

/// Whether this receipt is one that we sent to ourselves to wait for others.
///
/// Either fact alone could be someone else's doing: a stranger can make a call to us wait for results
/// of theirs, and whoever holds a key of this account can call any method as its predecessor.
fn is_callback() -> bool {
    env::predecessor_account_id() == env::current_account_id() && env::promise_results_count() > 0
}

impl Totals {
    /// Counts a callback and what it sees. No answer is read, so their length costs nothing.
    fn count_callback(&mut self, results: &[bool]) {
        let succeeded = results.iter().filter(|succeeded| **succeeded).count() as u64;
        self.callbacks += 1;
        self.succeeded += succeeded;
        self.failed += results.len() as u64 - succeeded;
    }
}
