//! A visit that returns its result after the compensation.

use near_sdk::{AccountId, Gas, Promise, PromiseOrValue, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_COUNTER, counter};
use crate::promise_results::{call_succeeded, calls_succeeded};
use crate::{Contract, ContractExt};

// ANCHOR: code
/// The final result of a visit.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// Counted, and in the guestbook.
    Complete,
    /// It was counted, and the count was taken back.
    TakenBack,
    /// It is counted and not in the guestbook, and the call that takes the count back has failed.
    Stuck,
    /// In the guestbook, but not counted.
    NotCounted,
    /// Neither counted nor in the guestbook.
    Nothing,
}

/// The static gas of the last callback: 2 Tgas. It only checks one result.
const GAS_FOR_REPORT: Gas = Gas::from_tgas(2);

/// The static gas of the callback that takes the count back: 13 Tgas. The call gets 5, the last
/// callback gets 2, and 6 are for sending both and for its own work.
const GAS_FOR_UNDO: Gas = GAS_FOR_COUNTER
    .saturating_add(GAS_FOR_REPORT)
    .saturating_add(Gas::from_tgas(6));

#[near]
impl Contract {
    /// Sends `text` to the guestbook and counts the visit, in parallel. Returns the result after
    /// the compensation.
    pub fn visit_and_report(&mut self, text: String) -> Promise {
        enter("visit_and_report");

        self.count_and_sign(text).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_UNDO)
                .visit_and_report_callback(self.partners.counter.clone()),
        )
    }

    /// Returns the promise of the compensation, so the transaction returns its result. It calls the
    /// `counter` that was called before: another may be configured by now.
    #[private]
    pub fn visit_and_report_callback(&mut self, counter: AccountId) -> PromiseOrValue<Report> {
        enter("visit_and_report_callback");

        let report = match calls_succeeded()[..] {
            [true, true] => Report::Complete,
            [true, false] => return take_back(counter).into(),
            [false, true] => Report::NotCounted,
            _ => Report::Nothing,
        };
        PromiseOrValue::Value(report)
    }

    /// Returns whether the count was taken back.
    #[private]
    pub fn taken_back_callback(&self) -> Report {
        enter("taken_back_callback");

        if call_succeeded() {
            Report::TakenBack
        } else {
            Report::Stuck
        }
    }
}

fn take_back(counter: AccountId) -> Promise {
    counter::ext(counter)
        .with_static_gas(GAS_FOR_COUNTER)
        .with_unused_gas_weight(0)
        .decrement()
        .then(
            Contract::ext_self()
                .with_static_gas(GAS_FOR_REPORT)
                .taken_back_callback(),
        )
}
// ANCHOR_END: code

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    // ANCHOR: test
    #[test]
    fn a_compensation_that_fails_is_reported() {
        assert_eq!(reported_after(PromiseResult::Failed), Report::Stuck);
    }

    #[test]
    fn a_compensation_that_succeeds_is_reported() {
        let success = PromiseResult::Successful(Vec::new());

        assert_eq!(reported_after(success), Report::TakenBack);
    }
    // ANCHOR_END: test

    fn reported_after(compensation: PromiseResult) -> Report {
        testing_env!(
            VMContextBuilder::new().build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![compensation]
        );
        Contract::new(None, None, None).taken_back_callback()
    }
}
