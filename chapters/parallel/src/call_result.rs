// ANCHOR: all
//! The result of a call to another contract, as a type that can be stored and returned.

use near_sdk::serde::de::DeserializeOwned;
use near_sdk::{PromiseError, env, near, serde_json};

// ANCHOR: call_result
/// The result of one call. In JSON: `{"value":"Hello"}`, `"failed"`, `{"too_long":5000}`,
/// `"unreadable"`, `{"refused":"out_of_range"}`.
///
/// No value stands for a failure, neither an empty text nor zero: a contract may return those.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
#[derive(Clone, Debug, PartialEq)]
pub enum CallResult<T> {
    /// The value that the call returned.
    Value(T),
    /// A failure. No contract can see its reason.
    Failed,
    /// A value of this many bytes, which is more than we read.
    TooLong(usize),
    /// A value that is not JSON of the expected type.
    Unreadable,
    /// A value of the expected type that a check of ours has refused, for this reason.
    Refused(String),
}

impl<T> From<Result<T, PromiseError>> for CallResult<T> {
    fn from(result: Result<T, PromiseError>) -> Self {
        match result {
            Ok(value) => Self::Value(value),
            Err(PromiseError::TooLong(bytes)) => Self::TooLong(bytes),
            // `PromiseError` is non-exhaustive. Any other kind has no value either.
            Err(_) => Self::Failed,
        }
    }
}
// ANCHOR_END: call_result

// ANCHOR: read
impl<T: DeserializeOwned> CallResult<T> {
    /// Reads, in a callback, the result of the call with this index in the join.
    ///
    /// Never panics, whatever the other contract has done, and reads no value of more than
    /// `max_bytes`. `#[callback_result]` panics on a value that is not of the expected type, and
    /// then the results of all other calls are lost too.
    pub fn read(index: u64, max_bytes: usize) -> Self {
        match env::promise_result_checked(index, max_bytes) {
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Ok(value) => Self::Value(value),
                Err(_) => Self::Unreadable,
            },
            Err(error) => Err(error).into(),
        }
    }
}
// ANCHOR_END: read

// ANCHOR: value
impl<T> CallResult<T> {
    /// Returns the value, if there is one that we accept.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// Refuses a value in which `check` finds a fault.
    pub fn checked(self, check: impl FnOnce(&T) -> Result<(), &'static str>) -> Self {
        match self {
            Self::Value(value) => match check(&value) {
                Ok(()) => Self::Value(value),
                Err(fault) => Self::Refused(fault.to_string()),
            },
            other => other,
        }
    }

    /// Converts the value, if there is one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> CallResult<U> {
        match self {
            Self::Value(value) => CallResult::Value(change(value)),
            Self::Failed => CallResult::Failed,
            Self::TooLong(bytes) => CallResult::TooLong(bytes),
            Self::Unreadable => CallResult::Unreadable,
            Self::Refused(fault) => CallResult::Refused(fault),
        }
    }
}
// ANCHOR_END: value

#[cfg(test)]
mod tests {
    use near_sdk::serde_json::json;
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// Sets the context of a callback that sees these promise results.
    fn after(results: Vec<PromiseResult>) {
        testing_env!(
            VMContextBuilder::new().build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
    }

    fn success(bytes: &[u8]) -> PromiseResult {
        PromiseResult::Successful(bytes.to_vec())
    }

    // ANCHOR: test_read
    /// Returns the result of a call that returned these bytes, read as a text of at most ten bytes.
    fn read(bytes: &[u8]) -> CallResult<String> {
        after(vec![success(bytes)]);
        CallResult::read(0, 10)
    }

    #[test]
    fn json_of_the_expected_type_is_a_value() {
        assert_eq!(read(br#""Hello""#), CallResult::Value("Hello".to_string()));
    }

    #[test]
    fn an_empty_text_is_a_value() {
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
    fn a_value_of_max_bytes_is_read_and_a_longer_one_is_not() {
        assert_eq!(
            read(br#""ten byte""#),
            CallResult::Value("ten byte".to_string())
        );
        assert_eq!(read(br#""ten bytes""#), CallResult::TooLong(11));
    }

    #[test]
    fn a_failed_call_has_no_value() {
        after(vec![PromiseResult::Failed]);

        assert_eq!(CallResult::<String>::read(0, 10), CallResult::Failed);
    }
    // ANCHOR_END: test_read

    #[test]
    fn each_index_has_a_result_of_its_own() {
        after(vec![success(b"1"), PromiseResult::Failed, success(b"3")]);

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
    fn a_result_that_a_macro_has_read_converts_to_the_same_variant() {
        let from = |error| CallResult::<String>::from(Err(error));

        assert_eq!(from(PromiseError::Failed), CallResult::Failed);
        assert_eq!(from(PromiseError::TooLong(17)), CallResult::TooLong(17));
    }

    #[test]
    fn a_number_that_the_type_cannot_hold_is_unreadable() {
        after(vec![success(b"128")]);

        assert_eq!(CallResult::<i8>::read(0, 10), CallResult::Unreadable);
    }

    #[test]
    fn a_check_that_finds_no_fault_changes_nothing() {
        let result = CallResult::Value(1).checked(|_| Ok(()));

        assert_eq!(result, CallResult::Value(1));
    }

    #[test]
    fn a_check_that_finds_a_fault_removes_the_value() {
        let result = CallResult::Value(1).checked(|_| Err("out_of_range"));

        assert_eq!(result, CallResult::Refused("out_of_range".to_string()));
        assert_eq!(result.value(), None);
    }

    #[test]
    fn a_result_without_a_value_is_not_checked() {
        let result = CallResult::<i8>::Failed.checked(|_| Err("out_of_range"));

        assert_eq!(result, CallResult::Failed);
    }

    #[test]
    fn in_json_a_result_is_named_after_its_variant() {
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
