// ANCHOR: all
//! A cache: a value that is not too old is returned again without a call.

use near_sdk::{AccountId, PromiseOrValue, env, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::responses::greetings::{ask_for_greeting, gas_for_results, read_greeting};
use crate::responses::state::{Cached, Watched};
use crate::{Contract, ContractExt};

// ANCHOR: aged
/// The number of blocks for which a value is returned again, counted from the call that read it.
pub const TIME_TO_LIVE: u64 = 50;

/// A greeting and its age.
#[near(serializers = [json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Aged {
    /// The greeting that the account returned.
    pub greeting: String,
    /// The number of blocks since the call that read it was sent. The greeting is not older than
    /// that.
    pub age: u64,
}

impl Cached {
    /// Returns the greeting with its age, unless it is too old.
    fn fresh(&self, now: u64) -> Option<Aged> {
        let age = now - self.asked_at;
        (age <= TIME_TO_LIVE).then(|| Aged {
            greeting: self.greeting.clone(),
            age,
        })
    }
}
// ANCHOR_END: aged

// ANCHOR: keep
impl Watched {
    /// Stores a greeting, unless there is one from a later call: two calls may be in flight at a
    /// time.
    fn keep(&mut self, greeting: &str, asked_at: u64) {
        let is_older = |cached: &Cached| asked_at < cached.asked_at;
        if !self.cached.as_ref().is_some_and(is_older) {
            self.cached = Some(Cached {
                greeting: greeting.to_string(),
                asked_at,
            });
        }
    }
}
// ANCHOR_END: keep

#[near]
impl Contract {
    // ANCHOR: ask_cached
    /// Returns the greeting of a watched account, which may be some blocks old. Calls the account
    /// only when there is no greeting that is fresh enough.
    pub fn ask_cached(&mut self, account_id: AccountId) -> PromiseOrValue<CallResult<Aged>> {
        enter("ask_cached");

        let now = env::block_height();
        let cached = &self.responses.entry(&account_id).cached;
        if let Some(greeting) = cached.as_ref().and_then(|cached| cached.fresh(now)) {
            return PromiseOrValue::Value(CallResult::Value(greeting));
        }

        ask_for_greeting(account_id.clone())
            .then(
                Self::ext_self()
                    .with_static_gas(gas_for_results(1))
                    .ask_cached_callback(account_id, now),
            )
            .into()
    }
    // ANCHOR_END: ask_cached

    // ANCHOR: ask_cached_callback
    /// Stores a greeting that is accepted, and returns the result. A failure is not stored: the
    /// next caller tries again.
    #[private]
    pub fn ask_cached_callback(
        &mut self,
        account_id: AccountId,
        asked_at: u64,
    ) -> CallResult<Aged> {
        enter("ask_cached_callback");

        let result = read_greeting(0);
        // The payer may have removed the entry since the call was sent.
        let entry = self.responses.watched.get_mut(&account_id);
        if let (Some(entry), Some(greeting)) = (entry, result.value()) {
            entry.keep(greeting, asked_at);
        }
        result.map(|greeting| Aged {
            greeting,
            age: env::block_height() - asked_at,
        })
    }
    // ANCHOR_END: ask_cached_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;
    use crate::responses::watch::WATCH_PRICE;

    /// Sets the context of a call in this block that sees these promise results.
    fn in_block(height: u64, results: Vec<PromiseResult>) {
        let context = VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(0))
            .attached_deposit(WATCH_PRICE)
            .block_height(height)
            .build();
        testing_env!(
            context,
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
    }

    /// Returns a contract that watches `bob`.
    fn contract() -> Contract {
        let mut contract = Contract::new(None, None, None);
        in_block(1, Vec::new());
        contract.watch(accounts(1));
        contract
    }

    /// Runs the callback in block `height`, for a call of block `asked_at`.
    fn arrives(
        contract: &mut Contract,
        height: u64,
        asked_at: u64,
        result: PromiseResult,
    ) -> CallResult<Aged> {
        in_block(height, vec![result]);
        contract.ask_cached_callback(accounts(1), asked_at)
    }

    /// Returns what the contract returns in this block without a call, or nothing when it calls
    /// bob.
    fn from_cache(contract: &mut Contract, height: u64) -> Option<CallResult<Aged>> {
        in_block(height, Vec::new());
        match contract.ask_cached(accounts(1)) {
            PromiseOrValue::Value(value) => {
                assert!(get_created_receipts().is_empty());
                Some(value)
            }
            PromiseOrValue::Promise(promise) => {
                promise.detach();
                None
            }
        }
    }

    fn text(greeting: &str) -> PromiseResult {
        PromiseResult::Successful(format!("{greeting:?}").into_bytes())
    }

    fn aged(greeting: &str, age: u64) -> CallResult<Aged> {
        CallResult::Value(Aged {
            greeting: greeting.to_string(),
            age,
        })
    }

    // ANCHOR: test_cache
    #[test]
    fn without_a_cached_greeting_the_account_is_called() {
        assert_eq!(from_cache(&mut contract(), 100), None);
    }

    #[test]
    fn a_cached_greeting_is_returned_with_its_age() {
        let mut contract = contract();

        assert_eq!(
            arrives(&mut contract, 102, 100, text("Hello")),
            aged("Hello", 2)
        );
        assert_eq!(from_cache(&mut contract, 103), Some(aged("Hello", 3)));
        assert_eq!(from_cache(&mut contract, 150), Some(aged("Hello", 50)));
    }

    #[test]
    fn a_greeting_that_is_too_old_is_not_returned_again() {
        let mut contract = contract();
        arrives(&mut contract, 102, 100, text("Hello"));

        assert_eq!(from_cache(&mut contract, 151), None);
    }

    #[test]
    fn a_failure_is_not_cached() {
        let mut contract = contract();

        let result = arrives(&mut contract, 102, 100, PromiseResult::Failed);

        assert_eq!(result, CallResult::Failed);
        assert_eq!(from_cache(&mut contract, 103), None);
    }

    #[test]
    fn a_failure_does_not_remove_the_cached_greeting() {
        let mut contract = contract();
        arrives(&mut contract, 102, 100, text("Hello"));
        arrives(&mut contract, 103, 101, PromiseResult::Failed);

        assert_eq!(from_cache(&mut contract, 104), Some(aged("Hello", 4)));
    }
    // ANCHOR_END: test_cache

    #[test]
    fn a_value_that_is_not_accepted_is_not_cached() {
        let mut contract = contract();
        for bad in [&b"true"[..], br#""a\nb""#, &[b'x'; 2_000]] {
            let result = PromiseResult::Successful(bad.to_vec());
            arrives(&mut contract, 102, 100, result);

            assert_eq!(from_cache(&mut contract, 103), None);
        }
    }

    #[test]
    fn a_greeting_of_an_earlier_call_does_not_replace_one_of_a_later_call() {
        let mut contract = contract();
        arrives(&mut contract, 103, 101, text("new"));
        arrives(&mut contract, 104, 100, text("old"));

        assert_eq!(from_cache(&mut contract, 105), Some(aged("new", 4)));
    }

    #[test]
    fn a_callback_without_an_entry_does_not_fail() {
        let mut contract = contract();
        contract.unwatch(accounts(1)).detach();

        assert_eq!(
            arrives(&mut contract, 102, 100, text("Hello")),
            aged("Hello", 2)
        );
        assert!(!contract.responses.watched.contains_key(&accounts(1)));
    }

    #[test]
    #[should_panic(expected = "bob is not watched")]
    fn an_account_that_is_not_watched_is_not_called() {
        in_block(1, Vec::new());
        Contract::new(None, None, None)
            .ask_cached(accounts(1))
            .detach();
    }
}
// ANCHOR_END: all
