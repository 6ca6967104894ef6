//! The errors of actions and receipts that are not valid.

use near_primitives::errors::{ActionsValidationError, ReceiptValidationError};

use super::balance::near;
use crate::text::{self, NO_BREAK_SPACE, public_key as key};

/// Describes the reason for which actions are not valid.
pub fn actions_error(error: &ActionsValidationError) -> String {
    use ActionsValidationError as Kind;
    match error {
        Kind::DeleteActionMustBeFinal => {
            "The delete action must be the last action in transaction".to_owned()
        }
        Kind::TotalPrepaidGasExceeded {
            total_prepaid_gas,
            limit,
        } => format!(
            "The total prepaid gas {} exceeds the limit {}",
            text::tgas(*total_prepaid_gas),
            text::tgas(*limit)
        )
        .replace(NO_BREAK_SPACE, " "),
        Kind::TotalNumberOfActionsExceeded {
            total_number_of_actions,
            limit,
        } => exceeds(
            "The total number of actions",
            *total_number_of_actions,
            *limit,
        ),
        Kind::AddKeyMethodNamesNumberOfBytesExceeded {
            total_number_of_bytes,
            limit,
        } => exceeds(
            "The total number of bytes in allowed method names",
            *total_number_of_bytes,
            *limit,
        ),
        Kind::AddKeyMethodNameLengthExceeded { length, limit } => {
            exceeds("The length of an allowed method name", *length, *limit)
        }
        Kind::IntegerOverflow => "Integer overflow during a compute".to_owned(),
        Kind::InvalidAccountId { account_id } => format!("Invalid account ID \"{account_id}\""),
        Kind::ContractSizeExceeded { size, limit } => exceeds("The contract size", *size, *limit),
        Kind::FunctionCallMethodNameLengthExceeded { length, limit } => {
            exceeds("The length of the method name", *length, *limit)
        }
        Kind::FunctionCallArgumentsLengthExceeded { length, limit } => {
            exceeds("The length of the arguments", *length, *limit)
        }
        Kind::UnsuitableStakingKey { public_key } => {
            format!(
                "The staking key must be ristretto compatible ED25519 key. {} is provided instead.",
                key(public_key)
            )
        }
        Kind::FunctionCallZeroAttachedGas => {
            "The attached amount of gas in a FunctionCall action has to be a positive number"
                .to_owned()
        }
        Kind::DelegateActionMustBeOnlyOne => {
            "The actions can contain only one DelegateAction".to_owned()
        }
        Kind::UnsupportedProtocolFeature {
            protocol_feature,
            version,
        } => format!(
            "Transaction requires protocol feature {protocol_feature} of protocol version {version}, which is not supported yet"
        ),
        Kind::RemovedProtocolFeature {
            protocol_feature,
            version,
        } => format!(
            "Transaction requires protocol feature {protocol_feature}, which was removed and is not supported at protocol version {version}"
        ),
        Kind::InvalidDeterministicStateInitReceiver {
            receiver_id,
            derived_id,
        }
        | Kind::InvalidUniversalStateInitReceiver {
            receiver_id,
            derived_id,
        } => format!("The state is invalid for account {receiver_id}, derived id is {derived_id}"),
        Kind::DeterministicStateInitKeyLengthExceeded { length, limit }
        | Kind::UniversalStateInitKeyLengthExceeded { length, limit } => {
            exceeds("The length of a storage key", *length, *limit)
        }
        Kind::DeterministicStateInitValueLengthExceeded { length, limit }
        | Kind::UniversalStateInitValueLengthExceeded { length, limit } => {
            exceeds("The length of a storage value", *length, *limit)
        }
        Kind::GasKeyInvalidNumNonces {
            requested_nonces,
            limit,
        } => format!(
            "Gas key requested invalid number of nonces: {requested_nonces} (must be between 1 and {limit})"
        ),
        Kind::AddGasKeyWithNonZeroBalance { balance } => {
            format!(
                "Adding a gas key with non-zero balance is not allowed: balance = {}",
                near(*balance)
            )
        }
        Kind::GasKeyFunctionCallAllowanceNotAllowed => {
            "Gas keys with FunctionCall permission cannot have an allowance set".to_owned()
        }
        Kind::TotalNumberOfDeployActionsExceeded {
            number_of_deploy_actions,
            limit,
        } => exceeds(
            "The total number of deploy actions",
            *number_of_deploy_actions,
            *limit,
        ),
        Kind::FunctionCallEmptyMethodName => {
            "The method name in a FunctionCall action must not be empty".to_owned()
        }
        Kind::MalformedUniversalStateInit => {
            "RawStateInit bytes are not a canonical borsh encoding of UniversalStateInit".to_owned()
        }
        Kind::WithdrawFromGasKeyNotAllowedInDelegate => {
            "A WithdrawFromGasKey action is not allowed inside a delegate action".to_owned()
        }
        Kind::TotalNumberOfStateInitKeysExceeded {
            number_of_keys,
            limit,
        } => exceeds("The number of keys in state inits", *number_of_keys, *limit),
        Kind::TotalNumberOfStateInitEntriesExceeded {
            number_of_entries,
            limit,
        } => exceeds(
            "The number of entries in state inits",
            *number_of_entries,
            *limit,
        ),
        Kind::TransferToUniversalAccountNotAllowed { account_id } => {
            format!("Transfers to the universal account {account_id} are not allowed yet")
        }
    }
}

/// Describes the reason for which a receipt is not valid.
pub fn receipt_error(error: &ReceiptValidationError) -> String {
    use ReceiptValidationError as Kind;
    match error {
        Kind::InvalidPredecessorId { account_id } => not_valid("predecessor_id", account_id),
        Kind::InvalidReceiverId { account_id } => not_valid("receiver_id", account_id),
        Kind::InvalidSignerId { account_id } => not_valid("signer_id", account_id),
        Kind::InvalidDataReceiverId { account_id } => {
            not_valid("receiver_id of the result", account_id)
        }
        Kind::InvalidRefundTo { account_id } => not_valid("refund_to", account_id),
        Kind::ReturnedValueLengthExceeded { length, limit } => {
            exceeds("The length of the returned data", *length, *limit)
        }
        Kind::NumberInputDataDependenciesExceeded {
            number_of_input_data_dependencies,
            limit,
        } => exceeds(
            "The number of input data dependencies",
            *number_of_input_data_dependencies,
            *limit,
        ),
        Kind::ActionsValidation(error) => actions_error(error),
        Kind::ReceiptSizeExceeded { size, limit } => {
            exceeds("The size of the receipt", *size, *limit)
        }
    }
}

fn not_valid(field: &str, account: &str) -> String {
    format!("The {field} \"{account}\" is not valid.")
}

fn exceeds(what: &str, number: u64, limit: u64) -> String {
    format!("{what} {number} exceeds the limit {limit}")
}
