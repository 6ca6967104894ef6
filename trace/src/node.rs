//! A node, asked over JSON-RPC.

use std::collections::BTreeMap;
use std::fmt;
use std::iter;
use std::time::Duration;

use near_primitives::errors::TxExecutionError;
use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;
use near_primitives::views::{ReceiptEnumView, ReceiptView};
use serde_json::{Value, json};

use crate::{Answer, Order, TraceError, Transaction, errors};

/// A node of testnet that everybody may ask.
pub const TESTNET: &str = "https://rpc.testnet.fastnear.com";

/// A node of mainnet that everybody may ask.
pub const MAINNET: &str = "https://rpc.mainnet.fastnear.com";

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
    #[error(
        "{url} does not answer: {why}. Is the address right, and is there a network? --rpc names another node"
    )]
    Unreachable {
        /// Where it should be.
        url: String,
        /// What is in the way.
        why: ureq::Error,
    },
    /// What is there speaks another language.
    #[error(
        "{url} does not answer as a NEAR node does (HTTP status {status}): {said}\n\
         --rpc names another node"
    )]
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
    /// It is the id of a receipt.
    #[error("{hash} is no transaction but {receipt}")]
    Receipt {
        /// What was asked for.
        hash: CryptoHash,
        /// The receipt.
        receipt: Box<Made>,
    },
    /// The transaction is not final.
    #[error("{url} says that transaction {hash} is still under way: ask again in a moment")]
    UnderWay {
        /// Where the node is.
        url: String,
        /// What was asked for.
        hash: CryptoHash,
        /// The transaction as far as it has run, if the node tells.
        so_far: Option<Box<Transaction>>,
    },
    /// It has another reason.
    #[error("{url} refuses: {why}. --rpc names another node")]
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

/// A receipt, and the transaction that it came of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The account that sent it.
    pub predecessor: AccountId,
    /// The account that gets it.
    pub receiver: AccountId,
    /// The signer of the transaction. Nobody is known for answers and for deposits on the way back.
    pub signer: Option<AccountId>,
    /// The transaction and its signer, where the node finds them.
    pub transaction: Option<(CryptoHash, AccountId)>,
}

impl fmt::Display for Made {
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
        let mut answer = self.status(hash, sender, "FINAL")?;
        let Some(error) = answer.get("error") else {
            let result = answer.get_mut("result").map(Value::take);
            let answer = crate::answer_of(result.unwrap_or_default());
            return answer.map_err(|why| self.unreadable(why));
        };
        Err(match (cause(error), why_too_late(error)) {
            ("UNKNOWN_TRANSACTION", _) | ("TIMEOUT_ERROR", Some("NOT_OBSERVED")) => {
                self.unknown(hash, sender)?
            }
            ("TIMEOUT_ERROR", Some("PENDING") | None) => self.under_way(hash, sender)?,
            _ => self.refused(error),
        })
    }

    /// What became of a transaction, with the heights of its blocks. A node that has forgotten a block
    /// still knows the transaction; then the blocks are counted without gaps.
    ///
    /// # Errors
    /// It does not answer, or not with a finished transaction.
    pub fn traced(&self, hash: &CryptoHash, sender: &AccountId) -> Result<Transaction, NodeError> {
        let answer = self.transaction(hash, sender)?;
        let transaction = Transaction::in_order(&answer, &self.order(&answer)?);
        transaction.map_err(|why| self.unreadable(why))
    }

    fn status(
        &self,
        hash: &CryptoHash,
        sender: &AccountId,
        wait_until: &str,
    ) -> Result<Value, NodeError> {
        let params = json!({
            "tx_hash": hash.to_string(),
            "sender_account_id": sender,
            "wait_until": wait_until,
        });
        self.ask("EXPERIMENTAL_tx_status", &params)
    }

    /// The order of execution, as far as the heights of the blocks tell it.
    fn order(&self, answer: &Answer) -> Result<Order, NodeError> {
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
        Order::derived(answer, &heights).map_err(|why| self.unreadable(why))
    }

    /// A hash of no transaction that it knows. People take the id of a receipt for one.
    fn unknown(&self, hash: &CryptoHash, sender: &AccountId) -> Result<NodeError, NodeError> {
        let asked = json!({ "receipt_id": hash.to_string() });
        let mut receipt = self.ask("EXPERIMENTAL_receipt", &asked)?;
        let receipt = receipt["result"].take();
        let Ok(receipt) = serde_json::from_value::<ReceiptView>(receipt) else {
            return Ok(NodeError::Unknown {
                url: self.url.clone(),
                hash: *hash,
                sender: sender.clone(),
            });
        };
        let signer = match receipt.receipt {
            ReceiptEnumView::Action { signer_id, .. } => Some(signer_id),
            _ => None,
        };
        // Not every node finds it: then it says so with an error.
        let found = self.ask("EXPERIMENTAL_receipt_to_tx", &asked)?;
        let found = &found["result"];
        let transaction = found["transaction_hash"]
            .as_str()
            .and_then(|hash| hash.parse().ok());
        let sender = found["sender_account_id"]
            .as_str()
            .and_then(|sender| sender.parse().ok());
        Ok(NodeError::Receipt {
            hash: *hash,
            receipt: Box::new(Made {
                predecessor: receipt.predecessor_id,
                receiver: receipt.receiver_id,
                signer: signer.filter(|signer| !signer.is_system()),
                transaction: transaction.zip(sender),
            }),
        })
    }

    /// A transaction that is not final in time: the node is asked for what there is, without waiting. Older nodes
    /// say the same of a transaction that they do not know, and then it is too late again.
    fn under_way(&self, hash: &CryptoHash, sender: &AccountId) -> Result<NodeError, NodeError> {
        let mut answer = self.status(hash, sender, "NONE")?;
        match answer.get("error").map(cause) {
            None => {}
            Some("UNKNOWN_TRANSACTION" | "TIMEOUT_ERROR") => return self.unknown(hash, sender),
            Some(_) => return Ok(self.refused(&answer["error"])),
        }
        let answer = crate::answer_of(answer["result"].take()).ok();
        let so_far = answer.map(|answer| {
            let order = self.order(&answer)?;
            let so_far = Transaction::so_far(&answer, &order);
            so_far.map_err(|why| self.unreadable(why))
        });
        Ok(NodeError::UnderWay {
            url: self.url.clone(),
            hash: *hash,
            so_far: so_far.transpose()?.map(Box::new),
        })
    }

    fn refused(&self, error: &Value) -> NodeError {
        NodeError::Refused {
            url: self.url.clone(),
            why: reason(error),
        }
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

/// Returns the reason for a late answer, as nearcore's `TimeoutErrorCause` has it. Older nodes do not tell.
fn why_too_late(error: &Value) -> Option<&str> {
    error["cause"]["info"]["cause"].as_str()
}

/// Tells an error of a node in words.
pub(crate) fn reason(error: &Value) -> String {
    let execution = serde_json::from_value(error["data"]["TxExecutionError"].clone());
    let execution = execution.map(|error: TxExecutionError| errors::told(&error));
    let parts = [
        error["cause"]["name"].as_str(),
        why_too_late(error),
        error["cause"]["info"]["debug_info"].as_str(),
        error["message"].as_str(),
        error["data"].as_str(),
    ];
    let mut said: Vec<_> = parts.into_iter().flatten().map(str::to_owned).collect();
    said.extend(execution);
    said.dedup();
    match said.is_empty() {
        true => error.to_string(),
        false => said.join(", "),
    }
}
