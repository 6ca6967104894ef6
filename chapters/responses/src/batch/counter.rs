// ANCHOR: all
//! A batch as long as the caller likes: steps for the counter, all of them or none.

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
    /// Sends `steps` to the counter in one receipt, and asks for the number at the end.
    ///
    /// A step that would lead below -128 or above 127 fails, and then none of the steps is done.
    /// A receipt carries 100 actions at most, so 99 steps. Each takes 5 Tgas along, and so does the question.
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
    /// Answers with the number after the last step. When the batch failed there is none, and zero
    /// would be a lie: zero is a number that a counter can have.
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

    /// Our contract on `alice`, with `bob` as the counter.
    fn contract() -> Contract {
        Contract::new(None, Some(accounts(1)), None)
    }

    #[test]
    fn every_step_is_an_action_and_the_question_is_one_more() {
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
    fn the_callback_passes_the_number_on() {
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
