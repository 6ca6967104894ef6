//! The selection of an epoch's validators, as in nearcore's `chain/epoch-manager/src/validator_selection.rs`.
//!
//! No validator is ever kicked out for blocks that it did not produce: each counts as online.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use imbl::OrdMap;
use near_chain_configs::GenesisConfig;
use near_primitives::num_rational::{Ratio, Rational32};
use near_primitives::types::validator_stake::ValidatorStake;
use near_primitives::types::{AccountId, Balance, NumSeats, ValidatorKickoutReason};

use super::epoch_info::EpochInfo;

/// Returns the validators of an epoch: those of the one before, `prev`, and the accounts that have
/// proposed a stake, if they hold enough. If too few would remain, nothing changes.
pub(super) fn proposals_to_epoch_info(
    config: &GenesisConfig,
    prev: &EpochInfo,
    proposals: &OrdMap<AccountId, ValidatorStake>,
) -> EpochInfo {
    let mut validator_kickout = unstaked(prev, proposals);
    let mut candidates = candidates(prev, proposals);
    let mut stake_change: BTreeMap<_, _> = candidates
        .iter()
        .map(|candidate| (candidate.account_id().clone(), candidate.stake()))
        .collect();
    candidates.retain(|candidate| !validator_kickout.contains_key(candidate.account_id()));

    let ratio = config.minimum_stake_ratio;
    let select = |seats| select_validators(&candidates, seats, ratio);
    let chunk_producers = select(config.num_chunk_producer_seats);
    let block_producers = select(config.num_block_producer_seats);
    let chunk_validators = select(config.num_chunk_validator_seats);
    let needed = config.minimum_validators_per_shard.max(1);
    if (chunk_producers.count as u64) < needed {
        return unchanged(prev, proposals);
    }
    let all = [&chunk_producers, &block_producers, &chunk_validators];
    let count = all.iter().fold(0, |count, role| count.max(role.count));
    let threshold = all
        .iter()
        .fold(chunk_producers.threshold, |threshold, role| {
            threshold.min(role.threshold)
        });

    let unselected = candidates.split_off(count);
    for candidate in unselected {
        let (account_id, stake) = candidate.account_and_stake();
        stake_change.insert(account_id.clone(), Balance::ZERO);
        if prev.validator_stake(&account_id).is_some() {
            let reason = ValidatorKickoutReason::NotEnoughStake { stake, threshold };
            validator_kickout.insert(account_id, reason);
        }
    }
    EpochInfo {
        validators: candidates,
        block_producers: block_producers.count,
        chunk_producers: chunk_producers.count,
        stake_change,
        validator_kickout,
        seat_price: threshold,
    }
}

/// Returns the validators of `prev` once more. What other accounts have locked for their proposals returns;
/// nearcore would forget it.
fn unchanged(prev: &EpochInfo, proposals: &OrdMap<AccountId, ValidatorStake>) -> EpochInfo {
    let mut info = prev.clone();
    for account_id in proposals.keys() {
        info.stake_change.entry(account_id.clone()).or_default();
    }
    info
}

/// Returns the accounts that had a stake and have withdrawn it.
fn unstaked(
    prev: &EpochInfo,
    proposals: &OrdMap<AccountId, ValidatorStake>,
) -> BTreeMap<AccountId, ValidatorKickoutReason> {
    let has_stake = |account_id| {
        let stake = prev.stake_change.get(account_id);
        stake.is_some_and(|stake| !stake.is_zero())
    };
    proposals
        .iter()
        .filter(|(account_id, proposal)| proposal.stake().is_zero() && has_stake(*account_id))
        .map(|(account_id, _)| (account_id.clone(), ValidatorKickoutReason::Unstaked))
        .collect()
}

/// Returns the last proposal of each account, and the stakes of the validators without one, the greatest
/// first.
fn candidates(
    prev: &EpochInfo,
    proposals: &OrdMap<AccountId, ValidatorStake>,
) -> Vec<ValidatorStake> {
    let kept = prev
        .validators
        .iter()
        .filter(|validator| !proposals.contains_key(validator.account_id()));
    let mut candidates: Vec<_> = kept.chain(proposals.values()).cloned().collect();
    candidates.sort_by(|a, b| {
        let key = |candidate: &ValidatorStake| Reverse(candidate.stake());
        (key(a), a.account_id()).cmp(&(key(b), b.account_id()))
    });
    candidates
}

/// The number of candidates with a role, from the first one, and the least stake for it.
struct Role {
    count: usize,
    threshold: Balance,
}

/// Gives seats to the candidates as long as each holds more than the share `ratio` of the stakes up to it.
fn select_validators(candidates: &[ValidatorStake], seats: NumSeats, ratio: Rational32) -> Role {
    let seats = usize::try_from(seats).unwrap_or(usize::MAX);
    let (numerator, denominator) = parts(ratio);
    let mut total = 0_u128;
    let mut count = 0;
    let mut last = Balance::from_yoctonear(u128::MAX);
    for candidate in candidates.iter().take(seats) {
        let stake = candidate.stake().as_yoctonear();
        let with_it = total.saturating_add(stake);
        let share_is_enough =
            with_it > 0 && Ratio::new_raw(stake, with_it) > Ratio::new_raw(numerator, denominator);
        if !share_is_enough {
            break;
        }
        total = with_it;
        count += 1;
        last = candidate.stake();
    }
    let threshold = if count == seats {
        last.saturating_add(Balance::from_yoctonear(1))
    } else {
        least_share(total, numerator, denominator)
    };
    Role { count, threshold }
}

/// Returns ⌈total · ratio / (1 − ratio)⌉: the stake that is the share `ratio` of itself and `total`.
fn least_share(total: u128, numerator: u128, denominator: u128) -> Balance {
    let others = denominator.saturating_sub(numerator).max(1);
    let (whole, rest) = (total / others, total % others);
    let share = whole
        .saturating_mul(numerator)
        .saturating_add((rest * numerator).div_ceil(others));
    Balance::from_yoctonear(share)
}

/// Returns the numerator and the denominator of a share. A genesis may state one that is no share.
fn parts(ratio: Rational32) -> (u128, u128) {
    let numerator = u128::try_from(*ratio.numer()).unwrap_or(0);
    let denominator = u128::try_from(*ratio.denom()).unwrap_or(1);
    (numerator, denominator.max(1))
}
