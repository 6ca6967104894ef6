// ANCHOR: all
//! What the contract has done so far, and what it holds.

use near_sdk::{BlockHeight, NearToken, StorageUsage, env, near};

use crate::operations::guard::{Guard, Totals};
use crate::{Contract, ContractExt};

// ANCHOR: stats
/// Numbers, each of them counted or asked from the chain.
#[near(serializers = [json])]
pub struct Stats {
    /// What the contract has done.
    pub totals: Totals,
    /// The block since which that is counted.
    pub since: BlockHeight,
    /// How much of the balance belongs to others.
    pub liabilities: NearToken,
    /// The money of the account.
    pub money: Money,
}

/// The money of the account, and what of it the account can spend.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
pub struct Money {
    /// All that the account holds.
    pub balance: NearToken,
    /// What the account stores, in bytes: its code, its state, its keys.
    pub storage_bytes: StorageUsage,
    /// What the chain locks up for these bytes.
    pub storage_cost: NearToken,
    /// The rest.
    pub free_balance: NearToken,
}
// ANCHOR_END: stats

impl Money {
    // ANCHOR: money
    /// The money of this account as it is now.
    pub fn now() -> Self {
        let balance = env::account_balance();
        let storage_bytes = env::storage_usage();
        let storage_cost = env::storage_byte_cost().saturating_mul(storage_bytes.into());

        Self {
            balance,
            storage_bytes,
            storage_cost,
            free_balance: balance.saturating_sub(storage_cost),
        }
    }
    // ANCHOR_END: money
}

#[near]
impl Contract {
    // ANCHOR: get_stats
    /// What the contract has done so far, and what it holds.
    pub fn get_stats(&self) -> Stats {
        Stats {
            totals: Guard::now().totals,
            since: self.counting_since,
            liabilities: self.money.liabilities,
            money: Money::now(),
        }
    }
    // ANCHOR_END: get_stats
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    #[test]
    fn what_storage_locks_up_is_not_free() {
        testing_env!(
            VMContextBuilder::new()
                .account_balance(NearToken::from_near(10))
                .storage_usage(300_000)
                .build()
        );

        let expected = Money {
            balance: NearToken::from_near(10),
            storage_bytes: 300_000,
            storage_cost: NearToken::from_near(3),
            free_balance: NearToken::from_near(7),
        };
        assert_eq!(Money::now(), expected);
    }

    #[test]
    fn an_account_that_owes_the_chain_has_nothing_free() {
        testing_env!(
            VMContextBuilder::new()
                .account_balance(NearToken::from_near(2))
                .storage_usage(300_000)
                .build()
        );

        assert_eq!(Money::now().free_balance, NearToken::from_near(0));
    }

    #[test]
    fn results_are_summed_over_all_callbacks() {
        let contract = Contract::new(None, None, None);
        for method in ["count_callback", "query_greeting_callback"] {
            testing_env!(
                VMContextBuilder::new()
                    .current_account_id(accounts(0))
                    .predecessor_account_id(accounts(0))
                    .build(),
                test_vm_config(),
                RuntimeFeesConfig::test(),
                Default::default(),
                vec![
                    PromiseResult::Successful(Vec::new()),
                    PromiseResult::Failed,
                    PromiseResult::Successful(Vec::new()),
                ]
            );
            Guard::admit(method);
        }

        let totals = contract.get_stats().totals;

        assert_eq!(totals.callbacks, 2);
        assert_eq!((totals.succeeded, totals.failed), (4, 2));
    }
}
// ANCHOR_END: all
