//! A survey whose result is the number of the majority.

use std::collections::{BTreeMap, BTreeSet};

use near_sdk::{AccountId, Promise, near, require};

use crate::enter::enter;
use crate::responses::greetings::{ask_each, gas_for_results};
use crate::responses::survey::{ask_for_number, read_number};
use crate::result_of::read_results;
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Reads the number of each of these counters. Returns the number that more than half of them
    /// have, or nothing.
    pub fn survey_majority(&mut self, counters: Vec<AccountId>) -> Promise {
        enter("survey_majority");

        let different: BTreeSet<_> = counters.iter().collect();
        require!(
            different.len() == counters.len(),
            "Name each account only once"
        );
        ask_each(&counters, ask_for_number).then(
            Self::ext_self()
                .with_static_gas(gas_for_results(counters.len()))
                .survey_majority_callback(counters),
        )
    }

    /// Returns the number of the majority, or nothing.
    #[private]
    pub fn survey_majority_callback(&self, counters: Vec<AccountId>) -> Option<i8> {
        enter("survey_majority_callback");

        let results = read_results(counters, read_number);
        let numbers = results
            .iter()
            .map(|of_account| of_account.result.value().copied());
        majority(&numbers.collect::<Vec<_>>())
    }
}

/// Returns the number that more than half of all accounts have. A missing number is no vote.
fn majority(numbers: &[Option<i8>]) -> Option<i8> {
    let mut votes = BTreeMap::new();
    for number in numbers.iter().flatten() {
        *votes.entry(*number).or_insert(0) += 1;
    }
    votes
        .into_iter()
        .find(|(_, votes)| 2 * votes > numbers.len())
        .map(|(number, _)| number)
}
// ANCHOR_END: code

#[cfg(test)]
mod tests {
    use super::*;

    // ANCHOR: test
    #[test]
    fn more_than_half_of_all_accounts_is_a_majority() {
        assert_eq!(majority(&[Some(5), Some(5), Some(9)]), Some(5));
        assert_eq!(majority(&[Some(5), Some(5), None]), Some(5));
    }

    #[test]
    fn half_of_all_accounts_is_no_majority() {
        assert_eq!(majority(&[Some(5), Some(5), Some(9), Some(9)]), None);
        assert_eq!(majority(&[Some(5), None]), None);
    }

    #[test]
    fn a_single_number_among_failures_is_no_majority() {
        assert_eq!(majority(&[Some(100), None, None]), None);
    }
    // ANCHOR_END: test
}
