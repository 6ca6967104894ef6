// ANCHOR: all
//! The same overview, one call after the other: what it costs to wait for each.

use near_sdk::{Gas, Promise, PromiseError, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::parallel::overview::{self, Message, Overview};
use crate::partners::{GAS_FOR_COUNTER, GAS_FOR_GUESTBOOK};
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// Gas for a callback that asks the next partner: 5 Tgas. Its own work, and the fees for two receipts.
const GAS_TO_ASK_ON: Gas = Gas::from_tgas(5);

/// Gas for the callback after the counter's answer: 12 Tgas. Its own, and all that comes after it: the
/// call to the guestbook, and the last callback.
pub const GAS_AFTER_NUMBER: Gas = GAS_TO_ASK_ON
    .saturating_add(GAS_FOR_GUESTBOOK)
    .saturating_add(overview::GAS_FOR_OVERVIEW_CALLBACK);

/// Gas for the callback after hello's answer: 22 Tgas. Again its own, and all that comes after it.
pub const GAS_AFTER_GREETING: Gas = GAS_TO_ASK_ON
    .saturating_add(GAS_FOR_COUNTER)
    .saturating_add(GAS_AFTER_NUMBER);
// ANCHOR_END: gas

#[near]
impl Contract {
    // ANCHOR: overview_in_sequence
    /// Asks the three partners one after the other, and answers as `overview` does.
    ///
    /// Each callback keeps what it has heard by passing it on, as an argument of the next one. It gets
    /// exactly its static gas, so that must be enough for the whole rest of the way.
    pub fn overview_in_sequence(&mut self) -> Promise {
        enter("overview_in_sequence");

        self.ask_for_greeting().then(
            Self::ext_self()
                .with_static_gas(GAS_AFTER_GREETING)
                .with_unused_gas_weight(0)
                .after_greeting(),
        )
    }

    /// Hello has answered. Now the counter.
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

    /// The counter has answered. Now the guestbook.
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

    /// The last one has answered.
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
    use crate::parallel::test_utils::{methods_and_args, contract, on_alice};

    fn pair(method: &str, args: &str) -> (String, String) {
        (method.to_string(), args.to_string())
    }

    #[test]
    fn the_first_callback_passes_the_greeting_on() {
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
    fn the_second_callback_asks_on_when_an_answer_is_missing() {
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
    fn the_last_callback_puts_the_answers_together() {
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
