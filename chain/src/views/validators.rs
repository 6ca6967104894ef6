//! Epochs and validators (`SPEC.md` §5.1). One validator produces all blocks: the first one of the genesis.

use std::sync::Arc;

use near_primitives::hash::CryptoHash;
use near_primitives::types::validator_stake::ValidatorStake;
use near_primitives::types::{AccountId, BlockHeight, EpochId, ShardId};
use near_primitives::views::validator_stake_view::ValidatorStakeView;
use near_primitives::views::{
    CurrentEpochValidatorInfo, EpochValidatorInfo, NextEpochValidatorInfo, ValidatorKickoutView,
};

use crate::block::Block;
use crate::chain::Chain;
use crate::epochs;

/// Returns the id of a block's epoch: the number of epochs before it, so that the id leads back to it. The
/// id of the first epoch is zero, as on a real chain.
pub fn epoch_id(block: &Block) -> EpochId {
    id(block.epochs.index())
}

/// Returns the id of the epoch after that of a block. The first block says zero, as on a real chain.
pub fn next_epoch_id(block: &Block) -> EpochId {
    match block.prev_height {
        None => EpochId::default(),
        Some(_) => id(block.epochs.index().saturating_add(1)),
    }
}

/// Returns the first height of a block's epoch.
pub fn epoch_start(chain: &Chain, block: &Block) -> BlockHeight {
    epochs::epoch_start(chain.genesis(), block.epochs.index())
}

/// Returns the first height of the epoch after that of a block.
pub fn next_epoch_start(chain: &Chain, block: &Block) -> BlockHeight {
    let next = block.epochs.index().saturating_add(1);
    epochs::epoch_start(chain.genesis(), next)
}

/// Returns the block that knows most of the epoch with an id: the head if it is the current one, the latest
/// block that is kept if it is an earlier one. Returns `None` for later epochs, for those without a kept
/// block, and for ids that no epoch has.
pub fn latest_of_epoch<'a>(chain: &'a Chain, id: &EpochId) -> Option<&'a Arc<Block>> {
    let index = index(id)?;
    let head = chain.head();
    if index >= head.epochs.index() {
        return (index == head.epochs.index()).then_some(head);
    }
    let first = epochs::epoch_start(chain.genesis(), index);
    let next = epochs::epoch_start(chain.genesis(), index.checked_add(1)?);
    chain.latest_block_in(first..=next.checked_sub(1)?)
}

/// Returns `true` if the next block is in another epoch, `None` if there is no next block yet.
pub fn ends_epoch(chain: &Chain, block: &Block) -> Option<bool> {
    let next = chain.block_after(block)?;
    Some(next.epochs.index() != block.epochs.index())
}

/// Returns the validators of a block's epoch as `EXPERIMENTAL_validators_ordered` lists them: those that
/// may produce blocks, the greatest stake first.
pub fn validators_ordered(block: &Block) -> Vec<ValidatorStakeView> {
    views(block.epochs.current().block_producers())
}

/// Returns the validators as the RPC method `validators` shows them for the epoch of `block`, with the
/// stakes that were proposed until then.
///
/// The blocks of the epoch that are kept are credited to the validator that produces them. The others were
/// expected to produce none.
pub fn validator_info(chain: &Chain, block: &Block) -> EpochValidatorInfo {
    let epoch_start_height = epoch_start(chain, block);
    let blocks = chain.blocks_in(epoch_start_height..=block.height.max(epoch_start_height));
    let (current, next) = (block.epochs.current(), block.epochs.next());
    let author = author(chain);
    let current_validators = current.validators().iter().enumerate();
    let current_validators = current_validators.map(|(seat, validator)| {
        let produced = match *validator.account_id() == author {
            true => blocks,
            false => 0,
        };
        current_validator(validator, shards(seat < current.chunk_producers), produced)
    });
    let next_validators = next.validators().iter().enumerate();
    let next_validators = next_validators.map(|(seat, validator)| NextEpochValidatorInfo {
        account_id: validator.account_id().clone(),
        public_key: validator.public_key().clone(),
        stake: validator.stake(),
        shards: shards(seat < next.chunk_producers),
    });
    let kickouts = next.validator_kickout.iter();
    EpochValidatorInfo {
        current_validators: current_validators.collect(),
        next_validators: next_validators.collect(),
        current_fishermen: Vec::new(),
        next_fishermen: Vec::new(),
        current_proposals: views(block.epochs.proposals()),
        prev_epoch_kickout: kickouts
            .map(|(account_id, reason)| ValidatorKickoutView {
                account_id: account_id.clone(),
                reason: reason.clone(),
            })
            .collect(),
        epoch_start_height,
        epoch_height: block.epoch_height,
        validator_reward_paid_prev_epoch: Default::default(),
    }
}

/// Returns the account that produces the blocks.
pub(super) fn author(chain: &Chain) -> AccountId {
    let genesis = chain.genesis();
    let first = genesis
        .validators
        .first()
        .map(|validator| &validator.account_id);
    first.unwrap_or(&genesis.protocol_treasury_account).clone()
}

/// Returns stakes in the form that RPC uses.
pub(super) fn views<'a>(
    stakes: impl IntoIterator<Item = &'a ValidatorStake>,
) -> Vec<ValidatorStakeView> {
    stakes.into_iter().cloned().map(Into::into).collect()
}

fn current_validator(
    validator: &ValidatorStake,
    shards: Vec<ShardId>,
    produced: u64,
) -> CurrentEpochValidatorInfo {
    let per_shard = vec![produced; shards.len()];
    CurrentEpochValidatorInfo {
        account_id: validator.account_id().clone(),
        public_key: validator.public_key().clone(),
        is_slashed: false,
        stake: validator.stake(),
        shards_produced: shards.clone(),
        num_produced_blocks: produced,
        num_expected_blocks: produced,
        num_produced_chunks: produced,
        num_expected_chunks: produced,
        num_produced_chunks_per_shard: per_shard.clone(),
        num_expected_chunks_per_shard: per_shard.clone(),
        num_produced_endorsements: produced,
        num_expected_endorsements: produced,
        num_produced_endorsements_per_shard: per_shard.clone(),
        num_expected_endorsements_per_shard: per_shard,
        shards_endorsed: shards,
    }
}

/// Returns the shards of a validator: the only one, if it may produce chunks.
fn shards(produces_chunks: bool) -> Vec<ShardId> {
    match produces_chunks {
        true => vec![ShardId::new(0)],
        false => Vec::new(),
    }
}

fn id(index: u64) -> EpochId {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&index.to_le_bytes());
    EpochId(CryptoHash(bytes))
}

fn index(id: &EpochId) -> Option<u64> {
    let (number, rest) = id.0.0.split_first_chunk()?;
    rest.iter()
        .all(|byte| *byte == 0)
        .then(|| u64::from_le_bytes(*number))
}
