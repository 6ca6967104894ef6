//! Errors with the names that tools print.

use chain::views::final_outcome_with_receipts;
use near_primitives::errors::{InvalidTxError, TxExecutionError};
use near_primitives::views::{ExecutionStatusView, FinalExecutionStatus};
use trace::error_text::{self, error_name};

use super::chain::{TestChain, TxHash};

/// An error with its name.
pub struct NamedError {
    /// The name, such as `AccountDoesNotExist`. It is empty for an error that has none.
    pub name: String,
    /// The text.
    pub text: String,
}

impl NamedError {
    /// Returns an error that has no name.
    pub fn without_name(text: String) -> Self {
        let name = String::new();
        Self { name, text }
    }
}

impl From<&InvalidTxError> for NamedError {
    fn from(error: &InvalidTxError) -> Self {
        Self {
            name: error_name(error).unwrap_or_default(),
            text: error_text::invalid_tx_error(error),
        }
    }
}

impl From<&TxExecutionError> for NamedError {
    fn from(error: &TxExecutionError) -> Self {
        Self {
            name: error_name(error).unwrap_or_default(),
            text: error_text::tx_execution_error(error),
        }
    }
}

impl TestChain {
    /// Returns the error of a transaction, or the first one of its receipts if it succeeds.
    ///
    /// # Panics
    /// Nothing has failed.
    pub fn named_error(&self, tx: TxHash) -> NamedError {
        let status =
            final_outcome_with_receipts(&self.chain, &tx).expect("the transaction has run");
        let outcome = status.final_outcome;
        if let FinalExecutionStatus::Failure(error) = &outcome.status {
            return error.into();
        }
        let failed =
            outcome
                .receipts_outcome
                .iter()
                .find_map(|receipt| match &receipt.outcome.status {
                    ExecutionStatusView::Failure(error) => Some(error),
                    _ => None,
                });
        failed
            .unwrap_or_else(|| panic!("nothing has failed: {}", self.tree(tx)))
            .into()
    }
}
