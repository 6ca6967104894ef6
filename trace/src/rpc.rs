//! A client for the JSON-RPC of a node.

mod error;

use std::collections::BTreeMap;
use std::iter;
use std::time::Duration;

pub use error::{ReceiptOrigin, RpcError};
use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;
use near_primitives::views::{ReceiptEnumView, ReceiptView};
use serde_json::{Value, json};

use crate::error::TraceError;
use crate::error_text::{rpc_error, rpc_error_cause, rpc_timeout_cause};
use crate::order::Order;
use crate::transaction::Transaction;
use crate::tx_status::{self, TxStatus};

/// A public node of testnet.
pub const TESTNET: &str = "https://rpc.testnet.fastnear.com";

/// A public node of mainnet.
pub const MAINNET: &str = "https://rpc.mainnet.fastnear.com";

/// The timeout of a request. A node answers when the transaction is final, or after ten seconds (`polling_timeout` in
/// nearcore's `RpcPollingConfig`).
const TIMEOUT: Duration = Duration::from_secs(30);

/// The longest part of an unexpected response that an error shows, in characters.
const MAX_ERROR_BODY: usize = 200;

/// A blocking client for one node.
pub struct RpcClient {
    url: String,
    agent: ureq::Agent,
}

impl RpcClient {
    /// Creates a client for the node at this URL. It sends no request.
    pub fn new(url: &str) -> Self {
        let config = ureq::Agent::config_builder()
            // The body of an error response has the JSON-RPC error.
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .build();
        Self {
            url: url.to_owned(),
            agent: config.into(),
        }
    }

    /// Fetches a transaction, with the heights of its blocks. If the node has garbage-collected a block, the blocks are
    /// numbered from 0 without gaps.
    ///
    /// # Errors
    /// The node does not answer, does not know the transaction, or the transaction is not final.
    pub fn transaction(
        &self,
        hash: &CryptoHash,
        sender: &AccountId,
    ) -> Result<Transaction, RpcError> {
        let status = self.tx_status(hash, sender)?;
        let transaction = Transaction::with_order(&status, &self.order(&status)?);
        transaction.map_err(|source| self.unreadable(source))
    }

    /// Fetches the result of `EXPERIMENTAL_tx_status`.
    ///
    /// # Errors
    /// The node does not answer, does not know the transaction, or the transaction is not final.
    pub fn tx_status(&self, hash: &CryptoHash, sender: &AccountId) -> Result<TxStatus, RpcError> {
        let mut response = self.request_tx_status(hash, sender, "FINAL")?;
        let Some(error) = response.get("error") else {
            let result = response.get_mut("result").map(Value::take);
            let status = tx_status::from_result(result.unwrap_or_default());
            return status.map_err(|source| self.unreadable(source));
        };
        Err(match (rpc_error_cause(error), rpc_timeout_cause(error)) {
            ("UNKNOWN_TRANSACTION", _) | ("TIMEOUT_ERROR", Some("NOT_OBSERVED")) => {
                self.unknown(hash, sender)?
            }
            ("TIMEOUT_ERROR", Some("PENDING") | None) => self.not_final(hash, sender)?,
            _ => self.refused(error),
        })
    }

    /// Fetches the height of a block, or `None` if the node has garbage-collected the block.
    ///
    /// # Errors
    /// The node does not answer.
    pub fn block_height(&self, block: &CryptoHash) -> Result<Option<u64>, RpcError> {
        let response = self.request("block", &json!({ "block_id": block.to_string() }))?;
        Ok(response["result"]["header"]["height"].as_u64())
    }

    fn request_tx_status(
        &self,
        hash: &CryptoHash,
        sender: &AccountId,
        wait_until: &str,
    ) -> Result<Value, RpcError> {
        let params = json!({
            "tx_hash": hash.to_string(),
            "sender_account_id": sender,
            "wait_until": wait_until,
        });
        self.request("EXPERIMENTAL_tx_status", &params)
    }

    /// Derives the order of execution with the heights of the blocks.
    fn order(&self, status: &TxStatus) -> Result<Order, RpcError> {
        let outcome = &status.final_outcome;
        let outcomes = iter::once(&outcome.transaction_outcome).chain(&outcome.receipts_outcome);
        let mut heights = BTreeMap::new();
        for outcome in outcomes {
            let block = outcome.block_hash;
            if !heights.contains_key(&block)
                && let Some(height) = self.block_height(&block)?
            {
                heights.insert(block, height);
            }
        }
        Order::derive(status, &heights).map_err(|source| self.unreadable(source))
    }

    /// Returns the error for an unknown hash. It may be the id of a receipt.
    fn unknown(&self, hash: &CryptoHash, sender: &AccountId) -> Result<RpcError, RpcError> {
        let params = json!({ "receipt_id": hash.to_string() });
        let mut receipt = self.request("EXPERIMENTAL_receipt", &params)?;
        let receipt = receipt["result"].take();
        let Ok(receipt) = serde_json::from_value::<ReceiptView>(receipt) else {
            return Ok(RpcError::UnknownTransaction {
                url: self.url.clone(),
                hash: *hash,
                sender: sender.clone(),
            });
        };
        let signer = match receipt.receipt {
            ReceiptEnumView::Action { signer_id, .. } => Some(signer_id),
            _ => None,
        };
        // Not every node has this method. The response of such a node has no `result`.
        let response = self.request("EXPERIMENTAL_receipt_to_tx", &params)?;
        let found = &response["result"];
        let transaction = found["transaction_hash"]
            .as_str()
            .and_then(|hash| hash.parse().ok());
        let sender = found["sender_account_id"]
            .as_str()
            .and_then(|sender| sender.parse().ok());
        Ok(RpcError::Receipt {
            hash: *hash,
            receipt: Box::new(ReceiptOrigin {
                predecessor: receipt.predecessor_id,
                receiver: receipt.receiver_id,
                signer: signer.filter(|signer| !signer.is_system()),
                transaction: transaction.zip(sender),
            }),
        })
    }

    /// Returns the error for a transaction that did not become final in time, with what was executed so far. An older
    /// node gives the same error for a transaction that it does not know, and gives it again without waiting.
    fn not_final(&self, hash: &CryptoHash, sender: &AccountId) -> Result<RpcError, RpcError> {
        let mut response = self.request_tx_status(hash, sender, "NONE")?;
        match response.get("error").map(rpc_error_cause) {
            None => {}
            Some("UNKNOWN_TRANSACTION" | "TIMEOUT_ERROR") => return self.unknown(hash, sender),
            Some(_) => return Ok(self.refused(&response["error"])),
        }
        let status = tx_status::from_result(response["result"].take()).ok();
        let partial = status.map(|status| {
            let order = self.order(&status)?;
            let partial = Transaction::partial(&status, &order);
            partial.map_err(|source| self.unreadable(source))
        });
        Ok(RpcError::NotFinal {
            url: self.url.clone(),
            hash: *hash,
            partial: partial.transpose()?.map(Box::new),
        })
    }

    fn refused(&self, error: &Value) -> RpcError {
        RpcError::Refused {
            url: self.url.clone(),
            reason: rpc_error(error),
        }
    }

    fn unreadable(&self, source: TraceError) -> RpcError {
        RpcError::Unreadable {
            url: self.url.clone(),
            source,
        }
    }

    /// Sends a request, and returns the response with its envelope. The response may be a JSON-RPC error.
    fn request(&self, method: &str, params: &Value) -> Result<Value, RpcError> {
        let request =
            json!({ "jsonrpc": "2.0", "id": "trace", "method": method, "params": params });
        let unreachable = |source| RpcError::Unreachable {
            url: self.url.clone(),
            source,
        };
        let mut response = self
            .agent
            .post(&self.url)
            .send_json(&request)
            .map_err(unreachable)?;
        let status = response.status().as_u16();
        let body = response.body_mut().read_to_string().map_err(unreachable)?;
        match serde_json::from_str::<Value>(&body) {
            Ok(response) if response.get("jsonrpc").is_some() => Ok(response),
            _ => Err(RpcError::NotJsonRpc {
                url: self.url.clone(),
                status,
                body: body.chars().take(MAX_ERROR_BODY).collect(),
            }),
        }
    }
}
