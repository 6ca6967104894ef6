//! The form of the first state of a deterministic account (NEP-616).

use near_parameters::vm::LimitConfig;
use near_primitives::action::Action;
use near_primitives::deterministic_account_id::DeterministicAccountStateInit;
use near_primitives::errors::ActionsValidationError;
use near_primitives::types::AccountId;
use near_primitives::utils::derive_near_deterministic_account_id;

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

/// Counts the storage entries of all state inits. Those inside a delegate action count for the receipt
/// that it becomes.
pub(super) fn entry_count(actions: &[Action]) -> u64 {
    actions
        .iter()
        .map(|action| match action {
            Action::DeterministicStateInit(action) => action.state_init.data().len() as u64,
            _ => 0,
        })
        .sum()
}
