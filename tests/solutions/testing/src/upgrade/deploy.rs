//! The deployment of new code to this account, by its owner.

use near_sdk::{Gas, GasWeight, NearToken, Promise, env, near, require};

use crate::operations::events::Event;
use crate::operations::ownership::require_owner;
use crate::upgrade::announce::require_announced;
use crate::{Contract, ContractExt};

/// The static gas of each of the two calls of an upgrade: 10 Tgas. The unused gas is shared between
/// them by weight, so that a migration can get more. This release cannot know how much the next one
/// needs.
pub const GAS_FOR_UPGRADE_CALL: Gas = Gas::from_tgas(10);

#[near]
impl Contract {
    // ANCHOR: code
    /// Replaces the code of this account, migrates the state, and lets the new code check the
    /// result. All of it happens in one receipt: when the migration or the check fails, the chain
    /// reverts code and state.
    ///
    /// It takes no `self`, so it works even when the state cannot be read. And the wasm is the
    /// whole input of the call: as a text in JSON it would be a third longer, and reading it would
    /// cost much gas.
    ///
    /// The announcement is not removed. This method ends before the migration begins, and a removal
    /// would not be reverted when the migration fails. So the same code may be sent again, for
    /// example with more gas.
    pub fn upgrade() -> Promise {
        require_owner();
        let code = env::input().unwrap_or_default();
        require!(!code.is_empty(), "Give the new code as the input");
        require_announced(&code);

        Event::UpgradeSent {
            by: env::predecessor_account_id(),
            code_bytes: code.len() as u64,
        }
        .emit();
        let call = |upgrade: Promise, method: &str, weight| {
            upgrade.function_call_weight(
                method,
                Vec::new(),
                NearToken::from_near(0),
                GAS_FOR_UPGRADE_CALL,
                GasWeight(weight),
            )
        };
        let deploy = Promise::new(env::current_account_id()).deploy_contract(code);
        let migrate = call(deploy, "migrate", 3);
        call(migrate, "check_upgrade", 1)
    }
    // ANCHOR_END: code
}
