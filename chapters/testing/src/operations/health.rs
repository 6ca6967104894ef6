// ANCHOR: all
//! A health check of the contract, for a monitoring program.

use near_sdk::near;

use crate::operations::guard::Guard;
use crate::operations::stats::Money;
use crate::partners::Partners;
use crate::responses::breaker::Breaker;
use crate::{Contract, ContractExt};

// ANCHOR: health
/// The result of the health check.
#[near(serializers = [json])]
pub struct Health {
    pub healthy: bool,
    pub problems: Vec<Problem>,
}

/// A problem that the health check finds. It is a name and not a sentence, because a program reads
/// it.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
#[derive(Debug, PartialEq)]
pub enum Problem {
    /// New calls are refused.
    Paused,
    /// The free balance is less than the money of others.
    Insolvent,
    /// The free balance is less than the limits require.
    LowBalance,
    /// The circuit breaker of a watched partner is open.
    BreakerOpen,
}
// ANCHOR_END: health

#[near]
impl Contract {
    // ANCHOR: health_check
    /// Returns the problems that the contract can see.
    ///
    /// A view cannot call other contracts. So this does not show whether a partner works *now*. The
    /// counts of
    /// [`Contract::get_stats`] show the results of earlier calls.
    pub fn health_check(&self) -> Health {
        let guard = Guard::now();
        let free_balance = Money::now().free_balance;
        let checks = [
            (guard.paused, Problem::Paused),
            (free_balance < self.money.liabilities(), Problem::Insolvent),
            (
                free_balance < guard.limits.min_free_balance,
                Problem::LowBalance,
            ),
            (self.has_open_breaker(), Problem::BreakerOpen),
        ];

        let problems: Vec<Problem> = checks
            .into_iter()
            .filter(|(is_wrong, _)| *is_wrong)
            .map(|(_, problem)| problem)
            .collect();
        Health {
            healthy: problems.is_empty(),
            problems,
        }
    }
    // ANCHOR_END: health_check
}

impl Contract {
    // ANCHOR: has_open_breaker
    fn has_open_breaker(&self) -> bool {
        let Partners {
            hello,
            counter,
            guestbook,
        } = self.partners.clone();
        [hello, counter, guestbook].into_iter().any(|partner| {
            let breaker = self.get_breaker(partner);
            breaker.is_some_and(|breaker| !matches!(breaker, Breaker::Closed { .. }))
        })
    }
    // ANCHOR_END: has_open_breaker
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::VMContextBuilder;
    use near_sdk::{NearToken, testing_env};

    use super::*;
    use crate::operations::record::Record;

    /// Returns the health of a contract with this balance and 1 NEAR of storage.
    fn health_with(balance: NearToken, guard: Guard) -> Health {
        testing_env!(
            VMContextBuilder::new()
                .account_balance(balance)
                .storage_usage(100_000)
                .build()
        );
        let contract = Contract::new(None, None, None);
        guard.store();
        contract.health_check()
    }

    #[test]
    fn an_open_contract_with_enough_balance_is_healthy() {
        let health = health_with(NearToken::from_near(3), Guard::default());

        assert!(health.healthy);
        assert!(health.problems.is_empty());
    }

    #[test]
    fn a_paused_contract_is_not_healthy() {
        let paused = Guard {
            paused: true,
            ..Guard::default()
        };

        let health = health_with(NearToken::from_near(3), paused);

        assert!(!health.healthy);
        assert_eq!(health.problems, [Problem::Paused]);
    }

    #[test]
    fn a_contract_with_a_low_balance_is_not_healthy() {
        let health = health_with(NearToken::from_millinear(1_999), Guard::default());

        assert!(!health.healthy);
        assert_eq!(health.problems, [Problem::LowBalance]);
    }

    #[test]
    fn a_contract_that_holds_less_than_it_owes_is_not_healthy() {
        testing_env!(
            VMContextBuilder::new()
                .account_balance(NearToken::from_near(10))
                .build()
        );
        let mut contract = Contract::new(None, None, None);
        contract.money.hold(NearToken::from_near(50));

        assert_eq!(contract.health_check().problems, [Problem::Insolvent]);
    }
}
// ANCHOR_END: all
