// ANCHOR: all
//! Whether anything is wrong with the contract: a verdict for a program that asks every minute.

use near_sdk::near;

use crate::operations::guard::Guard;
use crate::operations::stats::Money;
use crate::partners::Partners;
use crate::responses::breaker::Breaker;
use crate::{Contract, ContractExt};

// ANCHOR: health
/// The verdict, and the reasons.
#[near(serializers = [json])]
pub struct Health {
    pub healthy: bool,
    pub problems: Vec<Problem>,
}

/// What can be wrong. A name and no sentence, because a program reads it.
#[near(serializers = [json])]
#[serde(rename_all = "snake_case")]
#[derive(Debug, PartialEq)]
pub enum Problem {
    /// New calls are refused.
    Paused,
    /// The account has less free money than it holds for others.
    Insolvent,
    /// The account has less free money than its limits ask for.
    LowBalance,
    /// A partner is watched and has failed too often, so it is not asked.
    BreakerOpen,
}
// ANCHOR_END: health

#[near]
impl Contract {
    // ANCHOR: health_check
    /// Whether anything is wrong, as far as the contract can know.
    ///
    /// A view can call nobody. So this cannot say whether a partner answers *now*: the counts of
    /// [`Contract::get_stats`] say how the last calls ended.
    pub fn health_check(&self) -> Health {
        let guard = Guard::now();
        let free_balance = Money::now().free_balance;
        let checks = [
            (guard.paused, Problem::Paused),
            (free_balance < self.money.liabilities, Problem::Insolvent),
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

    /// The health of a contract with this much money and 1 NEAR of storage.
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
    fn an_open_contract_with_money_is_healthy() {
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
    fn a_poor_contract_is_not_healthy() {
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
