//! The errors of access keys.

use near_primitives::errors::InvalidAccessKeyError;

use super::balance::near_pair;
use crate::text::public_key as key;

/// Describes the error of an access key.
pub fn access_key_error(error: &InvalidAccessKeyError) -> String {
    use InvalidAccessKeyError as Kind;
    match error {
        Kind::AccessKeyNotFound {
            account_id,
            public_key,
        } => format!(
            "Signer {account_id} doesn't have access key with the given public_key {}",
            key(public_key)
        ),
        Kind::ReceiverMismatch {
            tx_receiver,
            ak_receiver,
        } => format!(
            "Transaction receiver_id {tx_receiver} doesn't match the access key receiver_id {ak_receiver}"
        ),
        Kind::MethodNameMismatch { method_name } => {
            format!("Transaction method name {method_name} isn't allowed by the access key")
        }
        Kind::RequiresFullAccess => {
            "Invalid access key type. Full-access keys are required for transactions that have multiple or non-function-call actions".to_owned()
        }
        Kind::NotEnoughAllowance {
            account_id,
            public_key,
            allowance,
            cost,
        } => {
            let [allowance, cost] = near_pair(*allowance, *cost);
            format!("Access Key {} of {account_id} does not have enough balance {allowance} for transaction costing {cost}", key(public_key))
            },
        Kind::DepositWithFunctionCall => {
            "Having a deposit with a function call action is not allowed with a function call access key.".to_owned()
        },
        Kind::DelegateActionRequiresNonGasKey => {
            "Gas keys can't sign a delegate action with a plain nonce; use a DelegateV2 with a gas key nonce".to_owned()
        }
        Kind::DelegateActionRequiresGasKey => {
            "Gas key delegate action requires a gas key".to_owned()
        }
    }
}
