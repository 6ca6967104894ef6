// ANCHOR: all
//! Helpers of the unit tests of money: the context of a call, and the transfers that a method
//! creates.

use near_sdk::mock::{MockAction, Receipt};
use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
use near_sdk::{AccountId, NearToken, testing_env};

/// Sets the context of a call to our contract on `alice` by `accounts(predecessor)`.
pub fn call_by(predecessor: usize, deposit: NearToken) {
    testing_env!(
        VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(predecessor))
            .attached_deposit(deposit)
            .build()
    );
}

/// Returns the transfers that were created, as receiver and amount.
pub fn transfers() -> Vec<(AccountId, NearToken)> {
    let transfer = |receipt: Receipt| match receipt.actions[..] {
        [MockAction::Transfer { deposit, .. }] => Some((receipt.receiver_id, deposit)),
        _ => None,
    };
    get_created_receipts()
        .into_iter()
        .filter_map(transfer)
        .collect()
}
// ANCHOR_END: all
