// ANCHOR: all
//! The function that each method calls first if it changes state or calls another contract.

use near_sdk::{env, log};

// ANCHOR: enter
/// Logs that `method` runs, with the three accounts.
///
/// Each method that changes state or calls another contract calls this first. So a rule for all
/// methods has one place.
///
/// The signer signed the transaction, and is the same in all of its receipts. The predecessor sent
/// this receipt: the signer sends the first one, and a contract sends each receipt of a promise.
pub fn enter(method: &str) {
    log!(
        "{method} runs on {}, called by {}, signed by {}",
        env::current_account_id(),
        env::predecessor_account_id(),
        env::signer_account_id()
    );
}
// ANCHOR_END: enter

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_logs};
    use near_sdk::testing_env;

    use super::*;

    #[test]
    fn the_log_tells_the_three_accounts_apart() {
        let context = VMContextBuilder::new()
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(1))
            .signer_account_id(accounts(2))
            .build();
        testing_env!(context);
        enter("query_greeting");

        assert_eq!(
            get_logs(),
            ["query_greeting runs on alice, called by bob, signed by charlie"]
        );
    }
}
// ANCHOR_END: all
