//! A contract that stores the number of its calls to hello, and the last greeting.

use near_sdk::{Promise, PromiseError, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::{Contract, ContractExt};

// ANCHOR: code
/// The calls to hello so far.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// The number of calls. It is stored when a call is sent.
    pub calls: u32,
    /// The last greeting, if there was one. It is stored in the callback.
    pub greeting: Option<String>,
}

#[near]
impl Contract {
    /// Asks hello for its greeting, and counts the call.
    pub fn remember_greeting(&mut self) -> Promise {
        enter("remember_greeting");
        self.memory.calls += 1;

        hello::ext(self.partners.hello.clone())
            .with_static_gas(GAS_FOR_HELLO)
            .get_greeting()
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .remember_greeting_callback(),
            )
    }

    /// Stores the greeting and returns it. When the call has failed, this fails too, and the last
    /// greeting stays.
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
        self.memory.greeting = Some(greeting.clone());
        Ok(greeting)
    }

    /// Returns the calls to hello so far.
    pub fn get_memory(&self) -> &Memory {
        &self.memory
    }
}
// ANCHOR_END: code

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_greeting_replaces_the_last_one() {
        let mut contract = Contract::new(None, None, None);
        for greeting in ["Hello", "Howdy"] {
            let result = contract.remember_greeting_callback(Ok(greeting.to_string()));
            assert_eq!(result, Ok(greeting.to_string()));
        }

        assert_eq!(contract.get_memory().greeting.as_deref(), Some("Howdy"));
    }

    #[test]
    fn after_a_failure_the_last_greeting_stays() {
        let mut contract = Contract::new(None, None, None);
        contract.memory.greeting = Some("Hello".to_string());

        let result = contract.remember_greeting_callback(Err(PromiseError::Failed));

        assert!(result.is_err());
        assert_eq!(contract.get_memory().greeting.as_deref(), Some("Hello"));
    }
}
