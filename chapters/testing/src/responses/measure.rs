// ANCHOR: all
//! What an answer costs the one who reads it, with a bound and without.

use near_sdk::{AccountId, Gas, Promise, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::partners::hello;
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// Gas for a question that may be answered at length: 200 Tgas. Two million bytes take 140 of them.
pub const GAS_FOR_LONG_ANSWER: Gas = Gas::from_tgas(200);

/// Gas for the callback: 20 Tgas, and not more, so that two measurements can be compared.
pub const GAS_FOR_MEASURE: Gas = Gas::from_tgas(20);
// ANCHOR_END: gas

#[near]
impl Contract {
    // ANCHOR: measure_result
    /// Asks an account for its greeting, and answers how many bytes the text has.
    ///
    /// It reads no answer of more than `max_bytes`. Without `max_bytes` it reads whatever comes, which
    /// is how not to do it. The account gets so much gas that it may answer at length. It is a stranger all
    /// the same, and a weight of zero keeps it at that.
    pub fn measure_result(&mut self, account_id: AccountId, max_bytes: Option<u32>) -> Promise {
        enter("measure_result");

        hello::ext(account_id)
            .with_static_gas(GAS_FOR_LONG_ANSWER)
            .with_unused_gas_weight(0)
            .get_greeting()
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_MEASURE)
                    .with_unused_gas_weight(0)
                    .measure_result_callback(max_bytes),
            )
    }
    // ANCHOR_END: measure_result

    // ANCHOR: measure_result_callback
    /// Reads the answer, and then does what else it has to do: it counts the measurement.
    #[private]
    pub fn measure_result_callback(&mut self, max_bytes: Option<u32>) -> CallResult<usize> {
        enter("measure_result_callback");

        let max_bytes = max_bytes.unwrap_or(u32::MAX) as usize;
        let outcome = CallResult::<String>::read(0, max_bytes);
        self.responses.measured += 1;
        outcome.map(|text| text.len())
    }
    // ANCHOR_END: measure_result_callback

    /// How many measurements have come to their end.
    pub fn get_measurement_count(&self) -> u32 {
        self.responses.measured
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// What the callback says with this bound about an answer of seven bytes, and its count.
    fn measured_with(max_bytes: Option<u32>) -> (CallResult<usize>, u32) {
        let mut contract = Contract::new(None, None, None);
        testing_env!(
            VMContextBuilder::new().build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![PromiseResult::Successful(br#""Hello""#.to_vec())]
        );
        let outcome = contract.measure_result_callback(max_bytes);
        (outcome, contract.get_measurement_count())
    }

    #[test]
    fn an_answer_within_the_bound_is_measured() {
        assert_eq!(measured_with(Some(7)), (CallResult::Value(5), 1));
    }

    #[test]
    fn an_answer_beyond_the_bound_is_counted_all_the_same() {
        assert_eq!(measured_with(Some(6)), (CallResult::TooLong(7), 1));
    }

    #[test]
    fn without_a_bound_everything_is_read() {
        assert_eq!(measured_with(None), (CallResult::Value(5), 1));
    }
}
// ANCHOR_END: all
