//! New code for this account, sent by its owner.

use near_sdk::{Gas, NearToken, Promise, env, near, require};

use super::announce::require_announced;
use crate::operations::events::Event;
use crate::{Contract, ContractExt};

/// Gas for `migrate`: 10 Tgas. It loads the new code, and reads and writes the state once.
pub const GAS_FOR_MIGRATE: Gas = Gas::from_tgas(10);

#[near]
impl Contract {
    // ANCHOR: code
    /// Replaces the code of this account, and migrates the state. Both happen in one receipt: when the
    /// migration fails, the old code is still there, with its old state.
    ///
    /// The wasm is the whole input of the call. As a JSON text it would be a third longer, and its gas
    /// would go into reading it.
    #[payable]
    pub fn upgrade(&mut self) -> Promise {
        self.require_owner();
        let code = env::input().unwrap_or_default();
        require!(!code.is_empty(), "Give the new code as the input");
        require_announced(&code);

        Event::UpgradeSent {
            by: env::predecessor_account_id(),
            code_bytes: code.len() as u64,
        }
        .emit();
        Promise::new(env::current_account_id())
            .deploy_contract(code)
            .function_call(
                "migrate",
                Vec::new(),
                NearToken::from_near(0),
                GAS_FOR_MIGRATE,
            )
    }
    // ANCHOR_END: code
}
