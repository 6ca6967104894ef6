//! An assertion about a transaction.

/// Asserts a condition about a transaction, and shows the tree of the transaction if the condition is false.
///
/// ```no_run
/// # use trace::{Transaction, assert_transaction};
/// # fn check(transaction: &Transaction) {
/// assert_transaction!(transaction, transaction.result.is_ok());
/// assert_transaction!(transaction, transaction.unhandled_failures().is_empty(), "a failure is not handled");
/// # }
/// ```
///
/// # Panics
/// The condition is false.
#[macro_export]
macro_rules! assert_transaction {
    ($transaction:expr, $condition:expr $(,)?) => {
        $crate::assert_transaction!($transaction, $condition, "{}", stringify!($condition))
    };
    ($transaction:expr, $condition:expr, $($message:tt)+) => {
        if !$condition {
            panic!("{}\n\n{}", format_args!($($message)+), $crate::tree(&$transaction));
        }
    };
}
