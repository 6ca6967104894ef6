//! A cache that gives an old answer where there is no new one.

use near_sdk::{AccountId, Promise, env, near};

use crate::responses::cache::Aged;
use crate::responses::greetings::{ask_for_greeting, gas_for_results};
use crate::call_result::CallResult;
use crate::enter::enter;
use crate::{Contract, ContractExt};

// ANCHOR: code
/// What there is to say. In JSON: `{"old":{"answer":{"greeting":"Hello","age":70},"why":"failed"}}`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// The account has answered just now.
    New(Aged),
    /// It has not, for this reason. This is what it answered before.
    Old { answer: Aged, why: CallResult<Aged> },
    /// It has not, and there is nothing from before.
    Nothing(CallResult<Aged>),
}

#[near]
impl Contract {
    /// Asks a watched account. Where it does not answer, its last answer will do, however old it is.
    pub fn ask_or_remember(&mut self, account_id: AccountId) -> Promise {
        enter("ask_or_remember");

        self.responses.entry(&account_id);
        ask_for_greeting(account_id.clone()).then(
            Self::ext_self()
                .with_static_gas(gas_for_results(1))
                .ask_or_remember_callback(account_id, env::block_height()),
        )
    }

    /// Keeps an answer that we take, and looks for the one before where there is none.
    #[private]
    pub fn ask_or_remember_callback(&mut self, account_id: AccountId, asked_at: u64) -> Known {
        let why = self.ask_cached_callback(account_id.clone(), asked_at);
        if let CallResult::Value(answer) = why {
            return Known::New(answer);
        }
        let entry = self.responses.watched.get(&account_id);
        match entry.and_then(|entry| entry.cached.as_ref()) {
            Some(cached) => Known::Old {
                answer: Aged {
                    greeting: cached.greeting.clone(),
                    age: env::block_height() - cached.asked_at,
                },
                why,
            },
            None => Known::Nothing(why),
        }
    }
}
// ANCHOR_END: code
