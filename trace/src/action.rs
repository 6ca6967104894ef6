//! Actions in words.

use near_primitives::action::delegate::VersionedDelegateActionPayload;
use near_primitives::hash::CryptoHash;
use near_primitives::types::{Balance, Gas};
use near_primitives::views::{AccessKeyPermissionView, ActionView, GlobalContractIdentifierView};
use serde_json::Value;

use crate::gas;
use crate::text::{self, key, near, short_near, tgas};

/// All there is to say of an action: with how much gas and money, with which key and which code. The first word
/// is a verb.
pub fn told(action: &ActionView) -> String {
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

/// Tells an action with its amounts and without keys and hashes; of a call, the method.
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
        other => short(other),
    }
}

/// What an action does: the method, where it is a call.
pub fn short(action: &ActionView) -> String {
    match action {
        ActionView::CreateAccount => "create the account".to_owned(),
        // RPC gives the hash of the code, and nothing of its length.
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

/// Returns the kind of an action, without any amount; of a call, the method.
pub(crate) fn verb(action: &ActionView) -> String {
    match action {
        ActionView::Transfer { .. } => "transfer".to_owned(),
        other => short(other),
    }
}

/// The actions that a delegate action carries for another account.
pub fn delegated(action: &ActionView) -> Vec<ActionView> {
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

/// Returns true where bytes of code are paid for, beside gas.
pub(crate) fn deploys_globally(action: &ActionView) -> bool {
    matches!(
        action,
        ActionView::DeployGlobalContract { .. }
            | ActionView::DeployGlobalContractByAccountId { .. }
    )
}

/// The hash of code that an answer has in the place of the code.
fn code_hash(code: &[u8]) -> String {
    match CryptoHash::try_from(code) {
        Ok(hash) => hash.to_string(),
        Err(_) => format!("of {} bytes", text::count(code.len())),
    }
}

/// Tells the permission of a key.
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

/// What a call brings along, unless that is nothing.
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

/// The deposit of an action, with those that a delegate action carries.
pub fn deposit(action: &ActionView) -> Balance {
    match action {
        ActionView::FunctionCall { deposit, .. }
        | ActionView::Transfer { deposit }
        | ActionView::DeterministicStateInit { deposit, .. }
        | ActionView::UniversalStateInit { deposit, .. }
        | ActionView::TransferToGasKey { deposit, .. } => *deposit,
        other => deposits(&delegated(other)),
    }
}

/// All deposits together.
pub fn deposits(actions: &[ActionView]) -> Balance {
    let deposits = actions.iter().map(deposit);
    deposits.fold(Balance::ZERO, Balance::saturating_add)
}

/// The gas that is attached to calls, with those that a delegate action carries.
pub fn attached_gas(actions: &[ActionView]) -> Gas {
    gas::sum(actions.iter().map(|action| match action {
        ActionView::FunctionCall { gas, .. } => *gas,
        other => attached_gas(&delegated(other)),
    }))
}

/// The least number of actions in a row that read the same and are counted.
const REPEATED: usize = 5;

/// Several actions in a row: of a call only the method.
pub fn names(actions: &[ActionView]) -> String {
    if actions.is_empty() {
        return "distribute a global contract".to_owned();
    }
    let names: Vec<_> = actions.iter().map(brief).collect();
    let runs = names.chunk_by(|one, next| one == next);
    let told = runs.flat_map(|run| match run {
        [name, ..] if run.len() >= REPEATED => vec![format!("{name} ({} times)", run.len())],
        _ => run.to_vec(),
    });
    told.collect::<Vec<_>>().join(", ")
}
