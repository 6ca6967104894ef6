// ANCHOR: all
//! One result of many, and whose it is.

use near_sdk::{AccountId, near};

use crate::call_result::CallResult;

// ANCHOR: result_of
/// The result of one of many calls, with the account that was called.
#[near(serializers = [json])]
#[derive(Clone, Debug, PartialEq)]
pub struct ResultOf<T> {
    /// Who was asked.
    pub account_id: AccountId,
    /// What became of it.
    pub result: CallResult<T>,
}

/// Returns, in a callback of a join, one [`ResultOf`] for each account, in the order in which they were
/// asked. `read` reads the result with an index.
///
/// No account is left out, whatever it did. A list without the failures would also have lost the indices
/// of the others, and nobody could say whose answer is whose.
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

    // ANCHOR: test_answers
    #[test]
    fn each_result_keeps_whose_it_is() {
        let asked = vec![accounts(0), accounts(1), accounts(2)];
        let results = read_results(asked, |index| match index {
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
    // ANCHOR_END: test_answers
}
// ANCHOR_END: all
