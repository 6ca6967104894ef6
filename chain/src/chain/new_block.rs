//! New blocks: the first one from a genesis, and each next one from what its application has given.

use std::sync::Arc;

use near_parameters::RuntimeConfig;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::types::Gas;
use near_primitives::types::validator_stake::ValidatorStake;

use crate::block::Block;
use crate::epochs::Epochs;
use crate::genesis::{Genesis, GenesisError};
use crate::runtime::{ApplyState, BlockOutput};
use crate::state::State;

/// What the header and the body of a block name.
pub(super) struct BlockContents {
    pub receipts: Vec<Arc<Receipt>>,
    pub validator_proposals: Vec<ValidatorStake>,
    pub epochs: Epochs,
}

/// Creates the first block of a chain.
pub(super) fn genesis_block(
    genesis: &Genesis,
    config: &RuntimeConfig,
) -> Result<Block, GenesisError> {
    let state = genesis.state(&config.fees)?;
    let parameters = &genesis.config;
    let timestamp = genesis.timestamp()?;
    let empty = CryptoHash::default();
    let epochs = Epochs::genesis(parameters);
    let changes: Vec<_> = state.iter().map(|(key, value)| (key, &value[..])).collect();
    let state_root = CryptoHash::hash_borsh(changes);
    let random_seed = CryptoHash::hash_bytes(parameters.chain_id.as_bytes());
    Ok(Block {
        height: parameters.genesis_height,
        hash: CryptoHash::hash_borsh((
            random_seed,
            parameters.genesis_height,
            timestamp,
            state_root,
        )),
        prev_hash: empty,
        prev_height: None,
        timestamp,
        epoch_height: epochs.height(),
        random_seed,
        gas_price: parameters.min_gas_price,
        gas_used: Gas::ZERO,
        gas_limit: parameters.gas_limit,
        total_supply: parameters.total_supply,
        transactions: Vec::new(),
        receipts: Vec::new(),
        validator_proposals: Vec::new(),
        outcomes: Vec::new(),
        state_root,
        state,
        epochs,
        updated_validators: Vec::new(),
        new_receipts: Vec::new(),
    })
}

/// Creates the block after `prev`.
pub(super) fn next_block(
    prev: &Block,
    apply_state: &ApplyState,
    contents: BlockContents,
    applied: &BlockOutput,
) -> Block {
    let (state, result) = (applied.state.clone(), &applied.result);
    let state_root = state_root(prev, &state);
    let outcome_hashes: Vec<_> = result
        .outcomes
        .iter()
        .map(|outcome| outcome.to_hashes())
        .collect();
    let burnt = result
        .outcomes
        .iter()
        .map(|outcome| outcome.outcome.gas_burnt);
    Block {
        height: apply_state.block_height,
        hash: CryptoHash::hash_borsh((
            prev.hash,
            apply_state.block_height,
            apply_state.block_timestamp,
            state_root,
            outcome_hashes,
        )),
        prev_hash: prev.hash,
        prev_height: Some(prev.height),
        timestamp: apply_state.block_timestamp,
        epoch_height: apply_state.epoch_height,
        random_seed: apply_state.random_seed,
        gas_price: apply_state.gas_price,
        gas_used: burnt.fold(Gas::ZERO, Gas::saturating_add),
        gas_limit: prev.gas_limit,
        total_supply: prev
            .total_supply
            .saturating_add(result.tokens_minted)
            .saturating_sub(result.tokens_burnt.saturating_add(result.tokens_lost)),
        transactions: applied.transactions.clone(),
        receipts: contents.receipts,
        validator_proposals: contents.validator_proposals,
        outcomes: result.outcomes.iter().map(|outcome| outcome.id).collect(),
        state_root,
        state,
        epochs: contents.epochs,
        updated_validators: applied.updated_validators.clone(),
        new_receipts: result
            .new_receipts
            .iter()
            .map(|receipt| *receipt.receipt_id())
            .collect(),
    }
}

/// Returns the digest of a state: of the previous digest and the changes since.
fn state_root(prev: &Block, state: &State) -> CryptoHash {
    let changes: Vec<(&[u8], Option<&[u8]>)> = state
        .changes_since(&prev.state)
        .map(|(key, value)| (key, value.map(|value| &value[..])))
        .collect();
    CryptoHash::hash_borsh((prev.state_root, changes))
}

/// Returns the last proposal of each account, as a chunk header lists them: the latest first.
pub(super) fn unique_proposals(proposals: Vec<ValidatorStake>) -> Vec<ValidatorStake> {
    let mut unique: Vec<ValidatorStake> = Vec::new();
    for proposal in proposals.into_iter().rev() {
        let account_id = proposal.account_id();
        if !unique.iter().any(|later| later.account_id() == account_id) {
            unique.push(proposal);
        }
    }
    unique
}
