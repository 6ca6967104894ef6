// ANCHOR: all
//! The function that each method calls first if it changes state or calls another contract.

use near_sdk::{env, log};

/// Logs that `method` runs, and the account that called it.
///
/// The predecessor is the account that counts. A member who signs a transaction for another
/// contract has not voted.
pub fn enter(method: &str) {
    log!("{method} is called by {}", env::predecessor_account_id());
}
// ANCHOR_END: all
