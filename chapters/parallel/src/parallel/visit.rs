// ANCHOR: all
//! Two changes at once, in two contracts, and a callback that puts right what only half happened.
//!
//! A visit is a message in the guestbook and one more on the counter. The chain does not keep the two
//! together. What it does not undo, the callback does, as far as that can be done at all: the counter
//! counts down again, but nobody can take a message out of the guestbook.

use near_sdk::{AccountId, Gas, Promise, log, near};

use crate::enter::enter;
use crate::partners::{GAS_FOR_COUNTER, GAS_FOR_GUESTBOOK, counter, guestbook};
use crate::promise_results::calls_succeeded;
use crate::{Contract, ContractExt};

// ANCHOR: visit_type
/// What became of a visit. In JSON: `"complete"`, `"taken_back"`, `"not_counted"` or `"nothing"`.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Visit {
    /// Counted, and in the guestbook.
    Complete,
    /// Counted, but not in the guestbook: the count is being taken back.
    TakenBack,
    /// In the guestbook, but not counted. That stays so.
    NotCounted,
    /// Neither.
    Nothing,
}
// ANCHOR_END: visit_type

// ANCHOR: gas
/// Gas for the callback: 9 Tgas. What the call that takes the count back gets, and 4 Tgas for sending it
/// and for its own work. Of those, 1.8 are enough.
pub const GAS_FOR_VISIT_CALLBACK: Gas = GAS_FOR_COUNTER.saturating_add(Gas::from_tgas(4));
// ANCHOR_END: gas

// ANCHOR: visit_calls
impl Contract {
    /// The two changes, joined: the counter has index 0, the guestbook index 1.
    ///
    /// Each gets exactly its static gas. With a weight of zero it has no share in what is left over:
    /// all of that goes to the callback, which may have something to put right.
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
    /// Leaves `text` in the guestbook and counts the visit, at once.
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
    /// Both have ended, each for itself. A visit that is counted, but not in the guestbook, is taken back.
    ///
    /// It takes one away. It does not write back an old number: by now others may have counted too.
    /// And it takes it off the `counter` that was called: by now another may be configured.
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
    use crate::parallel::test_utils::{after, success, contract, created_calls};

    // ANCHOR: test_callback
    /// What the callback says after two calls that ended like these, and which methods it calls on whom.
    /// The counter was `eugene` when the calls left, and is `charlie` by now.
    fn callback_after(count: PromiseResult, sign: PromiseResult) -> (Visit, Vec<String>) {
        after(vec![count, sign]);
        let visit = contract().visit_callback(accounts(4));
        let calls = created_calls().into_iter();
        let calls = calls.map(|made| format!("{}.{}", made.receiver, made.method));
        (visit, calls.collect())
    }

    fn success() -> PromiseResult {
        success("")
    }

    #[test]
    fn a_visit_that_is_counted_and_signed_is_complete() {
        assert_eq!(
            callback_after(success(), success()),
            (Visit::Complete, vec![])
        );
    }

    #[test]
    fn a_visit_that_is_only_counted_is_taken_back() {
        assert_eq!(
            callback_after(success(), PromiseResult::Failed),
            (Visit::TakenBack, vec!["eugene.decrement".to_string()])
        );
    }

    #[test]
    fn a_visit_that_is_only_signed_stays_so() {
        assert_eq!(
            callback_after(PromiseResult::Failed, success()),
            (Visit::NotCounted, vec![])
        );
    }

    #[test]
    fn where_nothing_happened_there_is_nothing_to_undo() {
        assert_eq!(
            callback_after(PromiseResult::Failed, PromiseResult::Failed),
            (Visit::Nothing, vec![])
        );
    }
    // ANCHOR_END: test_callback
}
// ANCHOR_END: all
