//! The JSON-RPC of a node, over HTTP.
//!
//! [`server`] is HTTP, [`envelope`] JSON-RPC 2.0, [`methods`] the table of what can be asked; the other
//! modules answer. Requests, answers and errors are the types of near-jsonrpc-primitives, which the
//! clients parse too.

pub mod server;

mod blocks;
mod changes;
mod envelope;
mod light_client;
mod methods;
mod node;
mod params;
mod query;
mod sandbox;
mod transactions;

use std::time::Instant;

use near_crypto::PublicKey;
use near_jsonrpc_primitives::errors::RpcError;
use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;
use serde::Serialize;
use serde_json::Value;

use crate::home::Config;
use crate::miner::{Miner, Stopped};

/// What every method may need.
#[derive(Clone)]
pub struct Node {
    /// The way to the chain.
    pub miner: Miner,
    /// The settings.
    pub config: Config,
    /// The account that makes the blocks, with its key.
    pub validator: (AccountId, PublicKey),
    /// The key of the node itself.
    pub node_key: PublicKey,
    /// The hash of the chain's first block.
    pub genesis_hash: CryptoHash,
    /// Where the node listens.
    pub address: String,
    /// Since when.
    pub started: Instant,
}

/// What a method answers.
type Answer = Result<Value, RpcError>;

/// Puts a result into an answer.
fn answer(result: impl Serialize) -> Answer {
    serde_json::to_value(result).map_err(|error| RpcError::serialization_error(error.to_string()))
}

/// Runs what takes its time where it keeps no other request waiting.
async fn in_background(work: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => Err(internal_error(error)),
    }
}

/// A failure of the node, not of the request.
fn internal_error(error: impl ToString) -> RpcError {
    RpcError::new_internal_error(None, error.to_string())
}

impl From<Stopped> for RpcError {
    fn from(stopped: Stopped) -> Self {
        internal_error(stopped)
    }
}
