//! A push for a debt.

use near_sdk::{AccountId, Promise, env, near};

use crate::money::owed::pay_back;
use crate::enter::enter;
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Pays what is owed to `account_id`, to its own account. Anybody may call this.
    pub fn pay_owed_to(&mut self, account_id: AccountId) -> Promise {
        enter("pay_owed_to");

        let Some(amount) = self.money.owed.remove(&account_id) else {
            env::panic_str(&format!("{account_id} is owed nothing"));
        };
        self.money.release(amount);
        pay_back(account_id, amount)
    }
}
// ANCHOR_END: code
