//! A payment of a debt that anyone can start.

use near_sdk::{AccountId, Promise, env, near};

use crate::enter::enter;
use crate::money::owed::pay_back;
use crate::{Contract, ContractExt};

// ANCHOR: code
#[near]
impl Contract {
    /// Pays the debt to `account_id`, to that account. Anyone may call this.
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
