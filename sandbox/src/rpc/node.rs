//! The node that the methods read.

use std::time::Instant;

use near_crypto::PublicKey;
use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;
use tower_http::cors::CorsLayer;

use crate::block_producer::BlockProducer;
use crate::home::Config;

/// A running node.
#[derive(Clone)]
pub struct Node {
    /// The producer of the chain's blocks.
    pub block_producer: BlockProducer,
    /// The settings.
    pub config: Config,
    /// The answers to web pages of other origins.
    pub cors: CorsLayer,
    /// The account that produces the blocks, with its key.
    pub validator: (AccountId, PublicKey),
    /// The key of the node itself.
    pub node_key: PublicKey,
    /// The hash of the chain's first block.
    pub genesis_hash: CryptoHash,
    /// The address that the node listens on.
    pub address: String,
    /// The time of the start.
    pub started: Instant,
}
