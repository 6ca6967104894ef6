//! Epochs (`SPEC.md` §5.1): their validators, the stakes proposed in them, and the stakes returned at
//! their ends, as in nearcore's `chain/epoch-manager/src/lib.rs`.

mod epoch_info;
mod selection;

use std::collections::BTreeMap;
use std::sync::Arc;

use imbl::OrdMap;
use near_chain_configs::GenesisConfig;
use near_primitives::types::validator_stake::ValidatorStake;
use near_primitives::types::{AccountId, Balance, BlockHeight, EpochHeight};

pub use self::epoch_info::EpochInfo;
use self::selection::proposals_to_epoch_info;

/// The stakes that stay locked when epochs end, in yoctoNEAR: what an account has locked beyond its stake
/// here is returned. Accounts that are not in it keep all their locked tokens.
pub(crate) type LockedStakes = BTreeMap<AccountId, Balance>;

/// The epoch of a block, the next one, and the stakes proposed until the block.
#[derive(Clone)]
pub(crate) struct Epochs {
    /// The number of epochs before this one.
    index: u64,
    current: Arc<EpochInfo>,
    next: Arc<EpochInfo>,
    /// The last proposal of each account in the headers of this epoch's blocks.
    proposals: OrdMap<AccountId, ValidatorStake>,
}

impl Epochs {
    /// Returns the epochs of the first block. The first two have the validators of the genesis.
    pub fn genesis(config: &GenesisConfig) -> Self {
        let proposals = config.validators.iter().map(|info| {
            let stake = ValidatorStake::new(
                info.account_id.clone(),
                info.public_key.clone(),
                info.amount,
            );
            (info.account_id.clone(), stake)
        });
        let before = EpochInfo::default();
        let first = proposals_to_epoch_info(config, &before, &proposals.collect());
        let first = Arc::new(first);
        Self {
            index: 0,
            current: first.clone(),
            next: first,
            proposals: OrdMap::new(),
        }
    }

    /// Returns the number of epochs before this one.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Returns the height of the epoch. The first two have the height 1, because the validators of both
    /// were known before the first block.
    pub fn height(&self) -> EpochHeight {
        self.index.max(1)
    }

    /// Returns the validators of the epoch.
    pub fn current(&self) -> &Arc<EpochInfo> {
        &self.current
    }

    /// Returns the validators of the next epoch.
    pub fn next(&self) -> &Arc<EpochInfo> {
        &self.next
    }

    /// Returns the stakes proposed in the epoch, the last one of each account.
    pub fn proposals(&self) -> impl Iterator<Item = &ValidatorStake> {
        self.proposals.values()
    }

    /// Returns the least stake that an account may propose, in yoctoNEAR: the price of a seat in the next
    /// epoch divided by the genesis's `minimum_stake_divisor` (nearcore's `EpochManager::minimum_stake`).
    pub fn minimum_stake(&self, config: &GenesisConfig) -> Balance {
        let divisor = u128::from(config.minimum_stake_divisor.max(1));
        self.next.seat_price.saturating_div(divisor)
    }

    /// Returns the epochs of the block at `height`, which follows one at `prev_height` that has made these
    /// `proposals`, and the stakes that stay locked there.
    ///
    /// Heights between the two count as empty blocks. Epochs without proposals soon repeat each other, and
    /// those that do are skipped at once.
    pub fn advance(
        &self,
        config: &GenesisConfig,
        prev_height: BlockHeight,
        height: BlockHeight,
        proposals: &[ValidatorStake],
    ) -> (Self, LockedStakes) {
        let mut epochs = self.clone();
        let mut locked_stakes = LockedStakes::new();
        let target = epoch_index(config, height);
        // Proposals stand in the header of the next block, and count for its epoch.
        let mut last_proposals = proposals;
        if epoch_index(config, prev_height.saturating_add(1)) == self.index {
            epochs.propose(proposals);
            last_proposals = &[];
        }
        while epochs.index < target {
            let following = epochs.finalize(config, last_proposals, &mut locked_stakes);
            last_proposals = &[];
            if following.repeats(&epochs) {
                epochs.index = target;
            } else {
                epochs = following;
            }
        }
        (epochs, locked_stakes)
    }

    /// Ends the epoch T: chooses the validators of T + 2, and adds the stakes that stay locked after T
    /// (nearcore's `compute_stake_return_info`): the greatest of T, T + 1 and T + 2, or the last proposal
    /// if that is greater.
    fn finalize(
        &self,
        config: &GenesisConfig,
        last_proposals: &[ValidatorStake],
        locked_stakes: &mut LockedStakes,
    ) -> Self {
        let after_next = proposals_to_epoch_info(config, &self.next, &self.proposals);
        let after_next = Arc::new(after_next);
        let mut greatest: BTreeMap<&AccountId, Balance> = BTreeMap::new();
        for info in [&self.current, &self.next, &after_next] {
            for (account_id, stake) in &info.stake_change {
                let greatest = greatest.entry(account_id).or_default();
                *greatest = (*greatest).max(*stake);
            }
        }
        for (account_id, stake) in greatest {
            let last_proposal = last_proposals
                .iter()
                .find(|proposal| proposal.account_id() == account_id)
                .map_or(Balance::ZERO, ValidatorStake::stake);
            let stays = stake.max(last_proposal);
            locked_stakes
                .entry(account_id.clone())
                .and_modify(|locked| *locked = (*locked).min(stays))
                .or_insert(stays);
        }
        let mut following = Self {
            index: self.index + 1,
            current: self.next.clone(),
            next: after_next,
            proposals: OrdMap::new(),
        };
        following.propose(last_proposals);
        following
    }

    fn propose(&mut self, proposals: &[ValidatorStake]) {
        for proposal in proposals {
            self.proposals
                .insert(proposal.account_id().clone(), proposal.clone());
        }
    }

    /// Returns `true` if nothing but the number tells the epoch from an earlier one. Then all later ones
    /// without proposals are the same.
    fn repeats(&self, earlier: &Self) -> bool {
        self.proposals.is_empty()
            && earlier.proposals.is_empty()
            && self.current == earlier.current
            && self.next == earlier.next
    }
}

/// Returns the number of epochs before that of a height. The first epoch begins after the first block.
pub(crate) fn epoch_index(config: &GenesisConfig, height: BlockHeight) -> u64 {
    height.saturating_sub(epoch_start(config, 0)) / config.epoch_length
}

/// Returns the first height of the epoch that has `index` epochs before it.
pub(crate) fn epoch_start(config: &GenesisConfig, index: u64) -> BlockHeight {
    index
        .saturating_mul(config.epoch_length)
        .saturating_add(config.genesis_height)
        .saturating_add(1)
}
