//! Balances with a deposit.

use near_primitives::account::Account;
use near_primitives::errors::{ActionErrorKind, FunctionCallError};
use near_primitives::types::Balance;

use crate::records::MAX_BALANCE;

/// Returns the balance of an account with a deposit.
///
/// # Errors
/// As [`sum_of_tokens`].
pub(super) fn with_deposit(
    account: &Account,
    deposit: Balance,
) -> Result<Balance, ActionErrorKind> {
    sum_of_tokens(account.amount(), deposit)
}

/// Returns a balance with a deposit.
///
/// # Errors
/// It would be above [`MAX_BALANCE`]: patches can bring in more tokens than there are.
pub(super) fn sum_of_tokens(
    balance: Balance,
    deposit: Balance,
) -> Result<Balance, ActionErrorKind> {
    let sum = balance.checked_add(deposit);
    sum.filter(|sum| *sum <= MAX_BALANCE).ok_or_else(|| {
        ActionErrorKind::FunctionCallError(FunctionCallError::ExecutionError(format!(
            "the receiver would hold more than 2^120 ({}) yoctoNEAR",
            MAX_BALANCE.as_yoctonear()
        )))
    })
}
