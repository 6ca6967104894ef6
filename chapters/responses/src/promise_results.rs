// ANCHOR: all
//! The results of the calls that a callback waited for.

use near_sdk::{Gas, PromiseError, env};

// ANCHOR: gas
/// Gas for a callback that pays nobody: 5 Tgas. It loads our own code, reads a short answer, and may write
/// a little state.
///
/// This is the least that it gets. What the call leaves over is shared out on top, because
/// near-sdk gives every promise a weight of one unless told otherwise.
pub const GAS_FOR_CALLBACK: Gas = Gas::from_tgas(5);
// ANCHOR_END: gas

// ANCHOR: call_succeeded
/// Returns, in a callback, whether the call before it has an answer. It does not look at the answer.
///
/// An answer that is longer than we care to read (here: longer than nothing) is still an answer.
/// A call that failed has none, and has changed nothing. A call that went through has none either, if
/// it returned a promise that failed. Then what the call changed stays.
pub fn call_succeeded() -> bool {
    has_answer(0)
}

fn has_answer(index: u64) -> bool {
    // Any other error is one of reading an answer that is there.
    !matches!(
        env::promise_result_checked(index, 0),
        Err(PromiseError::Failed)
    )
}
// ANCHOR_END: call_succeeded

// ANCHOR: calls_succeeded
/// Returns the same for each call that the callback waited for, in the order of the join.
pub fn calls_succeeded() -> Vec<bool> {
    (0..env::promise_results_count()).map(has_answer).collect()
}
// ANCHOR_END: calls_succeeded

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// Sets the context of a callback after calls that ended like these.
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
    fn a_call_without_an_answer_succeeded() {
        after(vec![PromiseResult::Successful(Vec::new())]);

        assert!(call_succeeded());
    }

    #[test]
    fn a_call_with_an_answer_succeeded() {
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
