//! The validators, as contracts and RPC see them. Without epochs the set is that of the genesis.

use std::collections::BTreeMap;

use near_chain_configs::GenesisConfig;
use near_primitives::types::{AccountId, Balance};

/// Who validates, and with which stake.
#[derive(Debug, Default)]
pub struct Validators {
    stakes: BTreeMap<AccountId, Balance>,
    total: Balance,
    minimum_stake: Balance,
}

impl Validators {
    pub(crate) fn new(genesis: &GenesisConfig) -> Self {
        let stakes: BTreeMap<_, _> = genesis
            .validators
            .iter()
            .map(|info| (info.account_id.clone(), info.amount))
            .collect();
        let total = stakes
            .values()
            .fold(Balance::ZERO, |sum, stake| sum.saturating_add(*stake));
        let minimum_stake = minimum_stake(genesis, total);
        Self {
            stakes,
            total,
            minimum_stake,
        }
    }

    /// The stake of one validator.
    pub fn stake(&self, account_id: &AccountId) -> Option<Balance> {
        self.stakes.get(account_id).copied()
    }

    /// All stakes together.
    pub fn total_stake(&self) -> Balance {
        self.total
    }

    /// The least that may be staked: the price of a seat, by `minimum_stake_divisor` of the genesis.
    /// With fewer candidates than seats, a seat costs the share `minimum_stake_ratio` of all stakes.
    pub fn minimum_stake(&self) -> Balance {
        self.minimum_stake
    }
}

fn minimum_stake(genesis: &GenesisConfig, total: Balance) -> Balance {
    let ratio = genesis.minimum_stake_ratio;
    let (share, whole) = (i64::from(*ratio.numer()), i64::from(*ratio.denom()));
    let others = u128::try_from(whole - share).unwrap_or(1).max(1);
    let share = u128::try_from(share).unwrap_or(0);
    total
        .saturating_mul(share)
        .saturating_div(others)
        .saturating_div(u128::from(genesis.minimum_stake_divisor.max(1)))
}
