//! Actions in words.

use near_primitives::types::{Balance, Gas};
use near_primitives::views::ActionView;
use serde_json::Value;

use crate::gas;
use crate::text::{self, near, short_near, tgas};

/// What an action does, and with how much gas and money. The first word is a verb.
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
        ActionView::Transfer { deposit } => format!("transfer {}", near(*deposit)),
        ActionView::Stake { stake, .. } => format!("stake {}", near(*stake)),
        ActionView::TransferToGasKey { deposit, .. } => {
            format!("transfer {} to a gas key", near(*deposit))
        }
        ActionView::WithdrawFromGasKey { amount, .. } => {
            format!("withdraw {} from a gas key", near(*amount))
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
        ActionView::DelegateV2 { .. } => "act for another account".to_owned(),
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

/// The deposit of an action.
pub fn deposit(action: &ActionView) -> Balance {
    match action {
        ActionView::FunctionCall { deposit, .. }
        | ActionView::Transfer { deposit }
        | ActionView::DeterministicStateInit { deposit, .. }
        | ActionView::UniversalStateInit { deposit, .. }
        | ActionView::TransferToGasKey { deposit, .. } => *deposit,
        _ => Balance::ZERO,
    }
}

/// All deposits together.
pub fn deposits(actions: &[ActionView]) -> Balance {
    let deposits = actions.iter().map(deposit);
    deposits.fold(Balance::ZERO, Balance::saturating_add)
}

/// The gas that is attached to calls.
pub fn attached_gas(actions: &[ActionView]) -> Gas {
    gas::sum(actions.iter().map(|action| match action {
        ActionView::FunctionCall { gas, .. } => *gas,
        _ => Gas::ZERO,
    }))
}

/// Several actions in a row: of a call only the method.
pub fn names(actions: &[ActionView]) -> String {
    let name = |action: &ActionView| match action {
        ActionView::FunctionCall { method_name, .. } => method_name.clone(),
        other => told(other),
    };
    match actions {
        [] => "distribute a global contract".to_owned(),
        _ => actions.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}
