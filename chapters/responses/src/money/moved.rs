// ANCHOR: all
//! Whether money has moved: the first question of every callback that has money to settle.
//!
//! A receipt that fails gives its deposits back, and one that goes through keeps them. But a callback
//! sees the *answer* to a call, and that is something else. A method may go through, keep the deposit,
//! and hand its answer over to a promise that fails later. Then the callback sees a failure, and no
//! money has come back.

use near_sdk::{PromiseError, env};

pub use crate::batch::deposit::without_answer;

// ANCHOR: went_through
/// In a callback: which of the receipts that it waited for went through, in the order of the join.
pub fn went_through() -> Vec<bool> {
    (0..env::promise_results_count())
        .map(|index| match env::promise_result_checked(index, 0) {
            Ok(_) | Err(PromiseError::TooLong(_)) => true,
            Err(_) => false,
        })
        .collect()
}
// ANCHOR_END: went_through

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// The context of a callback after receipts that ended like this.
    fn after(results: Vec<PromiseResult>) {
        testing_env!(
            VMContextBuilder::new().build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            results
        );
    }

    #[test]
    fn the_receipts_are_told_in_their_order() {
        after(vec![
            PromiseResult::Successful(Vec::new()),
            PromiseResult::Failed,
            PromiseResult::Successful(b"long".to_vec()),
        ]);

        assert_eq!(went_through(), [true, false, true]);
    }

    #[test]
    fn without_receipts_there_is_nothing_to_tell() {
        after(Vec::new());

        assert!(went_through().is_empty());
    }
}
// ANCHOR_END: all
