// ANCHOR: all
//! A fan-out: the same call to each contract in a list.

use near_sdk::{AccountId, Gas, Promise, env, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::parallel::overview::MAX_NUMBER_BYTES;
use crate::partners::counter;
use crate::result_of::{ResultOf, read_results};
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// The static gas of one call: 2 Tgas. Our counter needs 0.2 of it. Others may have more code to
/// load.
pub const GAS_FOR_GET_NUM: Gas = Gas::from_tgas(2);

/// The static gas of the callback, without the results: 2 Tgas. It burns 0.5.
pub const GAS_FOR_NUMBERS: Gas = Gas::from_tgas(2);

/// The static gas of the callback for each result: 0.1 Tgas. It burns 0.04.
pub const GAS_PER_NUMBER: Gas = Gas::from_ggas(100);
// ANCHOR_END: gas

#[near]
impl Contract {
    // ANCHOR: numbers_of
    /// Reads the number of each of `counters`, in parallel. At most 128: a callback cannot wait for
    /// more.
    ///
    /// The callback gets the accounts as an argument. A result does not contain the account that
    /// returned it: its index in the join tells.
    pub fn numbers_of(&mut self, counters: Vec<AccountId>) -> Promise {
        enter("numbers_of");

        let gas = GAS_PER_NUMBER.saturating_mul(counters.len() as u64);
        let callback = Self::ext_self()
            .with_static_gas(GAS_FOR_NUMBERS.saturating_add(gas))
            .numbers_of_callback(counters.clone());

        let calls = counters.into_iter().map(|account| {
            counter::ext(account)
                .with_static_gas(GAS_FOR_GET_NUM)
                .with_unused_gas_weight(0)
                .get_num()
        });
        match calls.reduce(Promise::and) {
            Some(all) => all.then(callback),
            None => env::panic_str("Name at least one counter"),
        }
    }
    // ANCHOR_END: numbers_of

    // ANCHOR: numbers_of_callback
    /// Returns each result with the account that was called.
    #[private]
    pub fn numbers_of_callback(&self, counters: Vec<AccountId>) -> Vec<ResultOf<i8>> {
        enter("numbers_of_callback");

        read_results(counters, |index| CallResult::read(index, MAX_NUMBER_BYTES))
    }
    // ANCHOR_END: numbers_of_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;
    use near_sdk::{PromiseResult, testing_env};

    use super::*;
    use crate::parallel::test_utils::{
        after, contract, created_calls, on_alice, receivers, success,
    };

    #[test]
    fn each_counter_is_called_and_the_callback_waits_for_all() {
        testing_env!(on_alice());
        contract()
            .numbers_of(vec![accounts(1), accounts(2), accounts(1)])
            .detach();

        assert_eq!(
            receivers(),
            [
                ("bob".to_string(), vec![]),
                ("charlie".to_string(), vec![]),
                ("bob".to_string(), vec![]),
                ("alice".to_string(), vec![0, 1, 2]),
            ]
        );
    }

    #[test]
    fn the_callback_gets_more_gas_for_more_results() {
        testing_env!(on_alice());
        contract().numbers_of(vec![accounts(1); 20]).detach();

        let callback = created_calls().pop().unwrap();
        assert_eq!(callback.gas, Gas::from_tgas(4));
    }

    #[test]
    #[should_panic(expected = "Name at least one counter")]
    fn an_empty_list_is_refused() {
        testing_env!(on_alice());
        contract().numbers_of(vec![]).detach();
    }

    // ANCHOR: test_whose
    #[test]
    fn a_missing_number_does_not_shift_the_indices_of_the_others() {
        after(vec![success("1"), PromiseResult::Failed, success("3")]);

        let numbers = contract().numbers_of_callback(vec![accounts(1), accounts(2), accounts(3)]);

        let result_of = |account_id, result| ResultOf { account_id, result };
        assert_eq!(
            numbers,
            [
                result_of(accounts(1), CallResult::Value(1)),
                result_of(accounts(2), CallResult::Failed),
                result_of(accounts(3), CallResult::Value(3)),
            ]
        );
    }
    // ANCHOR_END: test_whose
}
// ANCHOR_END: all
