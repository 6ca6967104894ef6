//! The validators, as contracts and RPC see them. They are always those of the genesis.

use std::collections::BTreeMap;

use near_chain_configs::GenesisConfig;
use near_primitives::types::{AccountId, Balance};

/// The validators and their stakes.
#[derive(Debug, Default)]
pub struct Validators {
    stakes: BTreeMap<AccountId, Balance>,
    total: Balance,
    minimum_stake: Balance,
}

impl Validators {
    /// Returns the validators of a genesis.
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

    /// Returns the stake of one validator, in yoctoNEAR.
    pub fn stake(&self, account_id: &AccountId) -> Option<Balance> {
        self.stakes.get(account_id).copied()
    }

    /// Returns the sum of all stakes, in yoctoNEAR.
    pub fn total_stake(&self) -> Balance {
        self.total
    }

    /// Returns the least stake, in yoctoNEAR: the price of a seat divided by the genesis's
    /// `minimum_stake_divisor`. With fewer candidates than seats, the price of a seat is the share
    /// `minimum_stake_ratio` of all stakes.
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
