// ANCHOR: all
//! The earnings of the contract, which its owner may withdraw. They contain no money of others.

use near_sdk::{NearToken, Promise, env, near, require};

use crate::operations::events::Event;
use crate::operations::guard::Guard;
use crate::operations::ownership::require_owner;
use crate::operations::stats::Money;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    // ANCHOR: withdraw_earnings
    /// Pays `amount` of the earnings to the owner.
    ///
    /// Money of others, money that storage locks, and the least balance of the limits are not
    /// earnings. The least balance must also cover the refunded deposits of failed calls whose
    /// callbacks have not run yet. If the owner's account no longer exists, the money is refunded
    /// and stays in the earnings.
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

    /// Returns the amount that the owner may withdraw.
    pub fn get_earnings(&self) -> NearToken {
        Money::now()
            .free_balance
            .saturating_sub(self.money.liabilities())
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

    /// Returns a contract on `alice`, which owns itself, holds 10 NEAR and owes 4. The caller is
    /// `accounts(caller)`.
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
    fn money_of_others_is_not_among_the_earnings() {
        let earnings = contract_called_by(0).get_earnings();

        assert!(earnings > NearToken::from_millinear(3_900));
        assert!(earnings <= NearToken::from_near(4));
    }

    #[test]
    fn the_owner_can_withdraw_earnings() {
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
    fn the_owner_cannot_withdraw_money_of_others() {
        contract_called_by(0)
            .withdraw_earnings(NearToken::from_near(5))
            .detach();
    }

    #[test]
    #[should_panic(expected = "Only the owner may do this")]
    fn nobody_else_can_withdraw_earnings() {
        contract_called_by(1)
            .withdraw_earnings(NearToken::from_near(1))
            .detach();
    }
}
// ANCHOR_END: all
