// ANCHOR: all
//! The first calls to another contract: read hello's greeting, and change it.
//!
//! A call takes three receipts. The first runs our method, which creates two promises and ends. The
//! second runs hello's method, one block later. The third runs our callback, one block after
//! hello's result is there.

use near_sdk::{Promise, PromiseError, log, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::{Contract, ContractExt};

// ANCHOR: max_greeting
/// The longest greeting that we read, in bytes, as JSON with its quotes.
///
/// Hello writes its greeting to the log, which limits its length. Another contract may have no such
/// limit, and an upgrade may remove hello's. To read a value of megabytes can use up the callback's
/// gas.
pub const MAX_GREETING_BYTES: usize = 1_024;
// ANCHOR_END: max_greeting

#[near]
impl Contract {
    // ANCHOR: query_greeting
    /// Asks hello for its greeting. The transaction returns what the callback returns.
    ///
    /// The method changes nothing here, and still takes `&mut self`: near-sdk refuses a deposit for
    /// such a method. In a method with `&self` it accepts the deposit, and the contract keeps it.
    pub fn query_greeting(&mut self) -> Promise {
        enter("query_greeting");

        hello::ext(self.partners.hello.clone())
            .with_static_gas(GAS_FOR_HELLO)
            .get_greeting()
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .query_greeting_callback(),
            )
    }
    // ANCHOR_END: query_greeting

    // ANCHOR: query_greeting_callback
    /// Returns hello's greeting. Fails when hello has failed: no text can stand for a failure,
    /// because hello may return any text, even the empty one.
    #[private]
    #[handle_result]
    pub fn query_greeting_callback(
        &self,
        #[callback_result(max_bytes = MAX_GREETING_BYTES)] greeting: Result<String, PromiseError>,
    ) -> Result<String, String> {
        enter("query_greeting_callback");

        greeting.map_err(|error| format!("No greeting: {error}"))
    }
    // ANCHOR_END: query_greeting_callback

    // ANCHOR: change_greeting
    /// Sets hello's greeting to `new_greeting`. Returns whether hello has accepted it.
    pub fn change_greeting(&mut self, new_greeting: String) -> Promise {
        enter("change_greeting");

        hello::ext(self.partners.hello.clone())
            .with_static_gas(GAS_FOR_HELLO)
            .set_greeting(new_greeting)
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .change_greeting_callback(),
            )
    }
    // ANCHOR_END: change_greeting

    // ANCHOR: change_greeting_callback
    /// Returns whether hello has the new greeting. If it failed, it has the old one: `set_greeting`
    /// returns no promise that could fail after the greeting has changed.
    ///
    /// The callback itself does not fail. So the transaction succeeds in both cases, and the caller
    /// reads the result of the call in the returned value.
    #[private]
    pub fn change_greeting_callback(&self) -> bool {
        enter("change_greeting_callback");

        let changed = call_succeeded();
        if !changed {
            log!("Hello keeps its old greeting");
        }
        changed
    }
    // ANCHOR_END: change_greeting_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::{MockAction, Receipt};
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts, get_logs};
    use near_sdk::{Gas, PromiseResult, RuntimeFeesConfig, VMContext, test_vm_config, testing_env};

    use super::*;

    /// Returns our contract on `alice`, with `bob` as hello.
    fn contract() -> Contract {
        Contract::new(Some(accounts(1)), None, None)
    }

    /// Returns the context of a call to our contract: by a user, or by itself when it is a
    /// callback.
    fn called_by(predecessor: usize) -> VMContext {
        VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(predecessor))
            .signer_account_id(accounts(2))
            .build()
    }

    /// Sets the context of a callback that sees this promise result.
    fn after(result: PromiseResult) {
        testing_env!(
            called_by(0),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
    }

    /// Returns the method that a receipt calls, and its static gas.
    fn method_and_gas(receipt: &Receipt) -> (String, Gas) {
        let [
            MockAction::FunctionCallWeight {
                method_name,
                prepaid_gas,
                ..
            },
        ] = &receipt.actions[..]
        else {
            panic!("not one function call: {receipt:?}");
        };
        let method_name = String::from_utf8(method_name.clone()).unwrap();
        (method_name, *prepaid_gas)
    }

    // ANCHOR: test_two_receipts
    #[test]
    fn a_query_creates_a_call_to_hello_and_a_callback_that_waits_for_it() {
        testing_env!(called_by(2));
        contract().query_greeting().detach();

        let [call, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(call.receiver_id, accounts(1));
        assert_eq!(
            method_and_gas(call),
            ("get_greeting".to_string(), GAS_FOR_HELLO)
        );
        assert_eq!(callback.receiver_id, accounts(0));
        assert_eq!(
            method_and_gas(callback),
            ("query_greeting_callback".to_string(), GAS_FOR_CALLBACK)
        );
        assert_eq!(callback.receipt_indices, [0], "it waits for the call");
    }
    // ANCHOR_END: test_two_receipts

    #[test]
    fn the_callback_returns_the_greeting() {
        testing_env!(called_by(0));
        let greeting = contract().query_greeting_callback(Ok("Hello".to_string()));

        assert_eq!(greeting, Ok("Hello".to_string()));
        assert_eq!(
            get_logs(),
            ["query_greeting_callback runs on alice, called by alice, signed by charlie"]
        );
    }

    #[test]
    fn an_empty_greeting_is_a_greeting() {
        let greeting = contract().query_greeting_callback(Ok(String::new()));

        assert_eq!(greeting, Ok(String::new()));
    }

    #[test]
    fn a_failed_call_is_not_a_greeting() {
        let greeting = contract().query_greeting_callback(Err(PromiseError::Failed));

        assert_eq!(
            greeting,
            Err("No greeting: promise result failed".to_string())
        );
    }

    #[test]
    fn a_greeting_that_is_too_long_is_an_error() {
        let greeting = contract().query_greeting_callback(Err(PromiseError::TooLong(2_000)));

        assert_eq!(
            greeting,
            Err("No greeting: promise result too long: 2000 bytes".to_string())
        );
    }

    // ANCHOR: test_change_callback
    #[test]
    fn the_callback_returns_true_when_hello_has_the_new_greeting() {
        let contract = contract();
        after(PromiseResult::Successful(Vec::new()));

        assert!(contract.change_greeting_callback());
    }

    #[test]
    fn the_callback_returns_false_when_hello_failed() {
        let contract = contract();
        after(PromiseResult::Failed);

        assert!(!contract.change_greeting_callback());
        assert_eq!(get_logs()[1], "Hello keeps its old greeting");
    }
    // ANCHOR_END: test_change_callback
}
// ANCHOR_END: all
