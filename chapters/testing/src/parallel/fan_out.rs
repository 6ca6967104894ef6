// ANCHOR: all
//! The same question to as many contracts as the caller likes.

use near_sdk::{AccountId, Gas, Promise, env, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::parallel::overview::MAX_NUMBER_BYTES;
use crate::partners::counter;
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// Gas for one question: 2 Tgas. Our counter needs 0.2 of it. Others may have more code to load.
pub const GAS_FOR_GET_NUM: Gas = Gas::from_tgas(2);

/// Gas for the callback, without the answers: 2 Tgas. 0.5 are enough.
pub const GAS_FOR_NUMBERS: Gas = Gas::from_tgas(2);

/// Gas for one answer more in the callback: 0.1 Tgas. 0.04 are enough.
pub const GAS_PER_NUMBER: Gas = Gas::from_ggas(100);
// ANCHOR_END: gas

// ANCHOR: number_of
/// What one counter says.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
pub struct NumberOf {
    /// Whom we asked.
    pub counter: AccountId,
    /// Its number, or why there is none.
    pub number: CallResult<i8>,
}
// ANCHOR_END: number_of

#[near]
impl Contract {
    // ANCHOR: numbers_of
    /// Asks every one of `counters` for its number, all at once. At most 128: a callback cannot wait
    /// for more.
    ///
    /// The callback gets the accounts as an argument. An answer does not say whose it is; its place
    /// in the join does.
    pub fn numbers_of(&mut self, counters: Vec<AccountId>) -> Promise {
        enter("numbers_of");

        let gas = GAS_PER_NUMBER.saturating_mul(counters.len() as u64);
        let callback = Self::ext_self()
            .with_static_gas(GAS_FOR_NUMBERS.saturating_add(gas))
            .numbers_of_callback(counters.clone());

        let questions = counters.into_iter().map(|account| {
            counter::ext(account)
                .with_static_gas(GAS_FOR_GET_NUM)
                .with_unused_gas_weight(0)
                .get_num()
        });
        match questions.reduce(Promise::and) {
            Some(all) => all.then(callback),
            None => env::panic_str("Name at least one counter"),
        }
    }
    // ANCHOR_END: numbers_of

    // ANCHOR: numbers_of_callback
    /// Puts each answer beside the account that it is from.
    #[private]
    pub fn numbers_of_callback(&self, counters: Vec<AccountId>) -> Vec<NumberOf> {
        enter("numbers_of_callback");

        counters
            .into_iter()
            .zip(0..)
            .map(|(counter, index)| NumberOf {
                counter,
                number: CallResult::read(index, MAX_NUMBER_BYTES),
            })
            .collect()
    }
    // ANCHOR_END: numbers_of_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;
    use near_sdk::{PromiseResult, testing_env};

    use super::*;
    use crate::parallel::test_utils::{
        after, success, contract, on_alice, created_calls, receivers,
    };

    #[test]
    fn every_counter_is_asked_and_the_callback_waits_for_all() {
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
    fn the_callback_gets_more_gas_for_more_answers() {
        testing_env!(on_alice());
        contract().numbers_of(vec![accounts(1); 20]).detach();

        let callback = created_calls().pop().unwrap();
        assert_eq!(callback.gas, Gas::from_tgas(4));
    }

    #[test]
    #[should_panic(expected = "Name at least one counter")]
    fn nobody_to_ask_is_an_error() {
        testing_env!(on_alice());
        contract().numbers_of(vec![]).detach();
    }

    // ANCHOR: test_whose
    #[test]
    fn a_missing_number_does_not_shift_the_others() {
        after(vec![success("1"), PromiseResult::Failed, success("3")]);

        let numbers = contract().numbers_of_callback(vec![accounts(1), accounts(2), accounts(3)]);

        let number_of = |counter, number| NumberOf { counter, number };
        assert_eq!(
            numbers,
            [
                number_of(accounts(1), CallResult::Value(1)),
                number_of(accounts(2), CallResult::Failed),
                number_of(accounts(3), CallResult::Value(3)),
            ]
        );
    }
    // ANCHOR_END: test_whose
}
// ANCHOR_END: all
