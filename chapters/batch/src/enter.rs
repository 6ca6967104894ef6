// ANCHOR: all
//! The first line of each method that changes something or calls somebody.

use near_sdk::{env, log};

// ANCHOR: enter
/// Writes to the log on whose behalf `method` runs.
///
/// Every method that changes something calls this first. So what is to hold for all methods has one
/// place.
///
/// The signer signed the transaction that started it all, and is the same in every receipt. The
/// predecessor sent this one receipt: the signer at first, later the contract that made the promise.
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
