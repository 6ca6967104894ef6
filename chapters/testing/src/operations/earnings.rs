// ANCHOR: all
//! What the contract has earned, and its owner may take out. Other people's money is not among it.

use near_sdk::{NearToken, Promise, env, near, require};

use crate::operations::events::Event;
use crate::operations::guard::Guard;
use crate::operations::ownership::require_owner;
use crate::operations::stats::Money;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: withdraw_earnings
    /// Pays `amount` of what the contract has earned to its owner.
    ///
    /// What belongs to others, what storage locks up, and what the limits ask the account to keep is not
    /// earned. The least balance of the limits has to cover one thing more: a deposit of a failed call that is
    /// back, and whose callback did not run yet. If the owner's account is gone, the money is back here and earned as before.
    #[payable]
    pub fn withdraw_earnings(&mut self, amount: NearToken) -> Promise {
        require_owner();
        let earnings = self.get_earnings();
        require!(
            amount <= earnings,
            format!("The earnings are {}", earnings.exact_amount_display())
        );

        let owner = env::predecessor_account_id();
        Event::EarningsWithdrawn {
            owner: owner.clone(),
            amount,
        }
        .emit();
        Promise::new(owner).transfer(amount)
    }

    /// Returns what the owner may take out.
    pub fn get_earnings(&self) -> NearToken {
        Money::now()
            .free_balance
            .saturating_sub(self.money.liabilities)
            .saturating_sub(Guard::now().limits.min_free_balance)
    }
    // ANCHOR_END: withdraw_earnings
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts};
    use near_sdk::testing_env;

    use super::*;

    /// A contract on `alice`, which owns itself, holds 10 NEAR and owes 4. `accounts(caller)` calls it.
    fn contract_called_by(caller: usize) -> Contract {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(caller))
                .attached_deposit(NearToken::from_yoctonear(1))
                .account_balance(NearToken::from_near(10))
                .storage_usage(100_000)
                .build()
        );
        let mut contract = Contract::new(None, None, None);
        contract.money.hold(NearToken::from_near(4));
        contract
    }

    #[test]
    fn what_belongs_to_others_is_not_earned() {
        let earnings = contract_called_by(0).get_earnings();

        assert!(earnings > NearToken::from_millinear(3_900));
        assert!(earnings <= NearToken::from_near(4));
    }

    #[test]
    fn the_owner_takes_out_what_is_earned() {
        contract_called_by(0)
            .withdraw_earnings(NearToken::from_near(3))
            .detach();

        let receipts = get_created_receipts();
        assert_eq!(receipts[0].receiver_id, accounts(0));
        assert!(matches!(
            receipts[0].actions[..],
            [MockAction::Transfer { deposit, .. }] if deposit == NearToken::from_near(3)
        ));
    }

    #[test]
    #[should_panic(expected = "The earnings are 3.9")]
    fn the_owner_takes_nothing_that_belongs_to_others() {
        contract_called_by(0)
            .withdraw_earnings(NearToken::from_near(5))
            .detach();
    }

    #[test]
    #[should_panic(expected = "Only the owner may do this")]
    fn nobody_else_takes_out_anything() {
        contract_called_by(1)
            .withdraw_earnings(NearToken::from_near(1))
            .detach();
    }
}
// ANCHOR_END: all
