// ANCHOR: all
//! A batch of two calls: change hello's greeting, and read it.

use near_sdk::{Promise, env, log, near, serde_json};

use crate::enter::enter;
use crate::greeting::MAX_GREETING_BYTES;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: set_and_get_greeting
    /// Changes hello's greeting and reads it. Nobody can change it in between.
    ///
    /// `ext` begins a receipt for hello, and `ext_on` adds another action to it.
    pub fn set_and_get_greeting(&mut self, new_greeting: String) -> Promise {
        enter("set_and_get_greeting");

        let set = hello::ext(self.partners.hello.clone())
            .with_static_gas(GAS_FOR_HELLO)
            .set_greeting(new_greeting);
        let set_and_get = hello::ext_on(set)
            .with_static_gas(GAS_FOR_HELLO)
            .get_greeting();

        set_and_get.then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_CALLBACK)
                .set_and_get_greeting_callback(),
        )
    }
    // ANCHOR_END: set_and_get_greeting

    // ANCHOR: set_and_get_greeting_callback
    /// Returns the greeting. A receipt of several actions has one result: that of its last action.
    ///
    /// The callback reads the result without `#[callback_result]`. So it can describe the error
    /// when the result is not a text. The macro would panic.
    #[private]
    #[handle_result]
    pub fn set_and_get_greeting_callback(&self) -> Result<String, String> {
        enter("set_and_get_greeting_callback");
        log!("Results of two actions: {}", env::promise_results_count());

        let result = env::promise_result_checked(0, MAX_GREETING_BYTES)
            .map_err(|error| format!("No greeting: {error}"))?;
        serde_json::from_slice(&result)
            .map_err(|error| format!("The result is not a greeting: {error}"))
    }
    // ANCHOR_END: set_and_get_greeting_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// Returns our contract on `alice`, with `bob` as hello.
    fn contract() -> Contract {
        Contract::new(Some(accounts(1)), None, None)
    }

    /// Returns what the callback returns when it sees this promise result.
    fn callback_after(result: PromiseResult) -> Result<String, String> {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
        contract().set_and_get_greeting_callback()
    }

    // ANCHOR: test_one_receipt
    #[test]
    fn two_calls_are_sent_in_one_receipt() {
        testing_env!(VMContextBuilder::new().build());
        contract()
            .set_and_get_greeting("Howdy".to_string())
            .detach();

        let [batch, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(batch.receiver_id, accounts(1));
        assert_eq!(methods(&batch.actions), ["set_greeting", "get_greeting"]);
        assert_eq!(
            methods(&callback.actions),
            ["set_and_get_greeting_callback"]
        );
    }
    // ANCHOR_END: test_one_receipt

    fn methods(actions: &[MockAction]) -> Vec<String> {
        actions
            .iter()
            .map(|action| match action {
                MockAction::FunctionCallWeight { method_name, .. } => {
                    String::from_utf8(method_name.clone()).unwrap()
                }
                other => panic!("not a function call: {other:?}"),
            })
            .collect()
    }

    // ANCHOR: test_callback
    #[test]
    fn the_callback_returns_the_greeting() {
        let greeting = callback_after(PromiseResult::Successful(br#""Howdy""#.to_vec()));

        assert_eq!(greeting, Ok("Howdy".to_string()));
    }

    #[test]
    fn a_failed_batch_is_not_a_greeting() {
        let greeting = callback_after(PromiseResult::Failed);

        assert_eq!(
            greeting,
            Err("No greeting: promise result failed".to_string())
        );
    }

    #[test]
    fn a_result_that_is_not_a_text_is_not_a_greeting() {
        let greeting = callback_after(PromiseResult::Successful(b"42".to_vec()));

        let error = greeting.expect_err("42 is no text");
        assert!(error.starts_with("The result is not a greeting: invalid type: integer `42`"));
    }

    #[test]
    fn a_result_that_is_too_long_is_not_a_greeting() {
        let greeting = callback_after(PromiseResult::Successful(vec![b'x'; 2_000]));

        assert_eq!(
            greeting,
            Err("No greeting: promise result too long: 2000 bytes".to_string())
        );
    }
    // ANCHOR_END: test_callback
}
// ANCHOR_END: all
