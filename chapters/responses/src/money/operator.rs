// ANCHOR: all
//! The operator, who decides what the contract cannot know: which oracle and token to trust, and
//! the result of a call whose callback is lost. Here it is the account of the contract itself.

use near_sdk::{assert_one_yocto, env, log, require};

use crate::money::state::State;

// ANCHOR: require_operator
/// Panics unless the caller is this account itself, with exactly one yoctoNEAR.
///
/// A function-call key cannot attach a deposit. Web pages keep such keys in browsers, so one of
/// them must not be enough here. `#[private]` alone would accept it.
pub fn require_operator() {
    assert_one_yocto();
    require!(
        env::predecessor_account_id() == env::current_account_id(),
        "Only the account itself may do this"
    );
}
// ANCHOR_END: require_operator

/// Reports the oracle and the token that the contract trusts from now on.
pub fn trust_changed(money: &State) {
    log!(
        "Trusts the oracle {:?} and the token {:?}",
        money.oracle,
        money.token
    );
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{NearToken, testing_env};

    use super::*;

    /// Sets the context of a call to our contract on `alice` by `accounts(predecessor)`, with this
    /// deposit in yoctoNEAR.
    fn called_by(predecessor: usize, yocto: u128) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(predecessor))
                .attached_deposit(NearToken::from_yoctonear(yocto))
                .build()
        );
    }

    #[test]
    fn the_account_itself_is_the_operator_with_one_yoctonear() {
        called_by(0, 1);

        require_operator();
    }

    #[test]
    #[should_panic(expected = "Requires attached deposit of exactly 1 yoctoNEAR")]
    fn a_call_without_a_deposit_is_refused() {
        called_by(0, 0);

        require_operator();
    }

    #[test]
    #[should_panic(expected = "Only the account itself may do this")]
    fn another_account_is_not_the_operator() {
        called_by(1, 1);

        require_operator();
    }
}
// ANCHOR_END: all
