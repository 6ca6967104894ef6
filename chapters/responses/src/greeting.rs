// ANCHOR: all
//! The first calls to another contract: ask hello for its greeting, and change it.
//!
//! A call takes three receipts. Ours makes two promises and ends. Hello's runs a block later. Ours, the
//! callback, waits for hello's answer and runs a block after that.

use near_sdk::{Promise, PromiseError, log, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::promise_results::{GAS_FOR_CALLBACK, call_succeeded};
use crate::{Contract, ContractExt};

// ANCHOR: max_greeting
/// The longest greeting that we read, in bytes, as JSON with its quotes.
///
/// Hello's own log bounds its greeting. Another partner has no such bound, and hello may lose it in an
/// upgrade. An answer of megabytes can use up the callback's gas.
pub const MAX_GREETING_BYTES: usize = 1_024;
// ANCHOR_END: max_greeting

#[near]
impl Contract {
    // ANCHOR: query_greeting
    /// Asks hello for its greeting. The transaction ends with what the callback says.
    ///
    /// It changes nothing here, and still takes `&mut self`: near-sdk refuses a deposit for such a
    /// method. For a method with `&self` it would keep the deposit without a word.
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
    /// Hello has answered, or failed. A failure is an error here too: it is no greeting, and no text
    /// can stand for it, because hello may answer with any text, the empty one included.
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
    /// Tells hello to greet with `new_greeting` from now on. Answers whether it does.
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
    /// Hello has the new greeting, or it failed and has the old one. There is nothing in between: hello
    /// returns no promise that could fail in its place.
    ///
    /// The callback itself does not fail. So the transaction succeeds either way, and the caller
    /// reads in the answer what became of the call.
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

    /// Our contract on `alice`, with `bob` as hello.
    fn contract() -> Contract {
        Contract::new(Some(accounts(1)), None, None)
    }

    /// A call to our contract: by a user, or by itself when it is a callback.
    fn called_by(predecessor: usize) -> VMContext {
        VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(predecessor))
            .signer_account_id(accounts(2))
            .build()
    }

    /// The context of a callback after a call that ended like this.
    fn after(result: PromiseResult) {
        testing_env!(
            called_by(0),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
    }

    /// The method that a receipt calls, and the least gas it gets.
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
    fn a_query_is_a_call_to_hello_and_a_callback_that_waits_for_it() {
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
    fn the_callback_passes_the_greeting_on() {
        testing_env!(called_by(0));
        let greeting = contract().query_greeting_callback(Ok("Hello".to_string()));

        assert_eq!(greeting, Ok("Hello".to_string()));
        assert_eq!(
            get_logs(),
            ["query_greeting_callback runs on alice, called by alice, signed by charlie"]
        );
    }

    #[test]
    fn an_empty_greeting_is_an_answer() {
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
    fn the_callback_says_true_when_hello_has_the_new_greeting() {
        let contract = contract();
        after(PromiseResult::Successful(Vec::new()));

        assert!(contract.change_greeting_callback());
    }

    #[test]
    fn the_callback_says_false_when_hello_failed() {
        let contract = contract();
        after(PromiseResult::Failed);

        assert!(!contract.change_greeting_callback());
        assert_eq!(get_logs()[1], "Hello keeps its old greeting");
    }
    // ANCHOR_END: test_change_callback
}
// ANCHOR_END: all
