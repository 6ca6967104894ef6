//! The return of stakes when an epoch has ended (`SPEC.md` §5.1), as in nearcore's
//! `Runtime::update_validator_accounts`. Validators get no rewards.

use near_primitives::types::AccountId;

use crate::epochs::LockedStakes;
use crate::state::StateUpdate;

/// Returns to each account what it has locked beyond the stake that stays locked. Returns the accounts
/// that got something.
pub(super) fn update_validator_accounts(
    state: &mut StateUpdate,
    locked_stakes: &LockedStakes,
) -> Vec<AccountId> {
    let mut updated = Vec::new();
    for (account_id, stays_locked) in locked_stakes {
        let Some(mut account) = state.current().account(account_id) else {
            continue;
        };
        // A patch may have left less than the stake. Then there is nothing to return.
        let returned = account.locked().saturating_sub(*stays_locked);
        if returned.is_zero() {
            continue;
        }
        account.set_amount(account.amount().saturating_add(returned));
        account
            .set_locked(*stays_locked)
            .expect("`records` takes no uninitialized account");
        state.set_account(account_id, &account);
        updated.push(account_id.clone());
    }
    updated
}
