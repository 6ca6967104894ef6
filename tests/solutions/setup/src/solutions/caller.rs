//! One result with hello's greeting and the caller.

use near_sdk::{AccountId, Promise, PromiseError, env, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::{Contract, ContractExt};

// ANCHOR: code
/// The greeting of hello, and the caller who asked for it.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
pub struct GreetingFor {
    pub greeting: String,
    pub caller: AccountId,
}

#[near]
impl Contract {
    /// Asks hello for its greeting. Returns it with the caller.
    ///
    /// Only here is the predecessor the caller. In the callback it is this contract. So the
    /// callback gets the caller as an argument.
    pub fn query_greeting_and_caller(&mut self) -> Promise {
        enter("query_greeting_and_caller");

        hello::ext(self.partners.hello.clone())
            .with_static_gas(GAS_FOR_HELLO)
            .get_greeting()
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .query_greeting_and_caller_callback(env::predecessor_account_id()),
            )
    }

    /// Returns the greeting with `caller`. Only this contract can call this, so the argument can be
    /// trusted.
    #[private]
    #[handle_result]
    pub fn query_greeting_and_caller_callback(
        &self,
        caller: AccountId,
        #[callback_result(max_bytes = crate::greeting::MAX_GREETING_BYTES)] greeting: Result<
            String,
            PromiseError,
        >,
    ) -> Result<GreetingFor, String> {
        enter("query_greeting_and_caller_callback");

        match greeting {
            Ok(greeting) => Ok(GreetingFor { greeting, caller }),
            Err(error) => Err(format!("No greeting: {error}")),
        }
    }
}
// ANCHOR_END: code

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::testing_env;

    use super::*;

    /// Returns our contract on `alice`, with `bob` as hello.
    fn contract() -> Contract {
        Contract::new(Some(accounts(1)), None, None)
    }

    // ANCHOR: test
    #[test]
    fn the_callback_gets_the_predecessor_and_not_the_signer() {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(2))
                .signer_account_id(accounts(3))
                .build()
        );
        contract().query_greeting_and_caller().detach();

        let [_call, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        let [MockAction::FunctionCallWeight { args, .. }] = &callback.actions[..] else {
            panic!("not one function call: {callback:?}");
        };
        assert_eq!(args, br#"{"caller":"charlie"}"#);
    }
    // ANCHOR_END: test

    #[test]
    fn a_failed_call_is_not_a_greeting() {
        let result =
            contract().query_greeting_and_caller_callback(accounts(2), Err(PromiseError::Failed));

        assert_eq!(
            result,
            Err("No greeting: promise result failed".to_string())
        );
    }
}
