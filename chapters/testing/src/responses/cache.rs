// ANCHOR: all
//! A cache: an answer that is not too old is given again, without a call.

use near_sdk::{AccountId, PromiseOrValue, env, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::responses::greetings::{ask_for_greeting, gas_for_answers, read_greeting};
use crate::responses::state::{Cached, Watched};
use crate::{Contract, ContractExt};

// ANCHOR: aged
/// For so many blocks after the question an answer is given again.
pub const TIME_TO_LIVE: u64 = 50;

/// An answer and its age.
#[near(serializers = [json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Aged {
    /// What the account answered.
    pub greeting: String,
    /// How many blocks ago it was asked. The answer is not older than that.
    pub age: u64,
}

impl Cached {
    /// The answer with its age, unless it is too old.
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
    /// Keeps an answer, unless there is one to a later question: two may be under way at a time.
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
    /// The greeting of a watched account, which may be some blocks old. Only if it is too old, or there
    /// is none, the account is asked.
    pub fn ask_cached(&mut self, account_id: AccountId) -> PromiseOrValue<CallResult<Aged>> {
        enter("ask_cached");

        let now = env::block_height();
        let cached = &self.responses.entry(&account_id).cached;
        if let Some(answer) = cached.as_ref().and_then(|cached| cached.fresh(now)) {
            return PromiseOrValue::Value(CallResult::Value(answer));
        }

        ask_for_greeting(account_id.clone())
            .then(
                Self::ext_self()
                    .with_static_gas(gas_for_answers(1))
                    .ask_cached_callback(account_id, now),
            )
            .into()
    }
    // ANCHOR_END: ask_cached

    // ANCHOR: ask_cached_callback
    /// Keeps an answer that we take. A failure is passed on, and not kept: the next one asks again.
    #[private]
    pub fn ask_cached_callback(
        &mut self,
        account_id: AccountId,
        asked_at: u64,
    ) -> CallResult<Aged> {
        enter("ask_cached_callback");

        let outcome = read_greeting(0);
        // Whoever paid for the entry may have ended it while the call was under way.
        let entry = self.responses.watched.get_mut(&account_id);
        if let (Some(entry), Some(greeting)) = (entry, outcome.value()) {
            entry.keep(greeting, asked_at);
        }
        outcome.map(|greeting| Aged {
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

    /// The next call is made in this block, and sees these results.
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

    /// A contract that watches `bob`.
    fn contract() -> Contract {
        let mut contract = Contract::new(None, None, None);
        in_block(1, Vec::new());
        contract.watch(accounts(1));
        contract
    }

    /// Bob's answer to a question of block `asked_at` arrives in block `height`.
    fn arrives(
        contract: &mut Contract,
        height: u64,
        asked_at: u64,
        result: PromiseResult,
    ) -> CallResult<Aged> {
        in_block(height, vec![result]);
        contract.ask_cached_callback(accounts(1), asked_at)
    }

    /// What the contract answers in this block without a call; nothing where it makes one.
    fn from_cache(contract: &mut Contract, height: u64) -> Option<CallResult<Aged>> {
        in_block(height, Vec::new());
        match contract.ask_cached(accounts(1)) {
            PromiseOrValue::Value(answer) => {
                assert!(get_created_receipts().is_empty());
                Some(answer)
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
    fn without_an_answer_there_is_a_call() {
        assert_eq!(from_cache(&mut contract(), 100), None);
    }

    #[test]
    fn an_answer_is_given_again_with_its_age() {
        let mut contract = contract();

        assert_eq!(
            arrives(&mut contract, 102, 100, text("Hello")),
            aged("Hello", 2)
        );
        assert_eq!(from_cache(&mut contract, 103), Some(aged("Hello", 3)));
        assert_eq!(from_cache(&mut contract, 150), Some(aged("Hello", 50)));
    }

    #[test]
    fn an_answer_that_is_too_old_is_not_given_again() {
        let mut contract = contract();
        arrives(&mut contract, 102, 100, text("Hello"));

        assert_eq!(from_cache(&mut contract, 151), None);
    }

    #[test]
    fn a_failure_is_not_kept() {
        let mut contract = contract();

        let outcome = arrives(&mut contract, 102, 100, PromiseResult::Failed);

        assert_eq!(outcome, CallResult::Failed);
        assert_eq!(from_cache(&mut contract, 103), None);
    }

    #[test]
    fn a_failure_does_not_take_away_what_is_kept() {
        let mut contract = contract();
        arrives(&mut contract, 102, 100, text("Hello"));
        arrives(&mut contract, 103, 101, PromiseResult::Failed);

        assert_eq!(from_cache(&mut contract, 104), Some(aged("Hello", 4)));
    }
    // ANCHOR_END: test_cache

    #[test]
    fn what_we_do_not_take_is_not_kept() {
        let mut contract = contract();
        for bad in [&b"true"[..], br#""a\nb""#, &[b'x'; 2_000]] {
            let result = PromiseResult::Successful(bad.to_vec());
            arrives(&mut contract, 102, 100, result);

            assert_eq!(from_cache(&mut contract, 103), None);
        }
    }

    #[test]
    fn an_older_answer_does_not_take_the_place_of_a_newer() {
        let mut contract = contract();
        arrives(&mut contract, 103, 101, text("new"));
        arrives(&mut contract, 104, 100, text("old"));

        assert_eq!(from_cache(&mut contract, 105), Some(aged("new", 4)));
    }

    #[test]
    fn an_entry_that_was_ended_meanwhile_is_not_missed() {
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
    fn who_is_not_watched_is_not_asked() {
        in_block(1, Vec::new());
        Contract::new(None, None, None)
            .ask_cached(accounts(1))
            .detach();
    }
}
// ANCHOR_END: all
