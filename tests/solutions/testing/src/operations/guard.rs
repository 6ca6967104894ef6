//! The guard at the beginning of each method. It counts calls, and refuses them while the contract
//! is paused.
//!
//! Many production contracts use the macros `Pausable` and `Ownable` of near-plugins instead. Here
//! the guard is written by hand, so that its code can be read.

use near_sdk::{env, near, require};

use crate::operations::limits::Limits;
use crate::operations::record::Record;
use crate::operations::stop::Stopped;
use crate::promise_results::calls_succeeded;

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

/// The methods that the guard admits during a pause too, and that nobody can stop. Each pays users
/// their own money, or settles money that waits. A pause must not lock in the money of users.
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

/// Returns whether this receipt is a callback that this contract has sent to itself.
///
/// Both conditions are necessary. Another contract can make a call to us wait for its own promises.
/// And the holder of a key of this account can call any method with this account as the
/// predecessor.
fn is_callback() -> bool {
    env::predecessor_account_id() == env::current_account_id() && env::promise_results_count() > 0
}

impl Totals {
    /// Counts a callback and its promise results. Values are not read, so their length costs
    /// nothing.
    fn count_callback(&mut self, results: &[bool]) {
        let succeeded = results.iter().filter(|succeeded| **succeeded).count() as u64;
        self.callbacks += 1;
        self.succeeded += succeeded;
        self.failed += results.len() as u64 - succeeded;
    }
}
