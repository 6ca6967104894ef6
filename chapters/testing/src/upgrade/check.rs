// ANCHOR: all
//! The last action of an upgrade: the new code checks the stored state. When it panics, the chain
//! reverts code and state.

use near_sdk::{near, require};

use crate::operations::guard::Guard;
use crate::operations::ownership::Ownership;
use crate::operations::stats::Money;
use crate::upgrade::version::StateVersion;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: check_upgrade
    /// Panics when the contract cannot work with the stored state.
    ///
    /// A method with `&self` reads the state, and panics when it cannot be read. Owner and guard
    /// are read too, because all later methods need them, [`Contract::upgrade`] among them. And the
    /// money of others must still be free: longer code locks more of the balance. If too little is
    /// free, send a transfer to the account.
    #[private]
    pub fn check_upgrade(&self) {
        require!(
            StateVersion::now() == StateVersion::OF_THIS_RELEASE,
            "The state is not that of this release"
        );
        Ownership::now();
        Guard::now();
        require!(
            Money::now().free_balance >= self.money.liabilities(),
            "The account holds less than it owes to others"
        );
    }
    // ANCHOR_END: check_upgrade
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{NearToken, env, testing_env};

    use super::*;
    use crate::operations::record::Record;

    /// Returns a contract that holds 10 NEAR.
    fn contract() -> Contract {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .account_balance(NearToken::from_near(10))
                .storage_usage(100_000)
                .build()
        );
        Contract::new(None, None, None)
    }

    #[test]
    fn a_contract_with_a_valid_state_passes() {
        contract().check_upgrade();
    }

    #[test]
    #[should_panic(expected = "The state is not that of this release")]
    fn a_state_that_was_not_migrated_is_refused() {
        let contract = contract();
        StateVersion(0).store();

        contract.check_upgrade();
    }

    #[test]
    #[should_panic(expected = "Cannot deserialize OWNER")]
    fn an_owner_that_cannot_be_read_is_refused() {
        let contract = contract();
        env::storage_write(Ownership::KEY, b"?");

        contract.check_upgrade();
    }

    #[test]
    #[should_panic(expected = "Cannot deserialize GUARD")]
    fn a_guard_that_cannot_be_read_is_refused() {
        let contract = contract();
        env::storage_write(Guard::KEY, b"?");

        contract.check_upgrade();
    }

    #[test]
    #[should_panic(expected = "The account holds less than it owes to others")]
    fn a_free_balance_below_the_money_of_others_is_refused() {
        let mut contract = contract();
        contract.money.hold(NearToken::from_near(10));

        contract.check_upgrade();
    }
}
// ANCHOR_END: all
