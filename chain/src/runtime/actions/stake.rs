//! Staking: a greater stake is locked at once, and what a smaller one sets free returns when the epochs
//! that it counts for have ended (`SPEC.md` §5.1).

use near_primitives::account::Account;
use near_primitives::action::StakeAction;
use near_primitives::errors::ActionErrorKind;
use near_primitives::types::validator_stake::ValidatorStake;
use near_primitives::types::{AccountId, Balance};

use crate::runtime::action_result::ActionResult;

/// Locks tokens until the account has this stake, and proposes it.
pub(super) fn stake(
    account_id: &AccountId,
    action: &StakeAction,
    minimum_stake: Balance,
    account: &mut Account,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let stake = action.stake;
    let (locked, balance) = (account.locked(), account.amount());
    if stake > locked.saturating_add(balance) {
        return Err(ActionErrorKind::TriesToStake {
            account_id: account_id.clone(),
            stake,
            locked,
            balance,
        });
    }
    if stake.is_zero() && locked.is_zero() {
        let account_id = account_id.clone();
        return Err(ActionErrorKind::TriesToUnstake { account_id });
    }
    if !stake.is_zero() && stake < minimum_stake {
        return Err(ActionErrorKind::InsufficientStake {
            account_id: account_id.clone(),
            stake,
            minimum_stake,
        });
    }
    if let Some(increment) = stake.checked_sub(locked) {
        account.set_amount(balance.saturating_sub(increment));
        account
            .set_locked(stake)
            .expect("`records` takes no uninitialized account");
    }
    result.validator_proposals.push(ValidatorStake::new(
        account_id.clone(),
        action.public_key.clone(),
        stake,
    ));
    Ok(())
}
