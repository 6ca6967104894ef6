// ANCHOR: all
//! What became of one call among several.

use near_sdk::serde::de::DeserializeOwned;
use near_sdk::{PromiseError, env, near, serde_json};

// ANCHOR: answer
/// An answer, or why there is none. In JSON: `{"answered": 5}`, or `{"missing": "…"}` with the reason.
///
/// A missing answer is neither an empty text nor zero: a partner may well answer with those.
#[near(serializers = [json])]
#[derive(Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Answer<T> {
    Answered(T),
    Missing(String),
}

impl<T> From<Result<T, PromiseError>> for Answer<T> {
    fn from(result: Result<T, PromiseError>) -> Self {
        match result {
            Ok(value) => Self::Answered(value),
            Err(error) => Self::Missing(error.to_string()),
        }
    }
}

impl<T> Answer<T> {
    /// Whether there is none.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_))
    }
}
// ANCHOR_END: answer

// ANCHOR: read
impl<T: DeserializeOwned> Answer<T> {
    /// In a callback: reads the answer of the call that was joined at place `index`, by hand.
    ///
    /// It never panics. `#[callback_result]` does, on an answer that is not what we asked for, and
    /// then the answers of all the others are lost with it.
    pub fn read(index: u64, max_bytes: usize) -> Self {
        let bytes = match env::promise_result_checked(index, max_bytes) {
            Ok(bytes) => bytes,
            Err(error) => return Self::Missing(error.to_string()),
        };
        match serde_json::from_slice(&bytes) {
            Ok(value) => Self::Answered(value),
            Err(error) => Self::Missing(format!("not what we asked for: {error}")),
        }
    }
}
// ANCHOR_END: read

// ANCHOR: call_succeeded_at
/// In a callback: whether the call that was joined at place `index` went through. It does not look at
/// the answer: one that is longer than nothing is an answer too.
pub fn call_succeeded_at(index: u64) -> bool {
    match env::promise_result_checked(index, 0) {
        Ok(_) | Err(PromiseError::TooLong(_)) => true,
        Err(_) => false,
    }
}
// ANCHOR_END: call_succeeded_at

#[cfg(test)]
mod tests {
    use near_sdk::PromiseResult;
    use near_sdk::serde_json::json;

    use super::super::mocked::{after, answer};
    use super::*;

    #[test]
    fn every_place_has_its_own_answer() {
        after(vec![answer("1"), PromiseResult::Failed, answer("3")]);

        let answers: Vec<Answer<i8>> = (0..3).map(|index| Answer::read(index, 4)).collect();

        assert_eq!(
            answers,
            [
                Answer::Answered(1),
                Answer::Missing("promise result failed".to_string()),
                Answer::Answered(3),
            ]
        );
    }

    #[test]
    fn an_answer_of_another_type_is_missing() {
        after(vec![answer("\"one\"")]);

        let Answer::Missing(reason) = Answer::<i8>::read(0, 10) else {
            panic!("\"one\" is no number");
        };
        assert!(reason.starts_with("not what we asked for: invalid type: string \"one\""));
    }

    #[test]
    fn an_answer_that_is_too_long_is_missing() {
        after(vec![answer("12345")]);

        assert_eq!(
            Answer::<i8>::read(0, 4),
            Answer::Missing("promise result too long: 5 bytes".to_string())
        );
    }

    #[test]
    fn a_call_without_an_answer_has_no_number() {
        after(vec![answer("")]);

        let answer = Answer::<i8>::read(0, 4);

        assert!(matches!(answer, Answer::Missing(reason) if reason.contains("EOF")));
    }

    #[test]
    fn an_empty_answer_and_a_missing_one_differ_in_json() {
        let empty = Answer::Answered(String::new());
        let missing: Answer<String> = Err(PromiseError::Failed).into();

        assert_eq!(
            serde_json::to_value([empty, missing]).unwrap(),
            json!([{ "answered": "" }, { "missing": "promise result failed" }])
        );
    }

    #[test]
    fn a_call_succeeded_whatever_it_answered() {
        after(vec![answer(""), PromiseResult::Failed, answer("[1, 2")]);

        assert_eq!([0, 1, 2].map(call_succeeded_at), [true, false, true]);
    }
}
// ANCHOR_END: all
