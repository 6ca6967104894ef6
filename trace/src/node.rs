//! A node, asked over JSON-RPC.

use std::collections::BTreeMap;
use std::iter;
use std::time::Duration;

use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;
use serde_json::{Value, json};

use crate::{Answer, Order, TraceError, Transaction};

/// How long a node may take. It answers when the transaction is final, or after ten seconds
/// (`polling_timeout` in nearcore's `RpcPollingConfig`).
const PATIENCE: Duration = Duration::from_secs(30);

/// A node.
pub struct Node {
    url: String,
    agent: ureq::Agent,
}

/// A node that did not answer what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// There is no way to it.
    #[error("{url} does not answer: {why}. Is the address right, and is there a network?")]
    Unreachable {
        /// Where it should be.
        url: String,
        /// What is in the way.
        why: ureq::Error,
    },
    /// What is there speaks another language.
    #[error("{url} does not answer as a NEAR node does (HTTP status {status}): {said}")]
    Foreign {
        /// Where it should be.
        url: String,
        /// The status of its answer.
        status: u16,
        /// The beginning of what it said.
        said: String,
    },
    /// It does not know the transaction.
    #[error(
        "{url} does not know transaction {hash} of {sender}. Look at the hash, the sender and the network. \
         A node forgets a transaction after some days, an archival node does not: name one with --rpc"
    )]
    Unknown {
        /// Where the node is.
        url: String,
        /// What was asked for.
        hash: CryptoHash,
        /// Whose it should be.
        sender: AccountId,
    },
    /// The transaction is not final.
    #[error("{url} says that transaction {hash} is still under way: ask again in a moment")]
    UnderWay {
        /// Where the node is.
        url: String,
        /// What was asked for.
        hash: CryptoHash,
    },
    /// It has another reason.
    #[error("{url} refuses: {why}")]
    Refused {
        /// Where the node is.
        url: String,
        /// Its reason.
        why: String,
    },
    /// It answered something that is no transaction.
    #[error("{url}: {why}")]
    Unreadable {
        /// Where the node is.
        url: String,
        /// What is wrong with the answer.
        why: TraceError,
    },
}

impl Node {
    /// The node at this address.
    pub fn at(url: &str) -> Self {
        let config = ureq::Agent::config_builder()
            // An error comes with a status of its own, and with a body that tells more.
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        Self {
            url: url.to_owned(),
            agent: config.into(),
        }
    }

    /// What it answers to `EXPERIMENTAL_tx_status`.
    ///
    /// # Errors
    /// It does not answer, or not with a finished transaction.
    pub fn transaction(&self, hash: &CryptoHash, sender: &AccountId) -> Result<Answer, NodeError> {
        let params = json!({
            "tx_hash": hash.to_string(),
            "sender_account_id": sender,
            "wait_until": "FINAL",
        });
        let mut answer = self.ask("EXPERIMENTAL_tx_status", &params)?;
        let Some(error) = answer.get("error") else {
            let result = answer.get_mut("result").map(Value::take);
            let result = serde_json::from_value(result.unwrap_or_default());
            return result.map_err(|why| self.unreadable(TraceError::from(why)));
        };
        let url = self.url.clone();
        Err(match cause(error) {
            "UNKNOWN_TRANSACTION" => NodeError::Unknown {
                url,
                hash: *hash,
                sender: sender.clone(),
            },
            "TIMEOUT_ERROR" => NodeError::UnderWay { url, hash: *hash },
            _ => NodeError::Refused {
                url,
                why: reason(error),
            },
        })
    }

    /// What became of a transaction, with the heights of its blocks. A node that has forgotten a block
    /// still knows the transaction; then the blocks are counted without gaps.
    ///
    /// # Errors
    /// It does not answer, or not with a finished transaction.
    pub fn traced(&self, hash: &CryptoHash, sender: &AccountId) -> Result<Transaction, NodeError> {
        let answer = self.transaction(hash, sender)?;
        let outcome = &answer.final_outcome;
        let outcomes = iter::once(&outcome.transaction_outcome).chain(&outcome.receipts_outcome);
        let mut heights = BTreeMap::new();
        for outcome in outcomes {
            let block = outcome.block_hash;
            if !heights.contains_key(&block)
                && let Some(height) = self.height(&block)?
            {
                heights.insert(block, height);
            }
        }
        let order = Order::derived(&answer, &heights);
        let transaction = order.and_then(|order| Transaction::in_order(&answer, &order));
        transaction.map_err(|why| self.unreadable(why))
    }

    /// How high a block is. Nothing where the node has forgotten it.
    ///
    /// # Errors
    /// It does not answer.
    pub fn height(&self, block: &CryptoHash) -> Result<Option<u64>, NodeError> {
        let answer = self.ask("block", &json!({ "block_id": block.to_string() }))?;
        Ok(answer["result"]["header"]["height"].as_u64())
    }

    fn unreadable(&self, why: TraceError) -> NodeError {
        NodeError::Unreadable {
            url: self.url.clone(),
            why,
        }
    }

    fn ask(&self, method: &str, params: &Value) -> Result<Value, NodeError> {
        let question =
            json!({ "jsonrpc": "2.0", "id": "trace", "method": method, "params": params });
        let unreachable = |why| NodeError::Unreachable {
            url: self.url.clone(),
            why,
        };
        let mut answer = self
            .agent
            .post(&self.url)
            .send_json(&question)
            .map_err(unreachable)?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().map_err(unreachable)?;
        match serde_json::from_str::<Value>(&text) {
            Ok(answer) if answer.get("jsonrpc").is_some() => Ok(answer),
            _ => Err(NodeError::Foreign {
                url: self.url.clone(),
                status,
                said: text.chars().take(200).collect(),
            }),
        }
    }
}

/// The name of what went wrong, as nearcore has it.
fn cause(error: &Value) -> &str {
    error["cause"]["name"].as_str().unwrap_or_default()
}

fn reason(error: &Value) -> String {
    let parts = [
        error["cause"]["name"].as_str(),
        error["message"].as_str(),
        error["data"].as_str(),
    ];
    let mut said: Vec<_> = parts.into_iter().flatten().collect();
    said.dedup();
    said.join(", ")
}
