// ANCHOR: all
//! The one who says what the contract cannot see: whom to believe, and what became of a call whose
//! callback has failed. Here that is the account of the contract itself.

use near_sdk::{assert_one_yocto, env, log, require};

use crate::money::state::State;

// ANCHOR: require_operator
/// Panics unless this account itself calls, with exactly one yoctoNEAR.
///
/// A key that may only call functions cannot attach a deposit. Such keys lie in browsers, so one of them
/// is not enough here. `#[private]` alone would let it in.
pub fn require_operator() {
    assert_one_yocto();
    require!(
        env::predecessor_account_id() == env::current_account_id(),
        "Only the account itself may do this"
    );
}
// ANCHOR_END: require_operator

/// Tells the world whom the contract believes from now on.
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

    /// `accounts(predecessor)` calls our contract on `alice` with this deposit, in yoctoNEAR.
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
    fn the_account_itself_operates_with_one_yoctonear() {
        called_by(0, 1);

        require_operator();
    }

    #[test]
    #[should_panic(expected = "Requires attached deposit of exactly 1 yoctoNEAR")]
    fn a_call_without_a_deposit_may_come_from_a_key_in_a_browser() {
        called_by(0, 0);

        require_operator();
    }

    #[test]
    #[should_panic(expected = "Only the account itself may do this")]
    fn nobody_else_operates() {
        called_by(1, 1);

        require_operator();
    }
}
// ANCHOR_END: all
