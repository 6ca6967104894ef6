// ANCHOR: all
//! The promise results that a callback sees.

use near_sdk::{Gas, PromiseError, env};

// ANCHOR: gas
/// The static gas of a callback that pays nobody: 5 Tgas. It loads our code, reads a short value,
/// and may write a little state.
///
/// The callback gets at least this. It also gets a share of the gas that the method leaves unused,
/// because near-sdk gives each promise a gas weight of one unless `with_unused_gas_weight` sets
/// another.
pub const GAS_FOR_CALLBACK: Gas = Gas::from_tgas(5);
// ANCHOR_END: gas

// ANCHOR: call_succeeded
/// Returns, in a callback, whether the call before it succeeded. Does not read the value that it
/// returned.
///
/// A call that failed has changed nothing. There is one exception: a method can succeed and return
/// a promise, and that promise can fail. Its result is a failure too, and what the method has
/// changed stays.
pub fn call_succeeded() -> bool {
    succeeded(0)
}

fn succeeded(index: u64) -> bool {
    // Any other error is about a value that is there: here it is longer than the zero bytes that we
    // read.
    !matches!(
        env::promise_result_checked(index, 0),
        Err(PromiseError::Failed)
    )
}
// ANCHOR_END: call_succeeded

// ANCHOR: calls_succeeded
/// Returns the same for each call that the callback waited for, in the order of the join.
pub fn calls_succeeded() -> Vec<bool> {
    (0..env::promise_results_count()).map(succeeded).collect()
}
// ANCHOR_END: calls_succeeded

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// Sets the context of a callback that sees these promise results.
    fn after(results: Vec<PromiseResult>) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
    }

    #[test]
    fn a_call_that_returned_nothing_succeeded() {
        after(vec![PromiseResult::Successful(Vec::new())]);

        assert!(call_succeeded());
    }

    #[test]
    fn a_call_that_returned_a_value_succeeded() {
        after(vec![PromiseResult::Successful(b"\"Hello\"".to_vec())]);

        assert!(call_succeeded());
    }

    #[test]
    fn a_call_that_failed_did_not_succeed() {
        after(vec![PromiseResult::Failed]);

        assert!(!call_succeeded());
    }

    #[test]
    fn each_call_of_a_join_has_a_result_of_its_own() {
        after(vec![
            PromiseResult::Successful(Vec::new()),
            PromiseResult::Failed,
            PromiseResult::Successful(b"17".to_vec()),
        ]);

        assert_eq!(calls_succeeded(), [true, false, true]);
    }
}
// ANCHOR_END: all
