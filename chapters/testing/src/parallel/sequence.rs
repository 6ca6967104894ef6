// ANCHOR: all
//! The same overview with one call after the other, which takes more blocks and more gas.

use near_sdk::{Gas, Promise, PromiseError, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::parallel::overview::{self, Message, Overview};
use crate::partners::{GAS_FOR_COUNTER, GAS_FOR_GUESTBOOK};
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// The gas of a callback that calls the next partner, without that call: 5 Tgas, for its own work
/// and the fees of two receipts.
const GAS_FOR_NEXT_CALL: Gas = Gas::from_tgas(5);

/// The static gas of the callback after the counter: 12 Tgas, for itself, the call to the
/// guestbook, and the last callback.
pub const GAS_AFTER_NUMBER: Gas = GAS_FOR_NEXT_CALL
    .saturating_add(GAS_FOR_GUESTBOOK)
    .saturating_add(overview::GAS_FOR_OVERVIEW_CALLBACK);

/// The static gas of the callback after hello: 22 Tgas, for itself, and for all receipts after it.
pub const GAS_AFTER_GREETING: Gas = GAS_FOR_NEXT_CALL
    .saturating_add(GAS_FOR_COUNTER)
    .saturating_add(GAS_AFTER_NUMBER);
// ANCHOR_END: gas

#[near]
impl Contract {
    // ANCHOR: overview_in_sequence
    /// Calls the three partners one after the other, and returns the same as `overview`.
    ///
    /// Each callback passes the results so far to the next one, as arguments. It gets exactly its
    /// static gas, which must be enough for all receipts after it.
    pub fn overview_in_sequence(&mut self) -> Promise {
        enter("overview_in_sequence");

        self.ask_for_greeting().then(
            Self::ext_self()
                .with_static_gas(GAS_AFTER_GREETING)
                .with_unused_gas_weight(0)
                .after_greeting(),
        )
    }

    /// Calls the counter after hello.
    #[private]
    pub fn after_greeting(
        &mut self,
        #[callback_result(max_bytes = crate::greeting::MAX_GREETING_BYTES)] greeting: Result<
            String,
            PromiseError,
        >,
    ) -> Promise {
        enter("after_greeting");

        self.ask_for_number().then(
            Self::ext_self()
                .with_static_gas(GAS_AFTER_NUMBER)
                .with_unused_gas_weight(0)
                .after_number(greeting.into()),
        )
    }

    /// Calls the guestbook after the counter.
    #[private]
    pub fn after_number(
        &mut self,
        greeting: CallResult<String>,
        #[callback_result(max_bytes = overview::MAX_NUMBER_BYTES)] number: Result<i8, PromiseError>,
    ) -> Promise {
        enter("after_number");

        self.ask_for_messages().then(
            Self::ext_self()
                .with_static_gas(overview::GAS_FOR_OVERVIEW_CALLBACK)
                .with_unused_gas_weight(0)
                .after_messages(greeting, number.into()),
        )
    }

    /// Returns the three results after the last call.
    #[private]
    pub fn after_messages(
        &self,
        greeting: CallResult<String>,
        number: CallResult<i8>,
        #[callback_result(max_bytes = overview::MAX_MESSAGES_BYTES)] messages: Result<
            Vec<Message>,
            PromiseError,
        >,
    ) -> Overview {
        enter("after_messages");

        Overview {
            greeting,
            number,
            messages: messages.into(),
        }
    }
    // ANCHOR_END: overview_in_sequence
}

#[cfg(test)]
mod tests {
    use near_sdk::testing_env;

    use super::*;
    use crate::parallel::test_utils::{contract, methods_and_args, on_alice};

    fn pair(method: &str, args: &str) -> (String, String) {
        (method.to_string(), args.to_string())
    }

    #[test]
    fn the_first_callback_passes_the_greeting_to_the_next() {
        testing_env!(on_alice());
        contract().after_greeting(Ok("Hello".to_string())).detach();

        assert_eq!(
            methods_and_args(),
            [
                pair("get_num", ""),
                pair("after_number", r#"{"greeting":{"value":"Hello"}}"#),
            ]
        );
    }

    #[test]
    fn the_second_callback_calls_the_guestbook_when_a_value_is_missing() {
        testing_env!(on_alice());
        let greeting = CallResult::Value("Hello".to_string());
        contract()
            .after_number(greeting, Err(PromiseError::Failed))
            .detach();

        assert_eq!(
            methods_and_args(),
            [
                pair("get_messages", r#"{"from_index":null,"limit":"3"}"#),
                pair(
                    "after_messages",
                    r#"{"greeting":{"value":"Hello"},"number":"failed"}"#
                ),
            ]
        );
    }

    #[test]
    fn the_last_callback_returns_all_three_results() {
        let overview = contract().after_messages(
            CallResult::Value("Hello".to_string()),
            CallResult::Value(0),
            Err(PromiseError::TooLong(5_000)),
        );

        assert_eq!(
            overview,
            Overview {
                greeting: CallResult::Value("Hello".to_string()),
                number: CallResult::Value(0),
                messages: CallResult::TooLong(5_000),
            }
        );
    }
}
// ANCHOR_END: all
