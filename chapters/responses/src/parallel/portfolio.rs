// ANCHOR: all
//! The assets of an account at three independent contracts. Any of them may fail.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, Gas, Promise, ext_contract, near};

use crate::call_result::CallResult;
use crate::enter::enter;
use crate::{Contract, ContractExt};

// ANCHOR: sources
/// The static gas of one call to a token, a lender or a staking pool: 5 Tgas.
pub const GAS_FOR_SOURCE: Gas = Gas::from_tgas(5);

/// The method that we call at a token (NEP-141).
#[ext_contract(token_balance)]
pub trait TokenBalance {
    /// Returns the balance of `account_id`, in the smallest unit.
    fn ft_balance_of(&self, account_id: AccountId) -> U128;
}

/// The method that we call at a lending contract.
#[ext_contract(lending)]
pub trait Lending {
    /// Returns the amounts that `account_id` has supplied and borrowed.
    fn get_position(&self, account_id: AccountId) -> Position;
}

/// The method that we call at a staking contract.
#[ext_contract(staking)]
pub trait Staking {
    /// Returns the rewards of `account_id`.
    fn get_rewards(&self, account_id: AccountId) -> U128;
}
// ANCHOR_END: sources

// ANCHOR: types
/// The amounts that an account has supplied and borrowed, in the smallest unit.
#[near(serializers = [json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    pub supplied: U128,
    pub borrowed: U128,
}

/// The assets of an account, as far as the three contracts have returned them.
#[near(serializers = [json])]
#[derive(Debug, PartialEq)]
pub struct Portfolio {
    pub tokens: CallResult<U128>,
    pub position: CallResult<Position>,
    pub rewards: CallResult<U128>,
    /// The contracts without a value. The portfolio is complete when the list is empty.
    pub missing: Vec<AccountId>,
}
// ANCHOR_END: types

// ANCHOR: limits
/// The longest number that we read, in bytes: 39 digits, and quotes around them.
const MAX_U128_BYTES: usize = 41;

/// The longest position that we read, in bytes: two such numbers with their names.
const MAX_POSITION_BYTES: usize = 128;

/// The static gas of the callback: 2 Tgas. It reads three short values and returns them. It burns
/// 0.6.
pub const GAS_FOR_PORTFOLIO_CALLBACK: Gas = Gas::from_tgas(2);
// ANCHOR_END: limits

#[near]
impl Contract {
    // ANCHOR: portfolio
    /// Reads the assets of `account_id` at a token, a lender and a staking pool, in parallel.
    ///
    /// The caller names the three, so nobody vouches for them. Each call has a gas weight of zero:
    /// a contract that burns all its gas burns 5 Tgas, and no share of the unused gas.
    pub fn portfolio(
        &mut self,
        account_id: AccountId,
        token: AccountId,
        lender: AccountId,
        staking_pool: AccountId,
    ) -> Promise {
        enter("portfolio");

        let callback = Self::ext_self()
            .with_static_gas(GAS_FOR_PORTFOLIO_CALLBACK)
            .portfolio_callback(token.clone(), lender.clone(), staking_pool.clone());

        let tokens = token_balance::ext(token)
            .with_static_gas(GAS_FOR_SOURCE)
            .with_unused_gas_weight(0)
            .ft_balance_of(account_id.clone());
        let position = lending::ext(lender)
            .with_static_gas(GAS_FOR_SOURCE)
            .with_unused_gas_weight(0)
            .get_position(account_id.clone());
        let rewards = staking::ext(staking_pool)
            .with_static_gas(GAS_FOR_SOURCE)
            .with_unused_gas_weight(0)
            .get_rewards(account_id);

        tokens.and(position).and(rewards).then(callback)
    }
    // ANCHOR_END: portfolio

    // ANCHOR: portfolio_callback
    /// Returns the portfolio. It reads each result without the macro: whatever one contract has
    /// returned, the other two results are not lost.
    #[private]
    pub fn portfolio_callback(
        &self,
        token: AccountId,
        lender: AccountId,
        staking_pool: AccountId,
    ) -> Portfolio {
        enter("portfolio_callback");

        let tokens = CallResult::read(0, MAX_U128_BYTES);
        let position = CallResult::read(1, MAX_POSITION_BYTES);
        let rewards = CallResult::read(2, MAX_U128_BYTES);

        let mut missing = Vec::new();
        if tokens.value().is_none() {
            missing.push(token);
        }
        if position.value().is_none() {
            missing.push(lender);
        }
        if rewards.value().is_none() {
            missing.push(staking_pool);
        }

        Portfolio {
            tokens,
            position,
            rewards,
            missing,
        }
    }
    // ANCHOR_END: portfolio_callback
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;
    use near_sdk::{PromiseResult, serde_json, testing_env};

    use super::*;
    use crate::parallel::test_utils::{after, contract, on_alice, receivers, success};

    /// Returns the portfolio for these promise results of `bob`, `charlie` and `danny`.
    fn portfolio_of(results: [PromiseResult; 3]) -> Portfolio {
        after(results.into());
        contract().portfolio_callback(accounts(1), accounts(2), accounts(3))
    }

    #[test]
    fn three_contracts_are_called_in_parallel() {
        testing_env!(on_alice());
        contract()
            .portfolio(accounts(5), accounts(1), accounts(2), accounts(3))
            .detach();

        assert_eq!(
            receivers(),
            [
                ("bob".to_string(), vec![]),
                ("charlie".to_string(), vec![]),
                ("danny".to_string(), vec![]),
                ("alice".to_string(), vec![0, 1, 2]),
            ]
        );
    }

    // ANCHOR: test_callback
    #[test]
    fn a_portfolio_is_complete_when_all_three_calls_succeed() {
        let portfolio = portfolio_of([
            success(r#""100""#),
            success(r#"{"supplied":"50","borrowed":"20"}"#),
            success(r#""0""#),
        ]);

        let position = Position {
            supplied: U128(50),
            borrowed: U128(20),
        };
        assert_eq!(
            portfolio,
            Portfolio {
                tokens: CallResult::Value(U128(100)),
                position: CallResult::Value(position),
                rewards: CallResult::Value(U128(0)),
                missing: vec![],
            }
        );
    }

    #[test]
    fn a_contract_that_fails_is_named_and_the_others_are_not_affected() {
        let portfolio = portfolio_of([
            success(r#""100""#),
            PromiseResult::Failed,
            success(r#""7""#),
        ]);

        assert_eq!(portfolio.tokens, CallResult::Value(U128(100)));
        assert_eq!(portfolio.rewards, CallResult::Value(U128(7)));
        assert_eq!(portfolio.missing, [accounts(2)]);
    }

    #[test]
    fn a_value_that_is_not_json_does_not_affect_the_others() {
        let portfolio = portfolio_of([
            success("not JSON"),
            success(r#"{"supplied":"50","borrowed":"20"}"#),
            success(&format!("\"{}\"", "9".repeat(1_000))),
        ]);

        assert!(portfolio.position.value().is_some());
        assert_eq!(portfolio.missing, [accounts(1), accounts(3)]);
    }
    // ANCHOR_END: test_callback

    #[test]
    fn the_largest_values_fit_into_the_bounds() {
        let most = U128(u128::MAX);
        let position = Position {
            supplied: most,
            borrowed: most,
        };

        let length = |json: serde_json::Result<String>| json.unwrap().len();
        assert_eq!(length(serde_json::to_string(&most)), MAX_U128_BYTES);
        assert!(length(serde_json::to_string(&position)) <= MAX_POSITION_BYTES);
    }
}
// ANCHOR_END: all
