//! Epochs and validators. Epochs are counted, but nothing changes at their ends: the validators are always
//! those of the genesis.

use std::sync::Arc;

use near_primitives::hash::CryptoHash;
use near_primitives::types::{BlockHeight, EpochHeight, EpochId, ShardId};
use near_primitives::views::validator_stake_view::{ValidatorStakeView, ValidatorStakeViewV1};
use near_primitives::views::{
    CurrentEpochValidatorInfo, EpochValidatorInfo, NextEpochValidatorInfo,
};

use crate::block::Block;
use crate::chain::Chain;

/// Returns the id of an epoch: its number, so that the id leads back to it. The id of the first epoch is
/// zero, as on a real chain.
pub fn epoch_id(epoch_height: EpochHeight) -> EpochId {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&epoch_height.to_le_bytes());
    EpochId(CryptoHash(bytes))
}

/// Returns the number of the epoch with this id, `None` if no epoch can have it.
pub fn epoch_of(id: &EpochId) -> Option<EpochHeight> {
    let (number, rest) = id.0.0.split_first_chunk()?;
    rest.iter()
        .all(|byte| *byte == 0)
        .then(|| EpochHeight::from_le_bytes(*number))
}

/// Returns the first height of an epoch.
pub fn epoch_start(chain: &Chain, epoch_height: EpochHeight) -> BlockHeight {
    let genesis = chain.genesis();
    epoch_height
        .saturating_mul(genesis.epoch_length)
        .max(genesis.genesis_height)
}

/// Returns the validators as `EXPERIMENTAL_validators_ordered` lists them.
pub fn validator_stakes(chain: &Chain) -> Vec<ValidatorStakeView> {
    chain
        .genesis()
        .validators
        .iter()
        .map(|validator| {
            ValidatorStakeView::V1(ValidatorStakeViewV1 {
                account_id: validator.account_id.clone(),
                public_key: validator.public_key.clone(),
                stake: validator.amount,
            })
        })
        .collect()
}

/// Returns the validators as the RPC method `validators` shows them for the epoch of `block`. Each is
/// credited with the blocks of the epoch that are kept, which is right for a single validator.
pub fn validator_info(chain: &Chain, block: &Block) -> EpochValidatorInfo {
    let validators = &chain.genesis().validators;
    let epoch_start_height = epoch_start(chain, block.epoch_height);
    let blocks = chain.blocks_in(epoch_start_height..=block.height);
    let shards = vec![ShardId::new(0)];
    let current = validators
        .iter()
        .map(|validator| CurrentEpochValidatorInfo {
            account_id: validator.account_id.clone(),
            public_key: validator.public_key.clone(),
            is_slashed: false,
            stake: validator.amount,
            shards_produced: shards.clone(),
            num_produced_blocks: blocks,
            num_expected_blocks: blocks,
            num_produced_chunks: blocks,
            num_expected_chunks: blocks,
            num_produced_chunks_per_shard: vec![blocks],
            num_expected_chunks_per_shard: vec![blocks],
            num_produced_endorsements: blocks,
            num_expected_endorsements: blocks,
            num_produced_endorsements_per_shard: vec![blocks],
            num_expected_endorsements_per_shard: vec![blocks],
            shards_endorsed: shards.clone(),
        });
    let next = validators.iter().map(|validator| NextEpochValidatorInfo {
        account_id: validator.account_id.clone(),
        public_key: validator.public_key.clone(),
        stake: validator.amount,
        shards: shards.clone(),
    });
    EpochValidatorInfo {
        current_validators: current.collect(),
        next_validators: next.collect(),
        current_fishermen: Vec::new(),
        next_fishermen: Vec::new(),
        current_proposals: Vec::new(),
        prev_epoch_kickout: Vec::new(),
        epoch_start_height,
        epoch_height: block.epoch_height,
        validator_reward_paid_prev_epoch: Default::default(),
    }
}

/// Returns the latest block of an epoch that is kept.
pub fn last_of_epoch(chain: &Chain, epoch_height: EpochHeight) -> Option<&Arc<Block>> {
    let first = epoch_start(chain, epoch_height).max(chain.first_block().height);
    let next = epoch_start(chain, epoch_height.checked_add(1)?);
    let last = next.checked_sub(1)?.min(chain.head().height);
    chain.latest_block_in(first..=last)
}
