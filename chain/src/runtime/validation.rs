//! The form of actions and receipts (`SPEC.md` §1.1, second check). The same rules hold for the actions of
//! a transaction and for the receipts that contracts create.

mod access_key;
mod state_init;

use near_crypto::key_conversion::is_valid_staking_key;
use near_parameters::vm::LimitConfig;
use near_primitives::account::id::AccountType;
use near_primitives::action::{Action, FunctionCallAction};
use near_primitives::errors::{ActionsValidationError, ReceiptValidationError};
use near_primitives::receipt::{Receipt, VersionedActionReceipt, VersionedReceiptEnum};
use near_primitives::types::{AccountId, Gas, ProtocolVersion};
use near_primitives::version::ProtocolFeature;

use self::access_key::validate_access_key;
use self::state_init::{
    validate_deterministic_state_init, validate_state_init_counts, validate_universal_state_init,
};
use super::fees;

/// Checks actions from left to right. The first violation is the error.
pub(super) fn validate_actions(
    limits: &LimitConfig,
    actions: &[Action],
    receiver_id: &AccountId,
    protocol_version: ProtocolVersion,
) -> Result<(), ActionsValidationError> {
    validate_counts(limits, actions)?;
    let mut has_delegate = false;
    for (index, action) in actions.iter().enumerate() {
        if matches!(action, Action::DeleteAccount(_)) && index + 1 != actions.len() {
            return Err(ActionsValidationError::DeleteActionMustBeFinal);
        }
        if action.is_delegate() && std::mem::replace(&mut has_delegate, true) {
            return Err(ActionsValidationError::DelegateActionMustBeOnlyOne);
        }
        validate_action(limits, action, receiver_id, protocol_version)?;
    }
    let attached =
        fees::attached_gas(actions).map_err(|_| ActionsValidationError::IntegerOverflow)?;
    let limit = limits.max_total_prepaid_gas;
    if attached > limit {
        return Err(ActionsValidationError::TotalPrepaidGasExceeded {
            total_prepaid_gas: attached,
            limit,
        });
    }
    Ok(())
}

/// Checks a receipt that a contract has created.
pub(super) fn validate_receipt(
    limits: &LimitConfig,
    receipt: &Receipt,
    protocol_version: ProtocolVersion,
) -> Result<(), ReceiptValidationError> {
    let size = borsh::object_length(receipt).unwrap_or(usize::MAX) as u64;
    let limit = limits.max_receipt_size;
    if size > limit {
        return Err(ReceiptValidationError::ReceiptSizeExceeded { size, limit });
    }
    match receipt.versioned_receipt() {
        VersionedReceiptEnum::Action(action_receipt)
        | VersionedReceiptEnum::PromiseYield(action_receipt) => validate_action_receipt(
            limits,
            &action_receipt,
            receipt.receiver_id(),
            protocol_version,
        ),
        VersionedReceiptEnum::Data(data) | VersionedReceiptEnum::PromiseResume(data) => {
            let length = data.data.as_ref().map_or(0, Vec::len) as u64;
            let limit = limits.max_length_returned_data;
            if length > limit {
                return Err(ReceiptValidationError::ReturnedValueLengthExceeded { length, limit });
            }
            Ok(())
        }
        VersionedReceiptEnum::GlobalContractDistribution(_) => Ok(()),
    }
}

fn validate_action_receipt(
    limits: &LimitConfig,
    receipt: &VersionedActionReceipt,
    receiver_id: &AccountId,
    protocol_version: ProtocolVersion,
) -> Result<(), ReceiptValidationError> {
    let inputs = receipt.input_data_ids().len() as u64;
    let limit = limits.max_number_input_data_dependencies;
    if inputs > limit {
        return Err(
            ReceiptValidationError::NumberInputDataDependenciesExceeded {
                number_of_input_data_dependencies: inputs,
                limit,
            },
        );
    }
    validate_actions(limits, receipt.actions(), receiver_id, protocol_version)
        .map_err(ReceiptValidationError::ActionsValidation)
}

fn validate_counts(limits: &LimitConfig, actions: &[Action]) -> Result<(), ActionsValidationError> {
    let count = actions.len() as u64;
    let limit = limits.max_actions_per_receipt;
    if count > limit {
        return Err(ActionsValidationError::TotalNumberOfActionsExceeded {
            total_number_of_actions: count,
            limit,
        });
    }
    let deploys = deploy_count(actions);
    let limit = limits.max_deploy_actions_per_receipt;
    if deploys > limit {
        return Err(ActionsValidationError::TotalNumberOfDeployActionsExceeded {
            number_of_deploy_actions: deploys,
            limit,
        });
    }
    validate_state_init_counts(limits, actions)
}

fn validate_action(
    limits: &LimitConfig,
    action: &Action,
    receiver_id: &AccountId,
    protocol_version: ProtocolVersion,
) -> Result<(), ActionsValidationError> {
    check_version(action, receiver_id, protocol_version)?;
    match action {
        Action::DeployContract(deploy) => validate_code(limits, deploy.code.len()),
        Action::DeployGlobalContract(deploy) => validate_code(limits, deploy.code.len()),
        Action::FunctionCall(call) => validate_function_call(limits, call),
        Action::AddKey(add_key) => validate_access_key(limits, &add_key.access_key),
        Action::DeterministicStateInit(action) => {
            validate_deterministic_state_init(limits, &action.state_init, receiver_id)
        }
        Action::UniversalStateInit(action) => {
            validate_universal_state_init(limits, &action.state_init, receiver_id)
        }
        Action::Stake(stake) if !is_valid_staking_key(&stake.public_key) => {
            Err(ActionsValidationError::UnsuitableStakingKey {
                public_key: Box::new(stake.public_key.clone()),
            })
        }
        Action::Delegate(signed) => {
            let inner = &signed.delegate_action;
            let actions = inner.get_actions();
            if actions
                .iter()
                .any(|action| matches!(action, Action::WithdrawFromGasKey(_)))
            {
                return Err(ActionsValidationError::WithdrawFromGasKeyNotAllowedInDelegate);
            }
            validate_actions(limits, &actions, &inner.receiver_id, protocol_version)
        }
        _ => Ok(()),
    }
}

fn validate_code(limits: &LimitConfig, length: usize) -> Result<(), ActionsValidationError> {
    let (size, limit) = (length as u64, limits.max_contract_size);
    if size > limit {
        return Err(ActionsValidationError::ContractSizeExceeded { size, limit });
    }
    Ok(())
}

fn validate_function_call(
    limits: &LimitConfig,
    call: &FunctionCallAction,
) -> Result<(), ActionsValidationError> {
    if call.gas == Gas::ZERO {
        return Err(ActionsValidationError::FunctionCallZeroAttachedGas);
    }
    if call.method_name.is_empty() {
        return Err(ActionsValidationError::FunctionCallEmptyMethodName);
    }
    let (length, limit) = (call.method_name.len() as u64, limits.max_length_method_name);
    if length > limit {
        return Err(ActionsValidationError::FunctionCallMethodNameLengthExceeded { length, limit });
    }
    let (length, limit) = (call.args.len() as u64, limits.max_arguments_length);
    if length > limit {
        return Err(ActionsValidationError::FunctionCallArgumentsLengthExceeded { length, limit });
    }
    Ok(())
}

/// Refuses what the protocol version does not have, by the names of nearcore.
fn check_version(
    action: &Action,
    receiver_id: &AccountId,
    protocol_version: ProtocolVersion,
) -> Result<(), ActionsValidationError> {
    let has_universal_accounts = ProtocolFeature::UniversalAccounts.enabled(protocol_version);
    match action {
        Action::DelegateV2(_) => Err(ActionsValidationError::RemovedProtocolFeature {
            protocol_feature: "DelegateV2".to_owned(),
            version: protocol_version,
        }),
        Action::UniversalStateInit(_) if !has_universal_accounts => {
            Err(ActionsValidationError::UnsupportedProtocolFeature {
                protocol_feature: "UniversalAccounts".to_owned(),
                version: protocol_version,
            })
        }
        Action::Transfer(_)
            if !has_universal_accounts
                && receiver_id.get_account_type() == AccountType::UniversalAccount =>
        {
            Err(
                ActionsValidationError::TransferToUniversalAccountNotAllowed {
                    account_id: receiver_id.clone(),
                },
            )
        }
        _ => Ok(()),
    }
}

/// Counts the deployments. Those inside a delegate action count for the receipt that it becomes.
fn deploy_count(actions: &[Action]) -> u64 {
    let is_deployment = |action: &&Action| {
        matches!(
            action,
            Action::DeployContract(_) | Action::DeployGlobalContract(_)
        )
    };
    actions.iter().filter(is_deployment).count() as u64
}
