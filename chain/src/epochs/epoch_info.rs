//! The validators of one epoch.

use std::collections::BTreeMap;

use near_primitives::types::validator_stake::ValidatorStake;
use near_primitives::types::{AccountId, Balance, ValidatorKickoutReason};

/// The validators of an epoch, as far as nearcore's `EpochInfo` matters to contracts, accounts and RPC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochInfo {
    /// The validators, the greatest stake first.
    pub(crate) validators: Vec<ValidatorStake>,
    /// The number of validators, from the first one, that may produce blocks.
    pub(crate) block_producers: usize,
    /// The number of validators, from the first one, that may produce chunks.
    pub(crate) chunk_producers: usize,
    /// The stakes of all accounts that were validators or have proposed a stake, zero for those that were
    /// not chosen.
    pub(crate) stake_change: BTreeMap<AccountId, Balance>,
    /// The accounts that are no longer validators, with the reasons.
    pub(crate) validator_kickout: BTreeMap<AccountId, ValidatorKickoutReason>,
    /// The stake that a validator needs at the least, in yoctoNEAR.
    pub(crate) seat_price: Balance,
}

impl EpochInfo {
    /// Returns the validators, the greatest stake first.
    pub fn validators(&self) -> &[ValidatorStake] {
        &self.validators
    }

    /// Returns the validators that may produce blocks, the greatest stake first.
    pub fn block_producers(&self) -> &[ValidatorStake] {
        self.validators
            .get(..self.block_producers)
            .unwrap_or_default()
    }

    /// Returns the stake of one validator, in yoctoNEAR.
    pub fn validator_stake(&self, account_id: &AccountId) -> Option<Balance> {
        self.validators
            .iter()
            .find(|validator| validator.account_id() == account_id)
            .map(ValidatorStake::stake)
    }

    /// Returns the sum of all stakes, in yoctoNEAR.
    pub fn validator_total_stake(&self) -> Balance {
        self.validators
            .iter()
            .map(ValidatorStake::stake)
            .fold(Balance::ZERO, Balance::saturating_add)
    }
}
