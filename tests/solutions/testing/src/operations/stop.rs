//! Single methods that the owner can stop, while the others still run.

use std::collections::BTreeSet;

use near_sdk::{log, near, require};

use crate::operations::guard::ALWAYS_OPEN;
use crate::operations::ownership::require_owner;
use crate::operations::record::Record;
use crate::{Contract, ContractExt};

// ANCHOR: stopped
/// The largest number of methods that can be stopped at a time. To stop more, pause the contract.
pub const MAX_STOPPED: usize = 10;

/// The longest name of a method that can be stopped, in bytes.
pub const MAX_NAME_BYTES: usize = 64;

/// The record of the names of the stopped methods. It is separate, because the
/// [`Guard`](super::guard::Guard) must not grow. This record grows only when the owner stops a
/// method, and its bounds keep it below 700 bytes, which cost some 0.007 NEAR of the owner's
/// earnings.
#[near(serializers = [borsh])]
#[derive(Default)]
pub struct Stopped {
    methods: BTreeSet<String>,
}

impl Record for Stopped {
    const KEY: &'static [u8] = b"STOPPED";
}

impl Stopped {
    /// Returns the stored record, or an empty one when none is stored.
    pub fn now() -> Self {
        Self::load().unwrap_or_default()
    }

    /// Panics when `method` is stopped.
    pub fn require_runs(&self, method: &str) {
        require!(
            !self.methods.contains(method),
            format!("{method} is stopped")
        );
    }
}
// ANCHOR_END: stopped

#[near]
impl Contract {
    // ANCHOR: code
    /// Refuses calls of this method from now on. Callbacks of earlier calls still run.
    #[payable]
    pub fn stop_method(&mut self, method: String) {
        require_owner();
        require!(
            !ALWAYS_OPEN.contains(&method.as_str()),
            format!("{method} pays users their own money")
        );
        require!(
            method.len() <= MAX_NAME_BYTES,
            format!("Give a name of {MAX_NAME_BYTES} bytes at most")
        );

        let mut stopped = Stopped::now();
        log!("{method} is stopped");
        stopped.methods.insert(method);
        require!(
            stopped.methods.len() <= MAX_STOPPED,
            format!("Stop {MAX_STOPPED} methods at most, or pause the contract")
        );
        stopped.store();
    }

    /// Admits calls of this method again.
    #[payable]
    pub fn start_method(&mut self, method: String) {
        require_owner();

        let mut stopped = Stopped::now();
        require!(
            stopped.methods.remove(&method),
            format!("{method} is not stopped")
        );
        stopped.store();
        log!("{method} runs again");
    }
    // ANCHOR_END: code

    /// Returns the names of the stopped methods.
    pub fn get_stopped_methods(&self) -> BTreeSet<String> {
        Stopped::now().methods
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{NearToken, borsh, env, testing_env};

    use super::*;

    /// Returns our contract on `alice`, which owns itself.
    fn contract() -> Contract {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .signer_account_id(accounts(0))
                .attached_deposit(NearToken::from_yoctonear(1))
                .build()
        );
        env::storage_remove(Stopped::KEY);
        Contract::new(None, None, None)
    }

    /// Returns a name of the maximum length, which is different for each number.
    fn long_name(number: usize) -> String {
        format!("{number:0>MAX_NAME_BYTES$}")
    }

    #[test]
    fn methods_that_pay_users_cannot_be_stopped() {
        for method in ALWAYS_OPEN {
            let stop = || contract().stop_method(method.to_string());

            assert!(std::panic::catch_unwind(stop).is_err(), "{method}");
        }
    }

    #[test]
    fn the_largest_record_has_fewer_than_700_bytes() {
        let mut contract = contract();
        for number in 0..MAX_STOPPED {
            contract.stop_method(long_name(number));
        }

        assert!(borsh::to_vec(&Stopped::now()).unwrap().len() < 700);
    }

    #[test]
    #[should_panic(expected = "Stop 10 methods at most, or pause the contract")]
    fn more_than_ten_stopped_methods_are_refused() {
        let mut contract = contract();
        for number in 0..=MAX_STOPPED {
            contract.stop_method(long_name(number));
        }
    }

    #[test]
    #[should_panic(expected = "Give a name of 64 bytes at most")]
    fn a_name_that_is_too_long_is_refused() {
        contract().stop_method("x".repeat(MAX_NAME_BYTES + 1));
    }

    #[test]
    #[should_panic(expected = "query_greting is not stopped")]
    fn a_name_with_a_typing_error_starts_nothing() {
        let mut contract = contract();
        contract.stop_method("query_greeting".to_string());
        contract.start_method("query_greting".to_string());
    }
}
