//! The error of this crate.

use near_primitives::hash::CryptoHash;

/// The reason for which a transaction cannot be read from a [`TxStatus`](crate::TxStatus).
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The transaction has not been executed to its end.
    #[error("transaction {0} is not final: ask again later")]
    NotFinal(CryptoHash),
    /// An outcome is missing, and another outcome refers to it.
    #[error(
        "there is no outcome for {0}: the transaction is not final, or the node has garbage-collected the outcome"
    )]
    MissingOutcome(CryptoHash),
    /// A receipt is missing, and an outcome refers to it.
    #[error(
        "there is no receipt {0}: ask for EXPERIMENTAL_tx_status, because `tx` leaves receipts out"
    )]
    MissingReceipt(CryptoHash),
    /// No receipt sends the data for which another receipt waited.
    #[error("no receipt sends the data {0}, and a callback waited for it")]
    MissingDataSender(CryptoHash),
    /// A receipt runs before the receipt that created it.
    #[error(
        "a receipt runs before the receipt that created it: the saved response was changed, or is put together from \
         several"
    )]
    OutOfOrder,
    /// The response has no receipts at all: it is a response to `tx`.
    #[error(
        "this is a response to `tx`, which leaves receipts out: save the response to EXPERIMENTAL_tx_status, which \
         has the same parameters"
    )]
    NoReceipts,
    /// The response is a JSON-RPC error.
    #[error("the node returned an error: {0}")]
    Rpc(String),
    /// The response has another form.
    #[error("this is not a response to EXPERIMENTAL_tx_status")]
    Json(#[from] serde_json::Error),
}
