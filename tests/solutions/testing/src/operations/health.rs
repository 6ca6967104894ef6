//! A health check of the contract, for a monitoring program.

use near_sdk::near;

use crate::operations::guard::Guard;
use crate::operations::stats::Money;
use crate::partners::Partners;
use crate::responses::breaker::Breaker;
use crate::{Contract, ContractExt};

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
    /// More calls to others have failed than have succeeded.
    PartnersFail,
}

#[near]
impl Contract {
    // ANCHOR: code
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
            (
                guard.totals.failed > guard.totals.succeeded,
                Problem::PartnersFail,
            ),
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
    // ANCHOR_END: code
}

impl Contract {
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
}
