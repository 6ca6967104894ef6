//! The result of the RPC method `EXPERIMENTAL_tx_status`.

use near_primitives::views::FinalExecutionOutcomeWithReceiptView;
use serde_json::Value;

use crate::error::TraceError;
use crate::error_text;

/// The result of the RPC method `EXPERIMENTAL_tx_status`: a transaction, its receipts, and their outcomes.
pub type TxStatus = FinalExecutionOutcomeWithReceiptView;

/// Parses a saved response to `EXPERIMENTAL_tx_status`, with or without its JSON-RPC envelope.
///
/// # Errors
/// The response is an error, a response to another method, or not JSON.
pub fn parse_tx_status(response: &[u8]) -> Result<TxStatus, TraceError> {
    let mut response: Value = serde_json::from_slice(response)?;
    if let Some(error) = response.get("error") {
        return Err(TraceError::Rpc(error_text::rpc_error(error)));
    }
    let result = match response.get_mut("result") {
        Some(result) => result.take(),
        None => response,
    };
    from_result(result)
}

/// Parses the `result` of a JSON-RPC response.
pub(crate) fn from_result(result: Value) -> Result<TxStatus, TraceError> {
    if result.get("receipts_outcome").is_some() && result.get("receipts").is_none() {
        return Err(TraceError::NoReceipts);
    }
    Ok(serde_json::from_value(result)?)
}
