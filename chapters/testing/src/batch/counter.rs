// ANCHOR: all
//! A batch of any length: steps for the counter, all of them or none.

use near_sdk::{Promise, PromiseError, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_COUNTER, counter};
use crate::promise_results::GAS_FOR_CALLBACK;
use crate::{Contract, ContractExt};

// ANCHOR: step
/// One step of the counter, in JSON: `"increment"`, `"decrement"` or `"reset"`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Increment,
    Decrement,
    Reset,
}
// ANCHOR_END: step

#[near]
impl Contract {
    // ANCHOR: count
    /// Sends `steps` to the counter in one receipt, and reads the number at the end.
    ///
    /// A step below -128 or above 127 fails, and then none of the steps is done. A receipt has at
    /// most 100 actions, so at most 99 steps. Each action gets 5 Tgas.
    pub fn count(&mut self, steps: Vec<Step>) -> Promise {
        enter("count");

        let mut batch = Promise::new(self.partners.counter.clone());
        for step in steps {
            let counter = counter::ext_on(batch).with_static_gas(GAS_FOR_COUNTER);
            batch = match step {
                Step::Increment => counter.increment(),
                Step::Decrement => counter.decrement(),
                Step::Reset => counter.reset(),
            };
        }

        counter::ext_on(batch)
            .with_static_gas(GAS_FOR_COUNTER)
            .get_num()
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_CALLBACK)
                    .count_callback(),
            )
    }
    // ANCHOR_END: count

    // ANCHOR: count_callback
    /// Returns the number after the last step. Fails when the batch has failed: no number can stand
    /// for a failure, because a counter can have any number, even zero.
    ///
    /// The longest number is `-128`, which has 4 bytes.
    #[private]
    #[handle_result]
    pub fn count_callback(
        &self,
        #[callback_result(max_bytes = 4)] number: Result<i8, PromiseError>,
    ) -> Result<i8, String> {
        enter("count_callback");

        number.map_err(|error| format!("The counter did not count: {error}"))
    }
    // ANCHOR_END: count_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::testing_env;

    use super::*;

    /// Returns our contract on `alice`, with `bob` as the counter.
    fn contract() -> Contract {
        Contract::new(None, Some(accounts(1)), None)
    }

    #[test]
    fn each_step_is_an_action_and_get_num_is_one_more() {
        testing_env!(VMContextBuilder::new().build());
        contract()
            .count(vec![Step::Reset, Step::Increment, Step::Decrement])
            .detach();

        let [batch, _callback] = &get_created_receipts()[..] else {
            panic!("not two receipts");
        };
        assert_eq!(batch.receiver_id, accounts(1));
        assert_eq!(batch.actions.len(), 4);
    }

    #[test]
    fn the_callback_returns_the_number() {
        assert_eq!(contract().count_callback(Ok(-3)), Ok(-3));
    }

    #[test]
    fn zero_is_a_number() {
        assert_eq!(contract().count_callback(Ok(0)), Ok(0));
    }

    #[test]
    fn a_failed_batch_is_not_a_number() {
        assert_eq!(
            contract().count_callback(Err(PromiseError::Failed)),
            Err("The counter did not count: promise result failed".to_string())
        );
    }
}
// ANCHOR_END: all
