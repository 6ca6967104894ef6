// ANCHOR: all
//! Two changes in parallel, in two contracts, and a callback that compensates when only one has
//! succeeded.
//!
//! A visit is a message in the guestbook and one more on the counter. When one of the two fails,
//! the chain does not revert the other. So the callback undoes it where that is possible: the
//! counter can count down again, but nobody can remove a message from the guestbook.

use near_sdk::{AccountId, Gas, Promise, log, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_COUNTER, GAS_FOR_GUESTBOOK, counter, guestbook};
use crate::promise_results::calls_succeeded;
use crate::{Contract, ContractExt};

// ANCHOR: visit_type
/// The result of a visit. In JSON: `"complete"`, `"taken_back"`, `"not_counted"` or `"nothing"`.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Visit {
    /// Counted, and in the guestbook.
    Complete,
    /// Counted, but not in the guestbook: a call that takes the count back was sent.
    TakenBack,
    /// In the guestbook, but not counted. Nothing can undo that.
    NotCounted,
    /// Neither counted nor in the guestbook.
    Nothing,
}
// ANCHOR_END: visit_type

// ANCHOR: gas
/// The static gas of the callback: 9 Tgas. The call that takes the count back gets 5. The callback
/// itself burns 1.8 of the other 4.
pub const GAS_FOR_VISIT_CALLBACK: Gas = GAS_FOR_COUNTER.saturating_add(Gas::from_tgas(4));
// ANCHOR_END: gas

// ANCHOR: visit_calls
impl Contract {
    /// Creates the two calls and joins them: the counter has index 0, the guestbook index 1.
    ///
    /// Each gets exactly its static gas. With a gas weight of zero it gets no share of the unused
    /// gas: the callback gets all of it, because it may have to compensate.
    pub(crate) fn count_and_sign(&self, text: String) -> Promise {
        let count = counter::ext(self.partners.counter.clone())
            .with_static_gas(GAS_FOR_COUNTER)
            .with_unused_gas_weight(0)
            .increment();
        let sign = guestbook::ext(self.partners.guestbook.clone())
            .with_static_gas(GAS_FOR_GUESTBOOK)
            .with_unused_gas_weight(0)
            .add_message(text);

        count.and(sign)
    }
}
// ANCHOR_END: visit_calls

#[near]
impl Contract {
    // ANCHOR: visit
    /// Sends `text` to the guestbook and counts the visit, in parallel.
    pub fn visit(&mut self, text: String) -> Promise {
        enter("visit");

        self.count_and_sign(text).then(
            Self::ext_self()
                .with_static_gas(GAS_FOR_VISIT_CALLBACK)
                .visit_callback(self.partners.counter.clone()),
        )
    }
    // ANCHOR_END: visit

    // ANCHOR: visit_callback
    /// Takes the count back when the counter has counted and the guestbook has failed. Returns the
    /// result of the visit.
    ///
    /// It decrements the number, and does not restore an old one: others may have counted in
    /// between. And it calls the `counter` that was called before: another may be configured by
    /// now.
    #[private]
    pub fn visit_callback(&mut self, counter: AccountId) -> Visit {
        enter("visit_callback");

        match calls_succeeded()[..] {
            [true, true] => Visit::Complete,
            [true, false] => {
                log!("Takes the visit off {counter}");
                counter::ext(counter)
                    .with_static_gas(GAS_FOR_COUNTER)
                    .with_unused_gas_weight(0)
                    .decrement()
                    .detach();
                Visit::TakenBack
            }
            [false, true] => Visit::NotCounted,
            _ => Visit::Nothing,
        }
    }
    // ANCHOR_END: visit_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::PromiseResult;
    use near_sdk::test_utils::accounts;

    use super::*;
    use crate::parallel::test_utils::{after, contract, created_calls, success};

    // ANCHOR: test_callback
    /// Returns the visit for these promise results, and the calls that the callback creates. The
    /// counter was `eugene` when the visit began, and is `charlie` now.
    fn callback_after(count: PromiseResult, sign: PromiseResult) -> (Visit, Vec<String>) {
        after(vec![count, sign]);
        let visit = contract().visit_callback(accounts(4));
        let calls = created_calls().into_iter();
        let calls = calls.map(|call| format!("{}.{}", call.receiver, call.method));
        (visit, calls.collect())
    }

    #[test]
    fn a_visit_that_is_counted_and_signed_is_complete() {
        assert_eq!(
            callback_after(success(""), success("")),
            (Visit::Complete, vec![])
        );
    }

    #[test]
    fn a_visit_that_is_only_counted_is_taken_back() {
        assert_eq!(
            callback_after(success(""), PromiseResult::Failed),
            (Visit::TakenBack, vec!["eugene.decrement".to_string()])
        );
    }

    #[test]
    fn a_visit_that_is_only_signed_is_not_undone() {
        assert_eq!(
            callback_after(PromiseResult::Failed, success("")),
            (Visit::NotCounted, vec![])
        );
    }

    #[test]
    fn a_visit_that_failed_completely_needs_no_compensation() {
        assert_eq!(
            callback_after(PromiseResult::Failed, PromiseResult::Failed),
            (Visit::Nothing, vec![])
        );
    }
    // ANCHOR_END: test_callback
}
// ANCHOR_END: all
