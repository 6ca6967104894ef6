//! Staking, as far as it goes without epochs: tokens are locked; the set of validators stays.

use near_primitives::account::Account;
use near_primitives::errors::ActionErrorKind;
use near_primitives::types::Balance;

use super::ReceiptContext;
use crate::runtime::Runtime;

impl Runtime<'_> {
    pub(super) fn stake(
        &mut self,
        receipt: &ReceiptContext,
        stake: Balance,
        account: &mut Account,
    ) -> Result<(), ActionErrorKind> {
        let account_id = receipt.account_id.clone();
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
        let minimum_stake = self.env.validators.minimum_stake();
        if stake > Balance::ZERO && stake < minimum_stake {
            return Err(ActionErrorKind::InsufficientStake {
                account_id,
                stake,
                minimum_stake,
            });
        }
        // A smaller stake is released at the end of an epoch, and there is none here.
        if let Some(increment) = stake.checked_sub(locked) {
            account.set_amount(balance.saturating_sub(increment));
            account
                .set_locked(stake)
                .expect("no account of this chain is uninitialised");
        }
        Ok(())
    }
}
