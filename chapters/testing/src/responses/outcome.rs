// ANCHOR: all
//! What becomes of a question to another account: four kinds of end, and a fifth that is ours.

use near_sdk::serde::de::DeserializeOwned;
use near_sdk::{AccountId, PromiseError, env, near, serde_json};

use super::check::Fault;

// ANCHOR: outcome
/// What became of one question. In JSON: `{"answered":"Hello"}`, `"failed"`, `{"too_long":5000}`.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome<T> {
    /// There is an answer, and we take it.
    Answered(T),
    /// The call failed. Why it failed no contract can see.
    Failed,
    /// There is an answer of this many bytes, which is more than we read.
    TooLong(usize),
    /// There is an answer, and it is no JSON of the type that we expect.
    Unreadable,
    /// There is an answer of the right type, and we do not take it, for this reason.
    Refused(Fault),
}
// ANCHOR_END: outcome

// ANCHOR: read
impl<T: DeserializeOwned> Outcome<T> {
    /// In a callback: what became of the call that stands at `place` in the join, counted from zero.
    ///
    /// It never panics, whatever the other account has done. It reads no answer of more than
    /// `max_bytes`.
    pub fn read(place: u64, max_bytes: usize) -> Self {
        let bytes = match env::promise_result_checked(place, max_bytes) {
            Ok(bytes) => bytes,
            Err(PromiseError::TooLong(bytes)) => return Self::TooLong(bytes),
            // `PromiseError` is open for more kinds. None of them would be an answer.
            Err(_) => return Self::Failed,
        };
        match serde_json::from_slice(&bytes) {
            Ok(answer) => Self::Answered(answer),
            Err(_) => Self::Unreadable,
        }
    }
}
// ANCHOR_END: read

// ANCHOR: check
impl<T> Outcome<T> {
    /// The same, but an answer in which `check` finds a fault is refused.
    pub fn checked(self, check: impl FnOnce(&T) -> Result<(), Fault>) -> Self {
        match self {
            Self::Answered(answer) => match check(&answer) {
                Ok(()) => Self::Answered(answer),
                Err(fault) => Self::Refused(fault),
            },
            other => other,
        }
    }

    /// The same, with what `change` makes of the answer.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Answered(answer) => Outcome::Answered(change(answer)),
            Self::Failed => Outcome::Failed,
            Self::TooLong(bytes) => Outcome::TooLong(bytes),
            Self::Unreadable => Outcome::Unreadable,
            Self::Refused(fault) => Outcome::Refused(fault),
        }
    }

    /// The answer, if there is one that we take.
    pub fn answer(&self) -> Option<&T> {
        match self {
            Self::Answered(answer) => Some(answer),
            _ => None,
        }
    }
}
// ANCHOR_END: check

// ANCHOR: outcome_of
/// What became of one of many questions, and whose it is.
#[near(serializers = [json])]
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeOf<T> {
    /// Who was asked.
    pub account_id: AccountId,
    /// What became of it.
    pub outcome: Outcome<T>,
}

/// In a callback of a join: one [`OutcomeOf`] for each account, in the order in which they were asked.
/// `read` reads the result in a place.
///
/// No account is left out, whatever it did. A list without the failures would also have lost the places
/// of the others, and nobody could say whose answer is whose.
pub fn read_outcomes<T>(
    accounts: Vec<AccountId>,
    read: impl Fn(u64) -> Outcome<T>,
) -> Vec<OutcomeOf<T>> {
    (0..)
        .zip(accounts)
        .map(|(place, account_id)| OutcomeOf {
            account_id,
            outcome: read(place),
        })
        .collect()
}
// ANCHOR_END: outcome_of

#[cfg(test)]
mod tests {
    use near_sdk::serde_json::json;
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// The context of a callback after calls that ended like this.
    fn after(results: Vec<PromiseResult>) {
        testing_env!(
            VMContextBuilder::new().build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
    }

    fn answer(bytes: &[u8]) -> PromiseResult {
        PromiseResult::Successful(bytes.to_vec())
    }

    // ANCHOR: test_read
    /// What the callback makes of these bytes, where it expects a text of at most ten bytes.
    fn read(bytes: &[u8]) -> Outcome<String> {
        after(vec![answer(bytes)]);
        Outcome::read(0, 10)
    }

    #[test]
    fn an_answer_of_the_type_is_an_answer() {
        assert_eq!(read(br#""Hello""#), Outcome::Answered("Hello".to_string()));
    }

    #[test]
    fn an_empty_text_is_an_answer() {
        assert_eq!(read(br#""""#), Outcome::Answered(String::new()));
    }

    #[test]
    fn bytes_that_are_no_json_are_unreadable() {
        assert_eq!(read(&[0xff, 0xfe]), Outcome::Unreadable);
    }

    #[test]
    fn json_of_another_type_is_unreadable() {
        assert_eq!(read(b"true"), Outcome::Unreadable);
    }

    #[test]
    fn no_bytes_at_all_are_unreadable() {
        assert_eq!(read(b""), Outcome::Unreadable);
    }

    #[test]
    fn the_bound_is_the_longest_answer_that_is_read() {
        assert_eq!(
            read(br#""ten byte""#),
            Outcome::Answered("ten byte".to_string())
        );
        assert_eq!(read(br#""ten bytes""#), Outcome::TooLong(11));
    }

    #[test]
    fn a_failed_call_is_no_answer() {
        after(vec![PromiseResult::Failed]);

        assert_eq!(Outcome::<String>::read(0, 10), Outcome::Failed);
    }
    // ANCHOR_END: test_read

    #[test]
    fn a_number_that_the_type_cannot_hold_is_unreadable() {
        after(vec![answer(b"128")]);

        assert_eq!(Outcome::<i8>::read(0, 10), Outcome::Unreadable);
    }

    #[test]
    fn a_check_that_finds_no_fault_changes_nothing() {
        let outcome = Outcome::Answered(1).checked(|_| Ok(()));

        assert_eq!(outcome, Outcome::Answered(1));
    }

    #[test]
    fn a_check_that_finds_a_fault_takes_the_answer_away() {
        let outcome = Outcome::Answered(1).checked(|_| Err(Fault::OutOfRange));

        assert_eq!(outcome, Outcome::Refused(Fault::OutOfRange));
        assert_eq!(outcome.answer(), None);
    }

    #[test]
    fn where_there_is_no_answer_nothing_is_checked() {
        let outcome = Outcome::<i8>::Failed.checked(|_| Err(Fault::OutOfRange));

        assert_eq!(outcome, Outcome::Failed);
    }

    // ANCHOR: test_answers
    #[test]
    fn each_answer_keeps_whose_it_is() {
        after(vec![answer(b"1"), PromiseResult::Failed, answer(b"3")]);

        let asked = vec![accounts(0), accounts(1), accounts(2)];
        let answers = read_outcomes(asked, |place| Outcome::read(place, 10));

        assert_eq!(
            answers,
            [
                OutcomeOf {
                    account_id: accounts(0),
                    outcome: Outcome::Answered(1),
                },
                OutcomeOf {
                    account_id: accounts(1),
                    outcome: Outcome::Failed,
                },
                OutcomeOf {
                    account_id: accounts(2),
                    outcome: Outcome::Answered(3),
                },
            ]
        );
    }
    // ANCHOR_END: test_answers

    #[test]
    fn in_json_an_outcome_says_its_name() {
        let outcomes = [
            Outcome::Answered("Hello"),
            Outcome::Failed,
            Outcome::TooLong(5_000),
            Outcome::Unreadable,
            Outcome::Refused(Fault::OutOfRange),
        ];

        assert_eq!(
            serde_json::to_value(outcomes).unwrap(),
            json!([
                { "answered": "Hello" },
                "failed",
                { "too_long": 5_000 },
                "unreadable",
                { "refused": "out_of_range" },
            ])
        );
    }
}
// ANCHOR_END: all
