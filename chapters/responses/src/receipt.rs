// ANCHOR: all
//! What a method can find out about the receipt that it runs in.

use near_sdk::{Gas, PromiseError, env, log};

// ANCHOR: gas
/// Gas for a callback: 5 Tgas. It loads our own code, reads a short answer, and may write a little state
/// and send a transfer.
///
/// This is the least that it gets. What the call leaves over is shared out on top, because
/// near-sdk gives every promise a weight of one unless told otherwise.
pub const GAS_FOR_CALLBACK: Gas = Gas::from_tgas(5);
// ANCHOR_END: gas

// ANCHOR: log_call
/// Writes to the log on whose behalf `method` runs.
///
/// The signer signed the transaction that started it all, and is the same in every receipt. The
/// predecessor sent this one receipt: the signer at first, later the contract that made the promise.
pub fn log_call(method: &str) {
    log!(
        "{method} runs on {}, called by {}, signed by {}",
        env::current_account_id(),
        env::predecessor_account_id(),
        env::signer_account_id()
    );
}
// ANCHOR_END: log_call

// ANCHOR: call_succeeded
/// In a callback: whether the call before it has an answer. It does not look at the answer.
///
/// An answer that is longer than we care to read (here: longer than nothing) is still an answer.
/// A call that failed has none, and has changed nothing. A call that went through has none either, if
/// it returned a promise that failed. Then what the call changed stays.
pub fn call_succeeded() -> bool {
    // Any other error is one of reading an answer that is there.
    !matches!(env::promise_result_checked(0, 0), Err(PromiseError::Failed))
}
// ANCHOR_END: call_succeeded

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_logs};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, VMContext, test_vm_config, testing_env};

    use super::*;

    fn context() -> VMContext {
        VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(1))
            .signer_account_id(accounts(2))
            .build()
    }

    /// The context of a callback after a call that ended like this.
    fn after(result: PromiseResult) {
        testing_env!(
            context(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
    }

    #[test]
    fn the_log_tells_the_three_accounts_apart() {
        testing_env!(context());
        log_call("wave");

        assert_eq!(
            get_logs(),
            ["wave runs on alice, called by bob, signed by charlie"]
        );
    }

    #[test]
    fn a_call_without_an_answer_succeeded() {
        after(PromiseResult::Successful(Vec::new()));

        assert!(call_succeeded());
    }

    #[test]
    fn a_call_with_an_answer_succeeded() {
        after(PromiseResult::Successful(b"\"Hello\"".to_vec()));

        assert!(call_succeeded());
    }

    #[test]
    fn a_call_that_failed_did_not_succeed() {
        after(PromiseResult::Failed);

        assert!(!call_succeeded());
    }
}
// ANCHOR_END: all
