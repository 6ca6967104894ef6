//! Assertions that show the transaction.

/// Asserts something of a transaction, and shows its tree where that does not hold.
///
/// ```no_run
/// # use trace::{Transaction, assert_transaction};
/// # fn check(transaction: &Transaction) {
/// assert_transaction!(transaction, transaction.end.is_ok());
/// assert_transaction!(transaction, transaction.unhandled_failures().is_empty(), "money is lost");
/// # }
/// ```
///
/// # Panics
/// The condition does not hold.
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
