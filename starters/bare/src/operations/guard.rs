//! The guard at the beginning of each method. It refuses new calls while the contract is paused.

use near_sdk::{env, near, require};

use crate::operations::record::Record;

/// The record of the guard. It is stored beside the state of the contract, because a method that
/// calls `enter` has borrowed the state already.
#[near(serializers = [borsh])]
#[derive(Default)]
pub struct Guard {
    /// True while new calls are refused.
    pub paused: bool,
}

impl Record for Guard {
    const KEY: &'static [u8] = b"GUARD";
}

/// The methods that the guard admits during a pause too. Each pays users their own money. A pause
/// must not lock in the money of users.
const ALWAYS_OPEN: [&str; 1] = ["withdraw_owed"];

impl Guard {
    /// Returns the stored guard, or an open one when none is stored.
    pub fn now() -> Self {
        Self::load().unwrap_or_default()
    }

    /// Admits `method`, or panics.
    ///
    /// A callback is always admitted: it finishes a call from before the pause. Without it the user
    /// would not get any money back.
    pub fn admit(method: &str) {
        let is_open = !Self::now().paused || is_callback() || ALWAYS_OPEN.contains(&method);
        require!(is_open, "The contract is paused");
    }
}

/// Returns whether this receipt is a callback that this contract has sent to itself.
///
/// Both conditions are necessary. Another contract can make a call to us wait for its own promises.
/// And the holder of a key of this account can call each method as its predecessor.
fn is_callback() -> bool {
    env::predecessor_account_id() == env::current_account_id() && env::promise_results_count() > 0
}

#[cfg(test)]
mod tests {
    use near_sdk::PromiseResult;

    use super::*;
    use crate::tests::{callback_of, called_by};

    fn admit_while_paused(method: &str) {
        Guard { paused: true }.store();
        Guard::admit(method);
    }

    #[test]
    fn a_callback_is_admitted_while_the_contract_is_paused() {
        callback_of(0, vec![PromiseResult::Failed]);
        admit_while_paused("pay_callback");
    }

    #[test]
    fn methods_that_pay_users_their_money_are_admitted_while_the_contract_is_paused() {
        called_by(1);
        ALWAYS_OPEN.into_iter().for_each(admit_while_paused);
    }

    #[test]
    #[should_panic(expected = "The contract is paused")]
    fn a_call_that_waited_for_promises_of_another_contract_is_no_callback() {
        callback_of(1, vec![PromiseResult::Failed]);
        admit_while_paused("sign");
    }

    #[test]
    #[should_panic(expected = "The contract is paused")]
    fn a_call_with_a_key_of_the_account_is_no_callback() {
        called_by(0);
        admit_while_paused("sign");
    }
}
