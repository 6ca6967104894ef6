//! What every method passes when it begins. Here calls are counted, and refused while the contract is
//! paused.

use std::collections::BTreeMap;

use near_sdk::{PromiseError, borsh, env, near, require};

use super::limits::Limits;
use super::methods::METHODS;

/// What all methods have in common.
///
/// It lies beside the state of the contract, under a key of its own: whoever is to pass the gate is in
/// the middle of a method, and that method holds the state.
///
/// Its size never changes. A method that charges its caller for storage measures what the account
/// stores before and after, and a gate that grew in between would be on somebody's bill.
#[near(serializers = [borsh])]
pub struct Gate {
    /// Whether new calls are refused.
    pub paused: bool,
    /// What a call may bring along.
    pub limits: Limits,
    /// Whether calls of a method are refused, by the place of its name in [`METHODS`].
    pub(super) stopped: Vec<bool>,
    /// The work of each method, by the same place.
    pub(super) work: Vec<Work>,
}

/// How often a method ran, and what it heard from others as a callback.
///
/// Only what was not undone is in here. A method that panics takes its count back with it.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Work {
    /// How often it ran without a panic.
    pub runs: u32,
    /// How many calls had been answered when it ran.
    pub answered: u32,
    /// How many calls had failed when it ran.
    pub failed: u32,
}

/// Methods that pass during a pause as well. Each gives people back what is theirs, or ends a wait in
/// which money is held. A pause that locked it in would be theft.
const ALWAYS_OPEN: [&str; 7] = [
    "withdraw_owed",
    "vault_withdraw",
    "vault_close",
    "vault_resolve",
    "cancel_order",
    "answer_question",
    "unwatch",
];

/// Where the gate lies in the storage of the account.
const KEY: &[u8] = b"GATE";

impl Default for Gate {
    /// Open, and nobody has passed.
    fn default() -> Self {
        Self {
            paused: false,
            limits: Limits::default(),
            stopped: vec![false; METHODS.len()],
            work: vec![Work::default(); METHODS.len()],
        }
    }
}

impl Gate {
    /// The gate as it stands.
    pub fn load() -> Self {
        let Some(stored) = env::storage_read(KEY) else {
            return Self::default();
        };
        let mut gate: Self = borsh::from_slice(&stored)
            .unwrap_or_else(|_| env::panic_str("Cannot deserialize the gate"));
        // The release before may have had fewer methods.
        gate.stopped.resize(METHODS.len(), false);
        gate.work.resize(METHODS.len(), Work::default());
        gate
    }

    /// Keeps the gate as it is now.
    pub fn store(&self) {
        let bytes =
            borsh::to_vec(self).unwrap_or_else(|_| env::panic_str("Cannot serialize the gate"));
        env::storage_write(KEY, &bytes);
    }

    /// The work of each method that has run, by its name.
    pub fn methods(&self) -> BTreeMap<String, Work> {
        let named = METHODS.iter().zip(&self.work);
        named
            .filter(|(_, work)| work.runs > 0)
            .map(|(name, work)| (name.to_string(), work.clone()))
            .collect()
    }

    // ANCHOR: stop
    /// The place of this method.
    pub(super) fn place_of(method: &str) -> usize {
        let place = METHODS.iter().position(|name| *name == method);
        place.unwrap_or_else(|| env::panic_str(&format!("The gate does not know {method}")))
    }

    /// Refuses calls of this method, or takes them again. Who gets money back by a method can always
    /// call it.
    pub(super) fn set_stopped(&mut self, method: &str, stopped: bool) {
        require!(
            !ALWAYS_OPEN.contains(&method),
            format!("{method} gives people back what is theirs")
        );
        self.stopped[Self::place_of(method)] = stopped;
    }
    // ANCHOR_END: stop

    // ANCHOR: pass
    /// Lets `method` run, and counts it. Panics when it is not to run.
    ///
    /// A callback always passes: it finishes what began when the gate was open. If it did not run, its
    /// user would not get any money back.
    pub fn pass(method: &str) {
        let mut gate = Self::load();
        let is_callback = is_callback();
        let place = Self::place_of(method);

        if !is_callback {
            let may_pass = !gate.paused || ALWAYS_OPEN.contains(&method);
            require!(may_pass, "The contract is paused");
            require!(!gate.stopped[place], format!("{method} is stopped"));
            gate.limits.check_deposit();
        }
        let work = &mut gate.work[place];
        work.runs = work.runs.saturating_add(1);
        if is_callback {
            work.count_results();
        }

        gate.store();
    }
    // ANCHOR_END: pass
}

/// Whether this receipt is one that we sent to ourselves to wait for others.
///
/// Either fact alone could be someone else's doing: a stranger can make a call to us wait for results
/// of theirs, and whoever holds a key of this account can call any method as its predecessor.
fn is_callback() -> bool {
    env::predecessor_account_id() == env::current_account_id() && env::promise_results_count() > 0
}

impl Work {
    /// Counts what this callback can see. It reads none of the answers, so their length costs nothing.
    fn count_results(&mut self) {
        for index in 0..env::promise_results_count() {
            match env::promise_result_checked(index, 0) {
                Ok(_) | Err(PromiseError::TooLong(_)) => {
                    self.answered = self.answered.saturating_add(1);
                }
                Err(_) => self.failed = self.failed.saturating_add(1),
            }
        }
    }
}
