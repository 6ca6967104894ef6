// ANCHOR: all
//! The gas that it costs to read a value, with a bound and without.

use near_sdk::{AccountId, Gas, Promise, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::partners::hello;
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// The static gas of a call that may return a long value: 200 Tgas. To return two million bytes
/// burns 140.
pub const GAS_FOR_LONG_VALUE: Gas = Gas::from_tgas(200);

/// The gas of the callback: exactly 20 Tgas, so that two measurements can be compared.
pub const GAS_FOR_MEASURE: Gas = Gas::from_tgas(20);
// ANCHOR_END: gas

#[near]
impl Contract {
    // ANCHOR: measure_result
    /// Asks an account for its greeting, and returns the number of bytes of the text.
    ///
    /// It reads no value of more than `max_bytes`. Without `max_bytes` it reads a value of any
    /// length, which is the mistake to measure. The account gets enough gas to return a long value,
    /// but with a gas weight of zero no share of the unused gas.
    pub fn measure_result(&mut self, account_id: AccountId, max_bytes: Option<u32>) -> Promise {
        enter("measure_result");

        hello::ext(account_id)
            .with_static_gas(GAS_FOR_LONG_VALUE)
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
    /// Reads the value, and then counts the measurement. Returns the length.
    #[private]
    pub fn measure_result_callback(&mut self, max_bytes: Option<u32>) -> CallResult<usize> {
        enter("measure_result_callback");

        let max_bytes = max_bytes.unwrap_or(u32::MAX) as usize;
        let result = CallResult::<String>::read(0, max_bytes);
        self.responses.measured += 1;
        result.map(|text| text.len())
    }
    // ANCHOR_END: measure_result_callback

    /// Returns the number of finished measurements.
    pub fn get_measurement_count(&self) -> u32 {
        self.responses.measured
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// Returns what the callback returns for a value of seven bytes with this bound, and the count
    /// after it.
    fn measured_with(max_bytes: Option<u32>) -> (CallResult<usize>, u32) {
        let mut contract = Contract::new(None, None, None);
        testing_env!(
            VMContextBuilder::new().build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![PromiseResult::Successful(br#""Hello""#.to_vec())]
        );
        let result = contract.measure_result_callback(max_bytes);
        (result, contract.get_measurement_count())
    }

    #[test]
    fn a_value_within_the_bound_is_measured() {
        assert_eq!(measured_with(Some(7)), (CallResult::Value(5), 1));
    }

    #[test]
    fn a_measurement_beyond_the_bound_is_counted_too() {
        assert_eq!(measured_with(Some(6)), (CallResult::TooLong(7), 1));
    }

    #[test]
    fn without_a_bound_the_whole_value_is_read() {
        assert_eq!(measured_with(None), (CallResult::Value(5), 1));
    }
}
// ANCHOR_END: all
