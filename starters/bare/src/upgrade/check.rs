//! The last action of an upgrade: the new code checks the stored state. When it panics, the chain
//! reverts code and state.

use near_sdk::{env, near, require};

use crate::operations::guard::Guard;
use crate::operations::ownership::Ownership;
use crate::upgrade::version::StateVersion;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
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
        let locked = env::storage_byte_cost().saturating_mul(env::storage_usage().into());
        require!(
            env::account_balance().saturating_sub(locked) >= self.money.liabilities(),
            "The account holds less than it owes to others"
        );
    }
}

#[cfg(test)]
mod tests {
    use near_sdk::NearToken;

    use super::*;
    use crate::operations::record::Record;
    use crate::tests::contract;

    #[test]
    #[should_panic(expected = "The state is not that of this release")]
    fn a_state_that_was_not_migrated_is_an_error() {
        let contract = contract();
        StateVersion(0).store();

        contract.check_upgrade();
    }

    #[test]
    #[should_panic(expected = "The account holds less than it owes to others")]
    fn code_is_not_paid_for_with_the_money_of_others() {
        let mut contract = contract();
        contract.money.hold(NearToken::from_near(1_000));

        contract.check_upgrade();
    }
}
