// ANCHOR: all
//! What the contract has done so far, and what it holds.

use std::collections::BTreeMap;

use near_sdk::{NearToken, StorageUsage, env, near};

use super::gate::{Gate, Work};
use crate::{Contract, ContractExt};

// ANCHOR: stats
/// Numbers, each of them counted or asked from the chain.
#[near(serializers = [json])]
pub struct Stats {
    /// The work of each method, by its name. A call whose callback panicked shows as a difference: the
    /// method ran once more often than its callback.
    pub methods: BTreeMap<String, Work>,
    /// How many calls to others were answered, as our callbacks saw it.
    pub answered: u32,
    /// How many calls to others failed, as our callbacks saw it.
    pub failed: u32,
    /// How many payments did not arrive. What they left behind is owed: [`Contract::get_owed`] says how
    /// much to whom.
    pub payments_failed: u32,
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
        let methods = Gate::load().methods();
        let sum =
            |count: fn(&Work) -> u32| methods.values().map(count).fold(0, u32::saturating_add);

        Stats {
            payments_failed: methods.get("pay_callback").map_or(0, |work| work.failed),
            answered: sum(|work| work.answered),
            failed: sum(|work| work.failed),
            money: Money::now(),
            methods,
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
    fn answers_and_failures_are_summed_over_all_methods() {
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
            Gate::pass(method);
        }

        let stats = contract.get_stats();

        assert_eq!((stats.answered, stats.failed), (4, 2));
        assert_eq!(stats.methods["count_callback"].runs, 1);
    }
}
// ANCHOR_END: all
