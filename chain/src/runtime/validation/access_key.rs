//! The form of an access key that is to be added.

use near_parameters::vm::LimitConfig;
use near_primitives::account::{
    AccessKey, AccessKeyPermission, FunctionCallPermission, GasKeyInfo,
};
use near_primitives::errors::ActionsValidationError;
use near_primitives::types::{AccountId, Balance};

/// Checks the permission of a key and, for a gas key (NEP-611), its nonces and its balance.
pub(super) fn validate_access_key(
    limits: &LimitConfig,
    access_key: &AccessKey,
) -> Result<(), ActionsValidationError> {
    let permission = access_key.permission.function_call_permission();
    if let Some(permission) = permission {
        validate_function_call_permission(limits, permission)?;
    }
    match access_key.gas_key_info() {
        Some(gas_key) => validate_gas_key(gas_key, permission),
        None => Ok(()),
    }
}

fn validate_gas_key(
    gas_key: &GasKeyInfo,
    permission: Option<&FunctionCallPermission>,
) -> Result<(), ActionsValidationError> {
    if permission.is_some_and(|permission| permission.allowance.is_some()) {
        return Err(ActionsValidationError::GasKeyFunctionCallAllowanceNotAllowed);
    }
    let limit = AccessKeyPermission::MAX_NONCES_FOR_GAS_KEY;
    if gas_key.num_nonces == 0 || gas_key.num_nonces > limit {
        return Err(ActionsValidationError::GasKeyInvalidNumNonces {
            requested_nonces: gas_key.num_nonces,
            limit,
        });
    }
    if gas_key.balance != Balance::ZERO {
        return Err(ActionsValidationError::AddGasKeyWithNonZeroBalance {
            balance: gas_key.balance,
        });
    }
    Ok(())
}

fn validate_function_call_permission(
    limits: &LimitConfig,
    permission: &FunctionCallPermission,
) -> Result<(), ActionsValidationError> {
    if permission.receiver_id.parse::<AccountId>().is_err() {
        return Err(ActionsValidationError::InvalidAccountId {
            account_id: permission.receiver_id.clone(),
        });
    }
    let limit = limits.max_length_method_name;
    let mut total = 0;
    for name in &permission.method_names {
        let length = name.len() as u64;
        if length > limit {
            return Err(ActionsValidationError::AddKeyMethodNameLengthExceeded { length, limit });
        }
        total += length + 1;
    }
    let limit = limits.max_number_bytes_method_names;
    if total > limit {
        return Err(
            ActionsValidationError::AddKeyMethodNamesNumberOfBytesExceeded {
                total_number_of_bytes: total,
                limit,
            },
        );
    }
    Ok(())
}
