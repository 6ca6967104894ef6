//! The net worth of an account, or nothing when a part of the sum is missing.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, Promise, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::parallel::portfolio::{GAS_FOR_PORTFOLIO_CALLBACK, Portfolio, Position};
use crate::{Contract, ContractExt};

/// The longest portfolio that we read, in bytes: three parts, and three accounts.
const MAX_PORTFOLIO_BYTES: usize = 1_024;

#[near]
impl Contract {
    // ANCHOR: code
    /// Returns the sum of the assets of `account_id` at the three contracts, minus its debts.
    pub fn net_worth(
        &mut self,
        account_id: AccountId,
        token: AccountId,
        lender: AccountId,
        staking_pool: AccountId,
    ) -> Promise {
        enter("net_worth");

        self.portfolio(account_id, token, lender, staking_pool)
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_PORTFOLIO_CALLBACK)
                    .net_worth_callback(),
            )
    }

    /// Returns the net worth. The portfolio comes from our own contract, so its form can be
    /// trusted. The numbers in it come from other contracts and cannot.
    #[private]
    pub fn net_worth_callback(&self) -> CallResult<U128> {
        enter("net_worth_callback");

        match CallResult::read(0, MAX_PORTFOLIO_BYTES) {
            CallResult::Value(portfolio) => worth(&portfolio),
            _ => CallResult::Failed,
        }
    }
    // ANCHOR_END: code
}

// ANCHOR: worth
/// Returns the sum, if all three parts are there and it fits into the type.
fn worth(portfolio: &Portfolio) -> CallResult<U128> {
    let (Some(tokens), Some(position), Some(rewards)) = (
        portfolio.tokens.value(),
        portfolio.position.value(),
        portfolio.rewards.value(),
    ) else {
        let missing: Vec<&str> = portfolio.missing.iter().map(|id| id.as_str()).collect();
        return CallResult::Refused(format!("no value from {}", missing.join(", ")));
    };
    let Position { supplied, borrowed } = position;

    let owned = tokens
        .0
        .checked_add(supplied.0)
        .and_then(|sum| sum.checked_add(rewards.0));
    match owned.map(|sum| sum.checked_sub(borrowed.0)) {
        Some(Some(worth)) => CallResult::Value(U128(worth)),
        Some(None) => CallResult::Refused("the account owes more than it owns".to_string()),
        None => CallResult::Refused("the sum is larger than the largest number".to_string()),
    }
}
// ANCHOR_END: worth

#[cfg(test)]
mod tests {
    use super::*;

    fn portfolio(tokens: u128, supplied: u128, borrowed: u128) -> Portfolio {
        let position = Position {
            supplied: U128(supplied),
            borrowed: U128(borrowed),
        };
        Portfolio {
            tokens: CallResult::Value(U128(tokens)),
            position: CallResult::Value(position),
            rewards: CallResult::Value(U128(1)),
            missing: vec![],
        }
    }

    // ANCHOR: test
    #[test]
    fn debts_are_subtracted() {
        let worth = worth(&portfolio(100, 50, 20));

        assert_eq!(worth, CallResult::Value(U128(131)));
    }

    #[test]
    fn without_one_part_there_is_no_sum() {
        let mut portfolio = portfolio(100, 50, 20);
        portfolio.rewards = CallResult::Failed;
        portfolio.missing = vec!["pool.near".parse().unwrap()];

        assert_eq!(
            worth(&portfolio),
            CallResult::Refused("no value from pool.near".to_string())
        );
    }

    #[test]
    fn a_sum_that_is_too_large_is_refused() {
        let worth = worth(&portfolio(u128::MAX, 50, 20));

        assert!(matches!(worth, CallResult::Refused(reason) if reason.contains("larger than the")));
    }

    #[test]
    fn a_negative_sum_is_refused() {
        let worth = worth(&portfolio(0, 0, 20));

        assert!(matches!(worth, CallResult::Refused(reason) if reason.contains("owes more")));
    }
    // ANCHOR_END: test
}
