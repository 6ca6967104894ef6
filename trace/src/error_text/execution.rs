//! The errors of receipts and transactions.

use near_primitives::errors::TxExecutionError;

use super::action::action_error;
use super::transaction::invalid_tx_error;

/// Describes the error of a receipt or a transaction, with the index of the action that failed.
pub fn tx_execution_error(error: &TxExecutionError) -> String {
    match error {
        TxExecutionError::ActionError(error) => match error.index {
            Some(index) => format!("Action #{index}: {}", action_error(&error.kind)),
            None => action_error(&error.kind),
        },
        TxExecutionError::InvalidTxError(error) => invalid_tx_error(error),
    }
}
