// ANCHOR: all
//! What every method passes when it begins. Here calls are counted, and refused while the contract is
//! paused.

use std::collections::BTreeMap;

use near_sdk::{PromiseError, borsh, env, near, require};

use super::limits::Limits;
use super::methods::METHODS;

// ANCHOR: gate
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
    /// The work of each method, by the place of its name in [`METHODS`].
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
// ANCHOR_END: gate

// ANCHOR: always_open
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
// ANCHOR_END: always_open

/// Where the gate lies in the storage of the account.
const KEY: &[u8] = b"GATE";

impl Default for Gate {
    /// Open, and nobody has passed.
    fn default() -> Self {
        Self {
            paused: false,
            limits: Limits::default(),
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

    /// The work of this method.
    fn work_of(&mut self, method: &str) -> &mut Work {
        let place = METHODS.iter().position(|name| *name == method);
        place
            .and_then(|place| self.work.get_mut(place))
            .unwrap_or_else(|| env::panic_str(&format!("The gate does not know {method}")))
    }

    // ANCHOR: pass
    /// Lets `method` run, and counts it. Panics when it is not to run.
    ///
    /// A callback always passes: it finishes what began when the gate was open. If it did not run, its
    /// user would not get any money back.
    pub fn pass(method: &str) {
        let mut gate = Self::load();
        let is_callback = is_callback();

        if !is_callback {
            let may_pass = !gate.paused || ALWAYS_OPEN.contains(&method);
            require!(may_pass, "The contract is paused");
            gate.limits.check_deposit();
        }
        let work = gate.work_of(method);
        work.runs = work.runs.saturating_add(1);
        if is_callback {
            work.count_results();
        }

        gate.store();
    }
    // ANCHOR_END: pass
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

impl Work {
    // ANCHOR: count_results
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
    // ANCHOR_END: count_results
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

    /// What the gate knows of `query_greeting` after this one receipt.
    fn greeting_in(context: &VMContextBuilder, gate: &Gate, results: Vec<PromiseResult>) -> Work {
        testing_env!(
            context.build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
        gate.store();
        Gate::pass("query_greeting");
        Gate::load().methods()["query_greeting"].clone()
    }

    fn paused() -> Gate {
        Gate {
            paused: true,
            ..Gate::default()
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
    fn a_gate_that_nobody_has_passed_is_open() {
        testing_env!(call().build());
        env::storage_remove(KEY);

        let gate = Gate::load();

        assert!(!gate.paused);
        assert!(gate.methods().is_empty());
    }

    #[test]
    fn a_call_is_counted() {
        let work = greeting_in(&call(), &Gate::default(), Vec::new());

        let expected = Work {
            runs: 1,
            ..Work::default()
        };
        assert_eq!(work, expected);
    }

    #[test]
    fn each_method_is_counted_by_itself() {
        testing_env!(call().build());
        Gate::default().store();
        Gate::pass("query_greeting");
        Gate::pass("query_greeting");
        Gate::pass("count");

        let methods = Gate::load().methods();

        assert_eq!(methods["query_greeting"].runs, 2);
        assert_eq!(methods["count"].runs, 1);
    }

    // ANCHOR: test_size
    #[test]
    fn the_gate_takes_up_the_same_storage_whoever_passes() {
        testing_env!(call().build());
        Gate::default().store();
        let before = env::storage_usage();

        for method in METHODS {
            Gate::pass(method);
        }

        assert_eq!(env::storage_usage(), before);
    }
    // ANCHOR_END: test_size

    #[test]
    fn a_gate_of_the_release_before_may_know_fewer_methods() {
        testing_env!(call().build());
        let mut before = Gate::default();
        before.work_of("count").runs = 7;
        let known = METHODS.iter().position(|name| *name == "count").unwrap();
        before.work.truncate(known + 1);
        before.store();

        Gate::pass(METHODS[METHODS.len() - 1]);

        assert_eq!(Gate::load().methods()["count"].runs, 7);
    }

    #[test]
    #[should_panic(expected = "The gate does not know wave")]
    fn a_method_without_a_place_does_not_pass() {
        testing_env!(call().build());
        Gate::default().store();

        Gate::pass("wave");
    }

    // ANCHOR: test_results
    #[test]
    fn a_callback_counts_the_results_that_it_sees() {
        let mut callback = call();
        callback.predecessor_account_id(accounts(0));

        let work = greeting_in(&callback, &Gate::default(), results());

        let expected = Work {
            runs: 1,
            answered: 2,
            failed: 1,
        };
        assert_eq!(work, expected);
    }
    // ANCHOR_END: test_results

    #[test]
    fn results_that_a_stranger_waited_for_are_not_ours() {
        let work = greeting_in(&call(), &Gate::default(), results());

        assert_eq!((work.answered, work.failed), (0, 0));
    }

    #[test]
    #[should_panic(expected = "The contract is paused")]
    fn a_call_does_not_pass_while_the_contract_is_paused() {
        greeting_in(&call(), &paused(), Vec::new());
    }

    #[test]
    fn a_callback_passes_while_the_contract_is_paused() {
        let mut callback = call();
        callback.predecessor_account_id(accounts(0));

        let work = greeting_in(&callback, &paused(), results());

        assert_eq!(work.runs, 1);
    }

    #[test]
    fn whoever_is_owed_money_passes_while_the_contract_is_paused() {
        testing_env!(call().build());
        paused().store();

        Gate::pass("withdraw_owed");

        assert_eq!(Gate::load().methods()["withdraw_owed"].runs, 1);
    }

    #[test]
    #[should_panic(expected = "The contract is paused")]
    fn a_call_that_looks_like_a_callback_does_not_pass_while_the_contract_is_paused() {
        greeting_in(&call(), &paused(), results());
    }

    #[test]
    #[should_panic(expected = "Attach at most 5 NEAR")]
    fn a_deposit_above_the_limit_does_not_pass() {
        let gate = Gate {
            limits: Limits {
                max_deposit: NearToken::from_near(5),
                ..Limits::default()
            },
            ..Gate::default()
        };
        let mut call = call();
        call.attached_deposit(NearToken::from_near(6));

        greeting_in(&call, &gate, Vec::new());
    }
}
// ANCHOR_END: all
