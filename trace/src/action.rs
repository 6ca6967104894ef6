//! Descriptions of actions.

use near_primitives::action::delegate::VersionedDelegateActionPayload;
use near_primitives::hash::CryptoHash;
use near_primitives::types::{Balance, Gas};
use near_primitives::views::{AccessKeyPermissionView, ActionView, GlobalContractIdentifierView};
use serde_json::Value;

use crate::gas;
use crate::text::{self, near, public_key as key, short_near, tgas};

/// Describes an action with its gas, amounts, keys, and code hashes. The first word is a verb.
pub fn describe(action: &ActionView) -> String {
    match action {
        ActionView::FunctionCall {
            method_name,
            gas,
            deposit,
            ..
        } => {
            let deposit = match deposit.is_zero() {
                true => String::new(),
                false => format!(", deposit {}", near(*deposit)),
            };
            format!("call {method_name} with {}{deposit}", tgas(*gas))
        }
        ActionView::DeployContract { code } | ActionView::DeployGlobalContract { code } => {
            format!("{} with the code hash {}", brief(action), code_hash(code))
        }
        ActionView::DeployGlobalContractByAccountId { code } => {
            format!("{}, with the code hash {}", brief(action), code_hash(code))
        }
        ActionView::UseGlobalContract { code_hash } => {
            format!("{} with the code hash {code_hash}", brief(action))
        }
        ActionView::AddKey {
            public_key,
            access_key,
        } => format!(
            "add the key {} {}",
            key(public_key),
            permission(&access_key.permission)
        ),
        ActionView::DeleteKey { public_key } => format!("delete the key {}", key(public_key)),
        ActionView::Stake { public_key, .. } => {
            format!(
                "{} with the validator key {}",
                brief(action),
                key(public_key)
            )
        }
        ActionView::TransferToGasKey { public_key, .. }
        | ActionView::WithdrawFromGasKey { public_key, .. } => {
            format!("{} {}", brief(action), key(public_key))
        }
        ActionView::Delegate {
            delegate_action, ..
        } => format!(
            "{} with the key {}, up to block height {}",
            brief(action),
            key(&delegate_action.public_key),
            delegate_action.max_block_height
        ),
        ActionView::DelegateV2 {
            delegate_action: VersionedDelegateActionPayload::V2(delegate_action),
            ..
        } => format!(
            "{} with the key {}, up to block height {}",
            brief(action),
            key(&delegate_action.public_key),
            delegate_action.max_block_height
        ),
        ActionView::DeterministicStateInit { code, .. } => {
            let code = match code {
                GlobalContractIdentifierView::CodeHash(hash) => {
                    format!("with the code hash {hash}")
                }
                GlobalContractIdentifierView::AccountId(account) => format!("of {account}"),
            };
            format!("{}, to use the global contract {code}", brief(action))
        }
        ActionView::CreateAccount
        | ActionView::Transfer { .. }
        | ActionView::DeleteAccount { .. }
        | ActionView::UseGlobalContractByAccountId { .. }
        | ActionView::UniversalStateInit { .. } => brief(action),
    }
}

/// Describes an action with its amounts, but without keys and hashes. A function call is its method name.
fn brief(action: &ActionView) -> String {
    match action {
        ActionView::Transfer { deposit } => format!("transfer {}", near(*deposit)),
        ActionView::Stake { stake, .. } => format!("stake {}", near(*stake)),
        ActionView::TransferToGasKey { deposit, .. } => {
            format!("transfer {} to the gas key", near(*deposit))
        }
        ActionView::WithdrawFromGasKey { amount, .. } => {
            format!("withdraw {} from the gas key", near(*amount))
        }
        ActionView::DeleteAccount { beneficiary_id } => {
            format!("delete the account ({beneficiary_id} inherits)")
        }
        other => name(other),
    }
}

/// Returns a short name for an action. A function call is its method name.
pub fn name(action: &ActionView) -> String {
    match action {
        ActionView::CreateAccount => "create the account".to_owned(),
        // RPC gives the hash of the code, and not its length.
        ActionView::DeployContract { .. } => "deploy a contract".to_owned(),
        ActionView::FunctionCall { method_name, .. } => method_name.clone(),
        ActionView::Transfer { deposit } => format!("transfer {}", short_near(*deposit)),
        ActionView::Stake { .. } => "stake".to_owned(),
        ActionView::AddKey { .. } => "add a key".to_owned(),
        ActionView::DeleteKey { .. } => "delete a key".to_owned(),
        ActionView::DeleteAccount { .. } => "delete the account".to_owned(),
        ActionView::Delegate {
            delegate_action, ..
        } => format!(
            "act for {} on {}",
            delegate_action.sender_id, delegate_action.receiver_id
        ),
        ActionView::DelegateV2 {
            delegate_action: VersionedDelegateActionPayload::V2(delegate_action),
            ..
        } => format!(
            "act for {} on {}",
            delegate_action.sender_id, delegate_action.receiver_id
        ),
        ActionView::DeployGlobalContract { .. } => "deploy a global contract".to_owned(),
        ActionView::DeployGlobalContractByAccountId { .. } => {
            "deploy a global contract under the account's name".to_owned()
        }
        ActionView::UseGlobalContract { .. } => "use a global contract".to_owned(),
        ActionView::UseGlobalContractByAccountId { account_id } => {
            format!("use the global contract of {account_id}")
        }
        ActionView::DeterministicStateInit { .. } | ActionView::UniversalStateInit { .. } => {
            "initialise the account from its state".to_owned()
        }
        ActionView::TransferToGasKey { .. } => "transfer to a gas key".to_owned(),
        ActionView::WithdrawFromGasKey { .. } => "withdraw from a gas key".to_owned(),
    }
}

/// Returns the name of an action without any amount.
pub(crate) fn kind(action: &ActionView) -> String {
    match action {
        ActionView::Transfer { .. } => "transfer".to_owned(),
        other => name(other),
    }
}

/// Returns the inner actions of a delegate action (NEP-366).
pub fn delegated_actions(action: &ActionView) -> Vec<ActionView> {
    let actions = match action {
        ActionView::Delegate {
            delegate_action, ..
        } => delegate_action.get_actions(),
        ActionView::DelegateV2 {
            delegate_action, ..
        } => delegate_action.get_actions(),
        _ => Vec::new(),
    };
    actions.into_iter().map(ActionView::from).collect()
}

/// Returns true if the action deploys a global contract (NEP-591).
pub(crate) fn deploys_global_contract(action: &ActionView) -> bool {
    matches!(
        action,
        ActionView::DeployGlobalContract { .. }
            | ActionView::DeployGlobalContractByAccountId { .. }
    )
}

/// Returns the hash of the code. RPC returns the hash in the field that holds the code.
fn code_hash(code: &[u8]) -> String {
    match CryptoHash::try_from(code) {
        Ok(hash) => hash.to_string(),
        Err(_) => format!("of {} bytes", text::count(code.len())),
    }
}

/// Describes the permission of an access key.
fn permission(permission: &AccessKeyPermissionView) -> String {
    match permission {
        AccessKeyPermissionView::FullAccess => "with full access".to_owned(),
        AccessKeyPermissionView::FunctionCall {
            allowance,
            receiver_id,
            method_names,
        } => calls(receiver_id, method_names, *allowance),
        AccessKeyPermissionView::GasKeyFunctionCall {
            num_nonces,
            allowance,
            receiver_id,
            method_names,
            ..
        } => format!(
            "{}, as a gas key with {num_nonces} nonces",
            calls(receiver_id, method_names, *allowance)
        ),
        AccessKeyPermissionView::GasKeyFullAccess { num_nonces, .. } => {
            format!("with full access, as a gas key with {num_nonces} nonces")
        }
    }
}

/// Describes a function call permission.
fn calls(receiver: &str, methods: &[String], allowance: Option<Balance>) -> String {
    let methods = match methods {
        [] => "every method".to_owned(),
        _ => methods.join(", "),
    };
    let allowance = match allowance {
        Some(allowance) => format!("an allowance of {}", near(allowance)),
        None => "no limit to its gas".to_owned(),
    };
    format!("to call {methods} of {receiver}, with {allowance}")
}

/// Returns the arguments of a function call, if there are any.
pub fn args(action: &ActionView) -> Option<String> {
    let ActionView::FunctionCall { args, .. } = action else {
        return None;
    };
    match serde_json::from_slice::<Value>(args) {
        _ if args.is_empty() => None,
        Ok(Value::Object(args)) if args.is_empty() => None,
        _ => Some(text::value(args)),
    }
}

/// Returns the deposit of an action, with the deposits of the inner actions of a delegate action.
pub fn deposit(action: &ActionView) -> Balance {
    match action {
        ActionView::FunctionCall { deposit, .. }
        | ActionView::Transfer { deposit }
        | ActionView::DeterministicStateInit { deposit, .. }
        | ActionView::UniversalStateInit { deposit, .. }
        | ActionView::TransferToGasKey { deposit, .. } => *deposit,
        other => total_deposit(&delegated_actions(other)),
    }
}

/// Returns the sum of the deposits.
pub fn total_deposit(actions: &[ActionView]) -> Balance {
    let deposits = actions.iter().map(deposit);
    deposits.fold(Balance::ZERO, Balance::saturating_add)
}

/// Returns the gas that is attached to function calls, with the inner actions of delegate actions.
pub fn attached_gas(actions: &[ActionView]) -> Gas {
    gas::sum(actions.iter().map(|action| match action {
        ActionView::FunctionCall { gas, .. } => *gas,
        other => attached_gas(&delegated_actions(other)),
    }))
}

/// Describes several actions in a row. A function call is its method name.
pub fn describe_briefly(actions: &[ActionView]) -> String {
    match actions {
        [] => "distribute a global contract".to_owned(),
        _ => text::list(&actions.iter().map(brief).collect::<Vec<_>>()),
    }
}
