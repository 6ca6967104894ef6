// ANCHOR: all
//! A survey: one result out of the values of many counters, if enough of them return one.

use std::collections::BTreeSet;

use near_sdk::{AccountId, Promise, near, require};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::partners::{GAS_FOR_COUNTER, counter};
use crate::responses::check::check_number;
use crate::responses::greetings::{ask_each, gas_for_results};
use crate::result_of::{ResultOf, read_results};
use crate::{Contract, ContractExt};

// ANCHOR: survey
/// The result of a survey.
#[near(serializers = [json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// The result of each call, in the order of the calls.
    pub results: Vec<ResultOf<i8>>,
    /// The accounts without a value that we accept. A caller may ask them again.
    pub missing: Vec<AccountId>,
    /// The summary of the values, if there are enough of them.
    pub result: SurveyResult,
}

/// The summary of the values, if there are enough of them. In JSON:
/// `{"too_few":{"count":1,"quorum":2}}`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
#[derive(Clone, Debug, PartialEq)]
pub enum SurveyResult {
    /// There are at least as many values as the quorum.
    Numbers(Summary),
    /// There are fewer values than the quorum, so there is no summary.
    TooFew { count: u32, quorum: u32 },
}

/// The summary of some numbers.
#[near(serializers = [json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The number of values.
    pub count: u32,
    /// The smallest.
    pub lowest: i8,
    /// The median. If the count is even, it is the lower one of the two in the middle.
    pub median: i8,
    /// The largest.
    pub highest: i8,
}
// ANCHOR_END: survey

// ANCHOR: summary
impl Summary {
    /// Returns the summary of these numbers, or nothing when there are none.
    fn of(mut numbers: Vec<i8>) -> Option<Self> {
        numbers.sort_unstable();
        let (lowest, highest) = (*numbers.first()?, *numbers.last()?);
        Some(Self {
            count: numbers.len() as u32,
            lowest,
            median: numbers[(numbers.len() - 1) / 2],
            highest,
        })
    }
}
// ANCHOR_END: summary

// ANCHOR: number
/// The longest number that we read, in bytes: `-128`, and some spaces.
const MAX_NUMBER_BYTES: usize = 8;

/// Asks any account for its number.
pub fn ask_for_number(account_id: AccountId) -> Promise {
    counter::ext(account_id)
        .with_static_gas(GAS_FOR_COUNTER)
        .with_unused_gas_weight(0)
        .get_num()
}

/// Reads, in a callback, the number with this index in the join.
pub fn read_number(index: u64) -> CallResult<i8> {
    CallResult::read(index, MAX_NUMBER_BYTES).checked(check_number)
}
// ANCHOR_END: number

#[near]
impl Contract {
    // ANCHOR: survey_numbers
    /// Reads the number of each of these counters. Returns the summary, if at least `quorum` of
    /// them return a number.
    ///
    /// No account may be named twice: it would have two votes.
    pub fn survey_numbers(&mut self, counters: Vec<AccountId>, quorum: u32) -> Promise {
        enter("survey_numbers");

        let different: BTreeSet<_> = counters.iter().collect();
        require!(
            different.len() == counters.len(),
            "Name each account only once"
        );
        require!(
            (1..=counters.len()).contains(&(quorum as usize)),
            "The quorum is at least one, and no more than there are accounts"
        );

        ask_each(&counters, ask_for_number).then(
            Self::ext_self()
                .with_static_gas(gas_for_results(counters.len()))
                .survey_numbers_callback(counters, quorum),
        )
    }
    // ANCHOR_END: survey_numbers

    // ANCHOR: survey_numbers_callback
    /// Returns the results and their summary.
    #[private]
    pub fn survey_numbers_callback(&self, counters: Vec<AccountId>, quorum: u32) -> Survey {
        enter("survey_numbers_callback");

        summarize(read_results(counters, read_number), quorum)
    }
    // ANCHOR_END: survey_numbers_callback
}

// ANCHOR: summarize
/// Returns the summary of these results, and the accounts without a value.
fn summarize(results: Vec<ResultOf<i8>>, quorum: u32) -> Survey {
    let mut numbers = Vec::new();
    let mut missing = Vec::new();
    for of_account in &results {
        match of_account.result.value() {
            Some(number) => numbers.push(*number),
            None => missing.push(of_account.account_id.clone()),
        }
    }
    let count = numbers.len() as u32;
    let result = match Summary::of(numbers) {
        Some(summary) if count >= quorum => SurveyResult::Numbers(summary),
        _ => SurveyResult::TooFew { count, quorum },
    };
    Survey {
        results,
        missing,
        result,
    }
}
// ANCHOR_END: summarize

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::test_utils::accounts;
    use near_sdk::testing_env;

    use super::*;

    fn survey(counters: Vec<AccountId>, quorum: u32) {
        testing_env!(VMContextBuilder::new().build());
        Contract::new(None, None, None)
            .survey_numbers(counters, quorum)
            .detach();
    }

    /// Returns the survey of these results of `alice`, `bob`, `charlie` and so on.
    fn survey_of(results: &[CallResult<i8>], quorum: u32) -> Survey {
        let results = results.iter().enumerate().map(|(index, result)| ResultOf {
            account_id: accounts(index),
            result: result.clone(),
        });
        summarize(results.collect(), quorum)
    }

    fn median(numbers: &[i8]) -> i8 {
        Summary::of(numbers.to_vec()).unwrap().median
    }

    // ANCHOR: test_summarize
    #[test]
    fn a_summary_contains_only_the_values() {
        let survey = survey_of(
            &[
                CallResult::Value(7),
                CallResult::Failed,
                CallResult::Value(-3),
                CallResult::Unreadable,
                CallResult::Value(5),
            ],
            3,
        );

        assert_eq!(
            survey.result,
            SurveyResult::Numbers(Summary {
                count: 3,
                lowest: -3,
                median: 5,
                highest: 7,
            })
        );
        assert_eq!(survey.missing, [accounts(1), accounts(3)]);
    }

    #[test]
    fn with_fewer_values_than_the_quorum_there_is_no_summary() {
        let survey = survey_of(&[CallResult::Value(7), CallResult::Failed], 2);

        assert_eq!(
            survey.result,
            SurveyResult::TooFew {
                count: 1,
                quorum: 2
            }
        );
        assert_eq!(survey.results[0].result, CallResult::Value(7));
    }
    // ANCHOR_END: test_summarize

    #[test]
    fn a_survey_without_a_value_has_no_summary() {
        let survey = survey_of(&[CallResult::Failed], 1);

        assert_eq!(
            survey.result,
            SurveyResult::TooFew {
                count: 0,
                quorum: 1
            }
        );
    }

    #[test]
    fn the_median_is_the_number_in_the_middle() {
        assert_eq!(median(&[9]), 9);
        assert_eq!(median(&[9, 1, 5]), 5);
        assert_eq!(median(&[9, 1, 5, 6]), 5);
    }

    #[test]
    fn one_wrong_value_moves_the_ends_and_not_the_median() {
        let honest = Summary::of(vec![4, 5, 5]).unwrap();
        let with_a_liar = Summary::of(vec![4, 5, 5, 100]).unwrap();

        assert_eq!(with_a_liar.median, honest.median);
        assert_eq!(with_a_liar.highest, 100);
    }

    #[test]
    #[should_panic(expected = "Name each account only once")]
    fn an_account_that_is_named_twice_is_refused() {
        survey(vec![accounts(1), accounts(2), accounts(1)], 1);
    }

    #[test]
    #[should_panic(expected = "The quorum is at least one")]
    fn a_quorum_of_zero_is_refused() {
        survey(vec![accounts(1)], 0);
    }

    #[test]
    #[should_panic(expected = "no more than there are accounts")]
    fn a_quorum_above_the_number_of_accounts_is_refused() {
        survey(vec![accounts(1)], 2);
    }

    #[test]
    #[should_panic(expected = "no more than there are accounts")]
    fn a_survey_of_no_account_is_refused() {
        survey(Vec::new(), 1);
    }

    #[test]
    #[should_panic(expected = "Name 20 accounts at most")]
    fn a_survey_of_too_many_accounts_is_refused() {
        let many = (0..21).map(|number| format!("counter-{number}.near").parse().unwrap());
        survey(many.collect(), 1);
    }

    #[test]
    fn the_longest_number_fits_into_the_bound() {
        assert!(near_sdk::serde_json::to_vec(&i8::MIN).unwrap().len() <= MAX_NUMBER_BYTES);
    }
}
// ANCHOR_END: all
