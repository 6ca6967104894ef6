//! Amounts in error messages. They have common spaces, because a message is not only shown in a tree.

use near_primitives::types::Balance;

use crate::text::{self, NO_BREAK_SPACE};

/// Formats an amount: exactly if that is short, and rounded otherwise.
pub fn near(amount: Balance) -> String {
    text::short_near(amount).replace(NO_BREAK_SPACE, " ")
}

/// Formats two amounts: exactly if the rounded ones look equal and are not.
pub fn near_pair(one: Balance, other: Balance) -> [String; 2] {
    match [near(one), near(other)] {
        [first, second] if first == second && one != other => {
            [one, other].map(|amount| text::near(amount).replace(NO_BREAK_SPACE, " "))
        }
        rounded => rounded,
    }
}

/// Describes the lack of a balance that covers the storage of an account.
pub fn lacks_for_storage(account: &str, amount: Balance) -> String {
    format!(
        "The account {account} wouldn't have enough balance to cover storage, required to have {} more",
        near(amount)
    )
}
