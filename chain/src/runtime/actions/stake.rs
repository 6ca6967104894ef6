//! Staking without epochs: tokens are locked, and the validators stay the same.

use near_primitives::account::Account;
use near_primitives::errors::ActionErrorKind;
use near_primitives::types::{AccountId, Balance};

/// Locks tokens until the account has this stake.
pub(super) fn stake(
    account_id: &AccountId,
    stake: Balance,
    minimum_stake: Balance,
    account: &mut Account,
) -> Result<(), ActionErrorKind> {
    let account_id = account_id.clone();
    let (locked, balance) = (account.locked(), account.amount());
    if stake > locked.saturating_add(balance) {
        return Err(ActionErrorKind::TriesToStake {
            account_id,
            stake,
            locked,
            balance,
        });
    }
    if stake == Balance::ZERO && locked == Balance::ZERO {
        return Err(ActionErrorKind::TriesToUnstake { account_id });
    }
    if stake > Balance::ZERO && stake < minimum_stake {
        return Err(ActionErrorKind::InsufficientStake {
            account_id,
            stake,
            minimum_stake,
        });
    }
    // A smaller stake is released at the end of an epoch, and no epoch ends here.
    if let Some(increment) = stake.checked_sub(locked) {
        account.set_amount(balance.saturating_sub(increment));
        account
            .set_locked(stake)
            .expect("`records` takes no uninitialized account");
    }
    Ok(())
}
