// ANCHOR: all
//! Three contracts in parallel, and their results in one value.

use near_sdk::json_types::U64;
use near_sdk::{AccountId, Gas, Promise, PromiseError, ext_contract, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::partners::{GAS_FOR_COUNTER, GAS_FOR_GUESTBOOK, GAS_FOR_HELLO, counter, hello};
use crate::{Contract, ContractExt};

// ANCHOR: guestbook_pages
/// One more method that we call at the guestbook. Several traits may describe one contract.
#[ext_contract(guestbook_pages)]
pub trait GuestbookPages {
    /// Returns up to `limit` messages, the oldest first, starting at `from_index`.
    fn get_messages(&self, from_index: Option<U64>, limit: Option<U64>) -> Vec<Message>;
}

/// A message as the guestbook returns it.
#[near(serializers = [json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// True if it was paid for.
    pub premium: bool,
    /// The account that sent it.
    pub sender: AccountId,
    /// The text.
    pub text: String,
}
// ANCHOR_END: guestbook_pages

// ANCHOR: limits
/// The longest number that we read, in bytes: `-128`.
pub const MAX_NUMBER_BYTES: usize = 4;

/// The number of messages that we read.
pub const MESSAGES: U64 = U64(3);

/// The longest list of messages that we read, in bytes, as JSON.
pub const MAX_MESSAGES_BYTES: usize = 2_048;

/// The static gas of the callback: 2 Tgas. It reads up to 3,076 bytes and returns them. It burns
/// 0.7.
pub const GAS_FOR_OVERVIEW_CALLBACK: Gas = Gas::from_tgas(2);
// ANCHOR_END: limits

// ANCHOR: overview_type
/// The results of the calls to the three partners.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
pub struct Overview {
    pub greeting: CallResult<String>,
    pub number: CallResult<i8>,
    pub messages: CallResult<Vec<Message>>,
}
// ANCHOR_END: overview_type

// ANCHOR: asks
impl Contract {
    /// Creates the call that reads hello's greeting.
    pub(crate) fn ask_for_greeting(&self) -> Promise {
        hello::ext(self.partners.hello.clone())
            .with_static_gas(GAS_FOR_HELLO)
            .get_greeting()
    }

    /// Creates the call that reads the counter's number.
    pub(crate) fn ask_for_number(&self) -> Promise {
        counter::ext(self.partners.counter.clone())
            .with_static_gas(GAS_FOR_COUNTER)
            .get_num()
    }

    /// Creates the call that reads the guestbook's messages.
    pub(crate) fn ask_for_messages(&self) -> Promise {
        guestbook_pages::ext(self.partners.guestbook.clone())
            .with_static_gas(GAS_FOR_GUESTBOOK)
            .get_messages(None, Some(MESSAGES))
    }
}
// ANCHOR_END: asks

#[near]
impl Contract {
    // ANCHOR: overview
    /// Calls all three partners in parallel, and returns their results when the last one is there.
    pub fn overview(&mut self) -> Promise {
        enter("overview");

        self.ask_for_greeting()
            .and(self.ask_for_number())
            .and(self.ask_for_messages())
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_OVERVIEW_CALLBACK)
                    .overview_callback(),
            )
    }
    // ANCHOR_END: overview

    // ANCHOR: overview_callback
    /// Returns the results of the three calls. The arguments are in the order of the join.
    ///
    /// A call that fails does not affect the results of the others. A value of an unexpected type
    /// does: the macro panics on it, and all results are lost.
    #[private]
    pub fn overview_callback(
        &self,
        #[callback_result(max_bytes = crate::greeting::MAX_GREETING_BYTES)] greeting: Result<
            String,
            PromiseError,
        >,
        #[callback_result(max_bytes = MAX_NUMBER_BYTES)] number: Result<i8, PromiseError>,
        #[callback_result(max_bytes = MAX_MESSAGES_BYTES)] messages: Result<
            Vec<Message>,
            PromiseError,
        >,
    ) -> Overview {
        enter("overview_callback");

        Overview {
            greeting: greeting.into(),
            number: number.into(),
            messages: messages.into(),
        }
    }
    // ANCHOR_END: overview_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::testing_env;

    use super::*;
    use crate::parallel::test_utils::{contract, on_alice, receivers};

    // ANCHOR: test_four_receipts
    #[test]
    fn three_calls_wait_for_nothing_and_the_callback_waits_for_all() {
        testing_env!(on_alice());
        contract().overview().detach();

        assert_eq!(
            receivers(),
            [
                ("bob".to_string(), vec![]),
                ("charlie".to_string(), vec![]),
                ("danny".to_string(), vec![]),
                ("alice".to_string(), vec![0, 1, 2]),
            ]
        );
    }
    // ANCHOR_END: test_four_receipts

    // ANCHOR: test_partial
    #[test]
    fn a_call_that_fails_does_not_affect_the_other_results() {
        let overview =
            contract().overview_callback(Ok(String::new()), Err(PromiseError::Failed), Ok(vec![]));

        assert_eq!(
            overview,
            Overview {
                greeting: CallResult::Value(String::new()),
                number: CallResult::Failed,
                messages: CallResult::Value(vec![]),
            }
        );
    }
    // ANCHOR_END: test_partial

    #[test]
    fn the_lowest_number_fits_into_the_bound() {
        assert_eq!(i8::MIN.to_string().len(), MAX_NUMBER_BYTES);
    }
}
// ANCHOR_END: all
