// ANCHOR: all
//! One result of many, with its account.

use near_sdk::{AccountId, near};

use crate::call_result::CallResult;

// ANCHOR: result_of
/// The result of one of many calls, with the account that was called.
#[near(serializers = [json])]
#[derive(Clone, Debug, PartialEq)]
pub struct ResultOf<T> {
    /// The account that was called.
    pub account_id: AccountId,
    /// The result of the call.
    pub result: CallResult<T>,
}

/// Returns, in a callback of a join, one [`ResultOf`] for each account, in the order of the calls.
/// `read` reads the result with an index.
///
/// Failures are in the list too. Without them the indices of the others would shift, and nobody
/// could tell which account returned which value.
pub fn read_results<T>(
    accounts: Vec<AccountId>,
    read: impl Fn(u64) -> CallResult<T>,
) -> Vec<ResultOf<T>> {
    (0..)
        .zip(accounts)
        .map(|(index, account_id)| ResultOf {
            account_id,
            result: read(index),
        })
        .collect()
}
// ANCHOR_END: result_of

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;

    use super::*;

    #[test]
    fn each_result_has_its_account() {
        let called = vec![accounts(0), accounts(1), accounts(2)];
        let results = read_results(called, |index| match index {
            1 => CallResult::Failed,
            _ => CallResult::Value(index),
        });

        let result_of = |account_id, result| ResultOf { account_id, result };
        assert_eq!(
            results,
            [
                result_of(accounts(0), CallResult::Value(0)),
                result_of(accounts(1), CallResult::Failed),
                result_of(accounts(2), CallResult::Value(2)),
            ]
        );
    }
}
// ANCHOR_END: all
