//! The form of the first state of a deterministic account (NEP-616) and of a universal account.

use near_parameters::vm::LimitConfig;
use near_primitives::action::Action;
use near_primitives::deterministic_account_id::DeterministicAccountStateInit;
use near_primitives::errors::ActionsValidationError;
use near_primitives::types::AccountId;
use near_primitives::universal_state_init::{RawStateInit, UniversalStateInit, state_init_counts};
use near_primitives::utils::{derive_near_deterministic_account_id, derive_universal_account_id};

/// Checks that the receiver is the account that this state describes, and the lengths of keys and values.
pub(super) fn validate_deterministic_state_init(
    limits: &LimitConfig,
    state_init: &DeterministicAccountStateInit,
    receiver_id: &AccountId,
) -> Result<(), ActionsValidationError> {
    let derived_id = derive_near_deterministic_account_id(state_init);
    if derived_id != *receiver_id {
        return Err(
            ActionsValidationError::InvalidDeterministicStateInitReceiver {
                receiver_id: receiver_id.clone(),
                derived_id,
            },
        );
    }
    for (key, value) in state_init.data() {
        let (length, limit) = (key.len() as u64, limits.max_length_storage_key);
        if length > limit {
            return Err(
                ActionsValidationError::DeterministicStateInitKeyLengthExceeded { length, limit },
            );
        }
        let (length, limit) = (value.len() as u64, limits.max_length_storage_value);
        if length > limit {
            return Err(
                ActionsValidationError::DeterministicStateInitValueLengthExceeded { length, limit },
            );
        }
    }
    Ok(())
}

/// Checks that the receiver is the account of these bytes, that they are a state in its canonical form, and
/// the lengths of keys and values.
pub(super) fn validate_universal_state_init(
    limits: &LimitConfig,
    state_init: &RawStateInit,
    receiver_id: &AccountId,
) -> Result<(), ActionsValidationError> {
    let derived_id = derive_universal_account_id(state_init);
    if derived_id != *receiver_id {
        return Err(ActionsValidationError::InvalidUniversalStateInitReceiver {
            receiver_id: receiver_id.clone(),
            derived_id,
        });
    }
    let state_init = UniversalStateInit::from_raw_strict(state_init)
        .map_err(|_| ActionsValidationError::MalformedUniversalStateInit)?;
    for (key, value) in state_init.data() {
        let (length, limit) = (key.len() as u64, limits.max_length_storage_key);
        if length > limit {
            return Err(
                ActionsValidationError::UniversalStateInitKeyLengthExceeded { length, limit },
            );
        }
        let (length, limit) = (value.len() as u64, limits.max_length_storage_value);
        if length > limit {
            return Err(
                ActionsValidationError::UniversalStateInitValueLengthExceeded { length, limit },
            );
        }
    }
    Ok(())
}

/// Checks the number of storage entries and of keys that all state inits have together. Those inside a
/// delegate action count for the receipt that it becomes.
pub(super) fn validate_state_init_counts(
    limits: &LimitConfig,
    actions: &[Action],
) -> Result<(), ActionsValidationError> {
    let (mut number_of_entries, mut number_of_keys) = (0, 0);
    for action in actions {
        match action {
            Action::DeterministicStateInit(action) => {
                number_of_entries += action.state_init.data().len() as u64;
            }
            Action::UniversalStateInit(action) => {
                let counts = state_init_counts(&action.state_init);
                number_of_entries += counts.num_entries;
                number_of_keys += counts.num_keys;
            }
            _ => {}
        }
    }
    let limit = limits.max_state_init_entries;
    if number_of_entries > limit {
        return Err(
            ActionsValidationError::TotalNumberOfStateInitEntriesExceeded {
                number_of_entries,
                limit,
            },
        );
    }
    let limit = limits.max_universal_state_init_keys;
    if number_of_keys > limit {
        return Err(ActionsValidationError::TotalNumberOfStateInitKeysExceeded {
            number_of_keys,
            limit,
        });
    }
    Ok(())
}
