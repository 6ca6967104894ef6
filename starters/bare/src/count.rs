//! A call to a partner and its callback: ask the guestbook how many messages it has.
//!
//! It takes three receipts in three blocks: the call to us, our call to the guestbook, and the
//! callback.

use near_sdk::{Promise, PromiseError, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_GUESTBOOK, guestbook};
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::{Contract, ContractExt};

/// The longest result that we read, in bytes: the digits of a `u32`. To read megabytes could use up
/// the callback's gas.
pub const MAX_COUNT_BYTES: usize = 10;

#[near]
impl Contract {
    /// Asks the guestbook how many messages it has. The transaction ends with what the callback
    /// returns.
    pub fn count_messages(&mut self) -> Promise {
        enter("count_messages");

        guestbook::ext(self.partners.guestbook.clone())
            .with_static_gas(GAS_FOR_GUESTBOOK)
            .total_messages()
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .count_messages_callback(),
            )
    }

    /// Passes the number on. A guestbook that failed, or that returned no number, is an error here
    /// too.
    #[private]
    #[handle_result]
    pub fn count_messages_callback(
        &self,
        #[callback_result(max_bytes = MAX_COUNT_BYTES)] count: Result<u32, PromiseError>,
    ) -> Result<u32, String> {
        enter("count_messages_callback");

        count.map_err(|error| format!("No number of messages: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{accounts, get_created_receipts};

    use crate::tests::{called_by, contract};

    #[test]
    fn a_count_is_a_call_to_the_guestbook_and_a_callback_that_waits_for_it() {
        called_by(2);
        contract().count_messages().detach();

        let [call, callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(call.receiver_id, accounts(1));
        assert_eq!(callback.receiver_id, accounts(0));
        assert_eq!(callback.receipt_indices, [0], "it waits for the call");
    }
}
