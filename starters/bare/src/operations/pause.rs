//! The pause: the owner closes the guard, and opens it again.

use near_sdk::{env, near};

use crate::operations::events::Event;
use crate::operations::guard::Guard;
use crate::operations::ownership::require_owner;
use crate::operations::record::Record;
use crate::{Contract, ContractExt};

#[near]
impl Contract {
    /// Refuses new calls from now on. Calls in flight still finish. Only the owner may call this.
    #[payable]
    pub fn pause(&mut self) {
        require_owner();

        Guard { paused: true }.store();
        let by = env::predecessor_account_id();
        Event::Paused { by }.emit();
    }

    /// Admits new calls again. Only the owner may call this.
    #[payable]
    pub fn resume(&mut self) {
        require_owner();

        Guard { paused: false }.store();
        let by = env::predecessor_account_id();
        Event::Resumed { by }.emit();
    }

    /// Returns whether new calls are refused.
    pub fn is_paused(&self) -> bool {
        Guard::now().paused
    }
}
