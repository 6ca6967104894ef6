//! The error of the RPC client.

use std::fmt;

use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;

use crate::error::TraceError;
use crate::transaction::Transaction;

/// The reason for which a node did not return a final transaction.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    /// Nothing answers at the URL.
    #[error(
        "no node answers at {url} (is the address right, and is there a network? --rpc names another node)"
    )]
    Unreachable {
        /// The URL of the node.
        url: String,
        /// The error of the HTTP client.
        source: ureq::Error,
    },
    /// The response is not JSON-RPC.
    #[error(
        "{url} does not answer as a NEAR node does (HTTP status {status}): {body}\n\
         --rpc names another node"
    )]
    NotJsonRpc {
        /// The URL of the node.
        url: String,
        /// The HTTP status.
        status: u16,
        /// The beginning of the response.
        body: String,
    },
    /// The node does not know the transaction.
    #[error(
        "{url} does not know transaction {hash} of {sender}. Look at the hash, the sender and the network. \
         A node forgets a transaction after some days, an archival node does not: name one with --rpc"
    )]
    UnknownTransaction {
        /// The URL of the node.
        url: String,
        /// The requested hash.
        hash: CryptoHash,
        /// The requested sender.
        sender: AccountId,
    },
    /// The hash is the id of a receipt.
    #[error("{hash} is not a transaction but {receipt}")]
    Receipt {
        /// The requested hash.
        hash: CryptoHash,
        /// The receipt with this id.
        receipt: Box<ReceiptOrigin>,
    },
    /// The transaction is not final.
    #[error("{url} says that transaction {hash} is not final yet: ask again later")]
    NotFinal {
        /// The URL of the node.
        url: String,
        /// The requested hash.
        hash: CryptoHash,
        /// The transaction with the receipts that were executed so far, if the node returns them.
        partial: Option<Box<Transaction>>,
    },
    /// The node returned another error.
    #[error("{url} refuses: {reason}. --rpc names another node")]
    Refused {
        /// The URL of the node.
        url: String,
        /// The error as text.
        reason: String,
    },
    /// The node returned a result that is not a complete transaction.
    #[error("{url} returned a result that cannot be read")]
    Unreadable {
        /// The URL of the node.
        url: String,
        /// The fault in the result.
        source: TraceError,
    },
}

/// The accounts of a receipt, and the transaction that caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptOrigin {
    /// The account that sent the receipt.
    pub predecessor: AccountId,
    /// The account on which the receipt runs.
    pub receiver: AccountId,
    /// The signer of the transaction. It is not known for data receipts and for refunds of deposits.
    pub signer: Option<AccountId>,
    /// The transaction and its signer, if the node finds them.
    pub transaction: Option<(CryptoHash, AccountId)>,
}

impl fmt::Display for ReceiptOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            predecessor,
            receiver,
            signer,
            transaction,
        } = self;
        write!(f, "a receipt from {predecessor} for {receiver}")?;
        match (transaction, signer) {
            (Some((hash, sender)), _) => {
                write!(f, ", of transaction {hash}, which {sender} has signed")
            }
            (None, Some(signer)) => write!(
                f,
                ". Its transaction was signed by {signer}, and this node does not find it: look the receipt up in an \
                 explorer, and ask for the hash of its transaction with --sender {signer}"
            ),
            (None, None) => write!(
                f,
                ", sent by the chain itself: look it up in an explorer, and ask for the hash of its transaction"
            ),
        }
    }
}
