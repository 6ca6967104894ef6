// ANCHOR: all
//! The result of a call to another contract, as a value that can be kept and passed on.

use near_sdk::serde::de::DeserializeOwned;
use near_sdk::{PromiseError, env, near, serde_json};

// ANCHOR: call_result
/// The result of one call. In JSON: `{"value":"Hello"}`, `"failed"`, `{"too_long":5000}`,
/// `"unreadable"`, `{"refused":"out_of_range"}`.
///
/// A call without an answer is neither an empty text nor zero: a partner may well answer with those.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
#[derive(Clone, Debug, PartialEq)]
pub enum CallResult<T> {
    /// There is an answer, and we take it.
    Value(T),
    /// The call failed. No contract can see why.
    Failed,
    /// There is an answer of this many bytes, which is more than we read.
    TooLong(usize),
    /// There is an answer, and it is no JSON of the type that we expect.
    Unreadable,
    /// There is an answer of the right type, and a check of ours refuses it for this reason.
    Refused(String),
}

impl<T> From<Result<T, PromiseError>> for CallResult<T> {
    fn from(result: Result<T, PromiseError>) -> Self {
        match result {
            Ok(answer) => Self::Value(answer),
            Err(PromiseError::TooLong(bytes)) => Self::TooLong(bytes),
            // `PromiseError` is open for more kinds. None of them would be an answer.
            Err(_) => Self::Failed,
        }
    }
}
// ANCHOR_END: call_result

// ANCHOR: read
impl<T: DeserializeOwned> CallResult<T> {
    /// Reads, in a callback, the result of the call with this index in the join.
    ///
    /// It never panics, whatever the other contract has done, and it reads no answer of more than
    /// `max_bytes`. `#[callback_result]` panics on an answer that is not of the expected type, and then
    /// the answers of all the others are lost with it.
    pub fn read(index: u64, max_bytes: usize) -> Self {
        match env::promise_result_checked(index, max_bytes) {
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Ok(answer) => Self::Value(answer),
                Err(_) => Self::Unreadable,
            },
            Err(error) => Err(error).into(),
        }
    }
}
// ANCHOR_END: read

// ANCHOR: answer
impl<T> CallResult<T> {
    /// Returns the answer, if there is one that we take.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(answer) => Some(answer),
            _ => None,
        }
    }

    /// Refuses an answer in which `check` finds a fault.
    pub fn checked(self, check: impl FnOnce(&T) -> Result<(), &'static str>) -> Self {
        match self {
            Self::Value(answer) => match check(&answer) {
                Ok(()) => Self::Value(answer),
                Err(fault) => Self::Refused(fault.to_string()),
            },
            other => other,
        }
    }

    /// Changes the answer, if there is one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> CallResult<U> {
        match self {
            Self::Value(answer) => CallResult::Value(change(answer)),
            Self::Failed => CallResult::Failed,
            Self::TooLong(bytes) => CallResult::TooLong(bytes),
            Self::Unreadable => CallResult::Unreadable,
            Self::Refused(fault) => CallResult::Refused(fault),
        }
    }
}
// ANCHOR_END: answer

#[cfg(test)]
mod tests {
    use near_sdk::serde_json::json;
    use near_sdk::test_utils::VMContextBuilder;
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
    fn read(bytes: &[u8]) -> CallResult<String> {
        after(vec![answer(bytes)]);
        CallResult::read(0, 10)
    }

    #[test]
    fn an_answer_of_the_type_is_an_answer() {
        assert_eq!(read(br#""Hello""#), CallResult::Value("Hello".to_string()));
    }

    #[test]
    fn an_empty_text_is_an_answer() {
        assert_eq!(read(br#""""#), CallResult::Value(String::new()));
    }

    #[test]
    fn bytes_that_are_no_json_are_unreadable() {
        assert_eq!(read(&[0xff, 0xfe]), CallResult::Unreadable);
    }

    #[test]
    fn json_of_another_type_is_unreadable() {
        assert_eq!(read(b"true"), CallResult::Unreadable);
    }

    #[test]
    fn no_bytes_at_all_are_unreadable() {
        assert_eq!(read(b""), CallResult::Unreadable);
    }

    #[test]
    fn the_bound_is_the_longest_answer_that_is_read() {
        assert_eq!(
            read(br#""ten byte""#),
            CallResult::Value("ten byte".to_string())
        );
        assert_eq!(read(br#""ten bytes""#), CallResult::TooLong(11));
    }

    #[test]
    fn a_failed_call_is_no_answer() {
        after(vec![PromiseResult::Failed]);

        assert_eq!(CallResult::<String>::read(0, 10), CallResult::Failed);
    }
    // ANCHOR_END: test_read

    #[test]
    fn each_index_has_a_result_of_its_own() {
        after(vec![answer(b"1"), PromiseResult::Failed, answer(b"3")]);

        let results = [0, 1, 2].map(|index| CallResult::<i8>::read(index, 4));

        assert_eq!(
            results,
            [
                CallResult::Value(1),
                CallResult::Failed,
                CallResult::Value(3)
            ]
        );
    }

    #[test]
    fn a_result_that_a_macro_has_read_is_the_same() {
        let from = |error| CallResult::<String>::from(Err(error));

        assert_eq!(from(PromiseError::Failed), CallResult::Failed);
        assert_eq!(from(PromiseError::TooLong(17)), CallResult::TooLong(17));
    }

    #[test]
    fn a_number_that_the_type_cannot_hold_is_unreadable() {
        after(vec![answer(b"128")]);

        assert_eq!(CallResult::<i8>::read(0, 10), CallResult::Unreadable);
    }

    #[test]
    fn a_check_that_finds_no_fault_changes_nothing() {
        let result = CallResult::Value(1).checked(|_| Ok(()));

        assert_eq!(result, CallResult::Value(1));
    }

    #[test]
    fn a_check_that_finds_a_fault_takes_the_answer_away() {
        let result = CallResult::Value(1).checked(|_| Err("out_of_range"));

        assert_eq!(result, CallResult::Refused("out_of_range".to_string()));
        assert_eq!(result.value(), None);
    }

    #[test]
    fn where_there_is_no_answer_nothing_is_checked() {
        let result = CallResult::<i8>::Failed.checked(|_| Err("out_of_range"));

        assert_eq!(result, CallResult::Failed);
    }

    #[test]
    fn in_json_a_result_says_its_name() {
        let results = [
            CallResult::Value("Hello"),
            CallResult::Failed,
            CallResult::TooLong(5_000),
            CallResult::Unreadable,
            CallResult::Refused("out_of_range".to_string()),
        ];

        assert_eq!(
            serde_json::to_value(results).unwrap(),
            json!([
                { "value": "Hello" },
                "failed",
                { "too_long": 5_000 },
                "unreadable",
                { "refused": "out_of_range" },
            ])
        );
    }
}
// ANCHOR_END: all
