// ANCHOR: all
//! Statistics: the counts of calls, and the balance of the account.

use near_sdk::{BlockHeight, NearToken, StorageUsage, env, near};

use crate::operations::guard::{Guard, Totals};
use crate::{Contract, ContractExt};

// ANCHOR: stats
/// The statistics of the contract.
#[near(serializers = [json])]
pub struct Stats {
    /// The counts of calls and of their results.
    pub totals: Totals,
    /// The height of the block since which they are counted.
    pub since: BlockHeight,
    /// The part of the balance that belongs to others.
    pub liabilities: NearToken,
    /// The balance of the account and its parts.
    pub money: Money,
}

/// The balance of the account and its parts.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
pub struct Money {
    /// The whole balance.
    pub balance: NearToken,
    /// The storage of the account in bytes: its code, its state, its keys.
    pub storage_bytes: StorageUsage,
    /// The part of the balance that the chain locks for these bytes.
    pub storage_cost: NearToken,
    /// The rest of the balance.
    pub free_balance: NearToken,
}
// ANCHOR_END: stats

impl Money {
    // ANCHOR: money
    /// Returns the current balance of this account and its parts.
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
    /// Returns the statistics.
    pub fn get_stats(&self) -> Stats {
        Stats {
            totals: Guard::now().totals,
            since: self.counting_since,
            liabilities: self.money.liabilities(),
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
    fn money_that_storage_locks_is_not_free() {
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
    fn an_account_with_too_little_for_its_storage_has_no_free_balance() {
        testing_env!(
            VMContextBuilder::new()
                .account_balance(NearToken::from_near(2))
                .storage_usage(300_000)
                .build()
        );

        assert_eq!(Money::now().free_balance, NearToken::from_near(0));
    }

    #[test]
    fn the_results_of_all_callbacks_are_summed() {
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
