//! Whether anything is wrong with the contract: a verdict for a program that asks every minute.

use near_sdk::near;

use crate::operations::guard::Guard;
use crate::operations::stats::Money;
use crate::partners::Partners;
use crate::responses::breaker::Breaker;
use crate::{Contract, ContractExt};

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
    /// More calls to others have failed than have succeeded.
    PartnersFail,
}

#[near]
impl Contract {
    // ANCHOR: code
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
