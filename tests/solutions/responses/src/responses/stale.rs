//! A cache that returns a stale greeting when there is no new one.

use near_sdk::{AccountId, Promise, env, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::responses::cache::Aged;
use crate::responses::greetings::{ask_for_greeting, gas_for_results};
use crate::{Contract, ContractExt};

// ANCHOR: code
/// A greeting, new or stale. In JSON:
/// `{"stale":{"cached":{"greeting":"Hello","age":70},"result":"failed"}}`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// The value of the call.
    New(Aged),
    /// The call has no value: the cached greeting, and the result of the call.
    Stale {
        cached: Aged,
        result: CallResult<Aged>,
    },
    /// The call has no value, and nothing is cached.
    Nothing(CallResult<Aged>),
}

#[near]
impl Contract {
    /// Asks a watched account. When the call has no value, returns the cached greeting, however old
    /// it is.
    pub fn ask_or_stale(&mut self, account_id: AccountId) -> Promise {
        enter("ask_or_stale");

        self.responses.entry(&account_id);
        ask_for_greeting(account_id.clone()).then(
            Self::ext_self()
                .with_static_gas(gas_for_results(1))
                .ask_or_stale_callback(account_id, env::block_height()),
        )
    }

    /// Stores a value, or returns the cached greeting when there is none.
    #[private]
    pub fn ask_or_stale_callback(&mut self, account_id: AccountId, asked_at: u64) -> Known {
        let result = self.ask_cached_callback(account_id.clone(), asked_at);
        if let CallResult::Value(greeting) = result {
            return Known::New(greeting);
        }
        let entry = self.responses.watched.get(&account_id);
        match entry.and_then(|entry| entry.cached.as_ref()) {
            Some(cached) => Known::Stale {
                cached: Aged {
                    greeting: cached.greeting.clone(),
                    age: env::block_height() - cached.asked_at,
                },
                result,
            },
            None => Known::Nothing(result),
        }
    }
}
// ANCHOR_END: code
