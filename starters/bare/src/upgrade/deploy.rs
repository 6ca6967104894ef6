// ANCHOR: all
//! The deployment of new code to this account, by its owner.

use near_sdk::{Gas, GasWeight, NearToken, Promise, env, near, require};

use crate::operations::events::Event;
use crate::operations::ownership::require_owner;
use crate::{Contract, ContractExt};

// ANCHOR: gas
/// The static gas of each of the two calls of an upgrade: 10 Tgas. The unused gas is shared between
/// them by weight, so that a migration can get more. This release cannot know how much the next one
/// needs.
pub const GAS_FOR_UPGRADE_CALL: Gas = Gas::from_tgas(10);
// ANCHOR_END: gas

#[near]
impl Contract {
    // ANCHOR: upgrade
    /// Replaces the code of this account, migrates the state, and lets the new code check the
    /// result. All of it happens in one receipt: when the migration or the check fails, the chain
    /// reverts code and state.
    ///
    /// It takes no `self`, so it works even when the state cannot be read. And the wasm is the
    /// whole input of the call: as a text in JSON it would be a third longer, and reading it would
    /// cost much gas.
    pub fn upgrade() -> Promise {
        require_owner();
        let code = env::input().unwrap_or_default();
        require!(!code.is_empty(), "Give the new code as the input");

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
    // ANCHOR_END: upgrade
}

#[cfg(test)]
mod tests {
    use near_sdk::mock::MockAction;
    use near_sdk::test_utils::{VMContextBuilder, accounts, get_created_receipts, get_logs};
    use near_sdk::testing_env;

    use super::*;

    /// Calls `upgrade` with `code` as `accounts(caller)`, on `alice`, which owns itself.
    fn upgrade_by(caller: usize, code: &[u8]) {
        let mut context = VMContextBuilder::new();
        context
            .current_account_id(accounts(0))
            .predecessor_account_id(accounts(caller))
            .signer_account_id(accounts(caller))
            .attached_deposit(NearToken::from_yoctonear(1));
        let mut context = context.build();
        context.input = code.to_vec().into();
        testing_env!(context);

        Contract::upgrade().detach();
    }

    #[test]
    fn code_migration_and_check_are_sent_in_one_receipt() {
        upgrade_by(0, b"new code");

        let [upgrade] = &get_created_receipts()[..] else {
            panic!("not one receipt");
        };
        assert_eq!(upgrade.receiver_id, accounts(0));
        let [
            MockAction::DeployContract { code, .. },
            MockAction::FunctionCallWeight {
                method_name: migrate,
                ..
            },
            MockAction::FunctionCallWeight {
                method_name: check, ..
            },
        ] = &upgrade.actions[..]
        else {
            panic!("not these three actions: {upgrade:?}");
        };
        assert_eq!(code, b"new code");
        assert_eq!(migrate, b"migrate");
        assert_eq!(check, b"check_upgrade");
        assert!(get_logs()[0].contains(r#""event":"upgrade_sent""#));
    }

    #[test]
    #[should_panic(expected = "Only the owner may do this")]
    fn nobody_else_can_replace_the_code() {
        upgrade_by(1, b"new code");
    }

    #[test]
    #[should_panic(expected = "Give the new code as the input")]
    fn an_upgrade_without_code_is_refused() {
        upgrade_by(0, b"");
    }
}
// ANCHOR_END: all
