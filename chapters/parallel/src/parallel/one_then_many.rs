// ANCHOR: all
//! One call, and several after it: `then_concurrent` and `join`.

use near_sdk::{Promise, near};

use crate::enter::enter;
use crate::parallel::overview::GAS_FOR_OVERVIEW_CALLBACK;
use crate::partners::{GAS_FOR_HELLO, hello};
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: change_greeting_then_overview
    /// Changes hello's greeting, and then calls all three partners in parallel.
    ///
    /// The three calls wait until the change is done, whether it succeeds or fails: no code of ours
    /// runs in between. `overview_callback` sees the three results, and not the result of the
    /// change.
    pub fn change_greeting_then_overview(&mut self, new_greeting: String) -> Promise {
        enter("change_greeting_then_overview");

        hello::ext(self.partners.hello.clone())
            .with_static_gas(GAS_FOR_HELLO)
            .set_greeting(new_greeting)
            .then_concurrent([
                self.ask_for_greeting(),
                self.ask_for_number(),
                self.ask_for_messages(),
            ])
            .join()
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_OVERVIEW_CALLBACK)
                    .overview_callback(),
            )
    }
    // ANCHOR_END: change_greeting_then_overview
}

#[cfg(test)]
mod tests {
    use near_sdk::testing_env;

    use crate::parallel::test_utils::{contract, on_alice, receivers};

    // ANCHOR: test_receipts
    #[test]
    fn the_calls_wait_for_the_change_and_the_callback_waits_for_the_calls() {
        testing_env!(on_alice());
        contract()
            .change_greeting_then_overview("Howdy".to_string())
            .detach();

        assert_eq!(
            receivers(),
            [
                ("bob".to_string(), vec![]),
                ("bob".to_string(), vec![0]),
                ("charlie".to_string(), vec![0]),
                ("danny".to_string(), vec![0]),
                ("alice".to_string(), vec![1, 2, 3]),
            ]
        );
    }
    // ANCHOR_END: test_receipts
}
// ANCHOR_END: all
