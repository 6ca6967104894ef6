//! A contract that remembers: how often it asked hello, and what hello said last.

use near_sdk::{Promise, PromiseError, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::{Contract, ContractExt};

// ANCHOR: code
/// What the contract remembers.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// How often it asked. Written when the question leaves.
    pub asked: u32,
    /// What hello said last, if it ever did. Written when an answer has come.
    pub heard: Option<String>,
}

#[near]
impl Contract {
    /// Asks hello for its greeting, and counts the question.
    pub fn remember_greeting(&mut self) -> Promise {
        enter("remember_greeting");
        self.memory.asked += 1;

        hello::ext(self.partners.hello.clone())
            .with_static_gas(GAS_FOR_HELLO)
            .get_greeting()
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .remember_greeting_callback(),
            )
    }

    /// Keeps the answer. When there is none, this fails, and what was heard before stays.
    #[private]
    #[handle_result]
    pub fn remember_greeting_callback(
        &mut self,
        #[callback_result(max_bytes = crate::greeting::MAX_GREETING_BYTES)] greeting: Result<
            String,
            PromiseError,
        >,
    ) -> Result<String, String> {
        enter("remember_greeting_callback");

        let greeting = greeting.map_err(|error| format!("No greeting: {error}"))?;
        self.memory.heard = Some(greeting.clone());
        Ok(greeting)
    }

    /// What the contract remembers.
    pub fn get_memory(&self) -> &Memory {
        &self.memory
    }
}
// ANCHOR_END: code

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_takes_the_place_of_the_one_before() {
        let mut contract = Contract::new(None, None, None);
        for greeting in ["Hello", "Howdy"] {
            let heard = contract.remember_greeting_callback(Ok(greeting.to_string()));
            assert_eq!(heard, Ok(greeting.to_string()));
        }

        assert_eq!(contract.get_memory().heard.as_deref(), Some("Howdy"));
    }

    #[test]
    fn a_failure_leaves_what_was_heard_before() {
        let mut contract = Contract::new(None, None, None);
        contract.memory.heard = Some("Hello".to_string());

        let heard = contract.remember_greeting_callback(Err(PromiseError::Failed));

        assert!(heard.is_err());
        assert_eq!(contract.get_memory().heard.as_deref(), Some("Hello"));
    }
}
