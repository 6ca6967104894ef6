//! `config.json`: the settings of neard's that mean something here, under neard's names.
//!
//! Any other setting of neard's may stand there and is left alone: clients write some (the store's
//! limits) without asking what is behind the RPC.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The settings of a node.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The file with the genesis, in the home folder.
    pub genesis_file: String,
    /// The file with the key of the account that makes the blocks.
    pub validator_key_file: String,
    /// The file with the key of the node.
    pub node_key_file: String,
    /// How to serve.
    pub rpc: RpcConfig,
    /// When to make blocks.
    pub consensus: Consensus,
    /// How many bytes of state a `view_state` without pages may have to list.
    pub trie_viewer_state_size_limit: u64,
}

/// How to serve.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct RpcConfig {
    /// Where to listen, unless the command line says otherwise.
    pub addr: String,
    /// What is too much.
    pub limits_config: LimitsConfig,
    /// How long a request may wait for a transaction.
    pub polling_config: PollingConfig,
}

/// What is too much.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitsConfig {
    /// The longest body of a request, in bytes.
    pub json_payload_max_size: usize,
}

/// How long a request may wait for a transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct PollingConfig {
    /// After this long the answer is `TIMEOUT_ERROR`.
    pub polling_timeout: Duration,
}

/// When to make blocks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Consensus {
    /// The shortest time between two blocks; without it, blocks follow each other as fast as there is
    /// work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_block_production_delay: Option<Duration>,
    /// The time after which a block is made although there is no work.
    pub max_block_production_delay: Duration,
    /// Whether blocks are made although there is no work.
    pub produce_empty_blocks: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            genesis_file: "genesis.json".to_owned(),
            validator_key_file: "validator_key.json".to_owned(),
            node_key_file: "node_key.json".to_owned(),
            rpc: RpcConfig::default(),
            consensus: Consensus::default(),
            trie_viewer_state_size_limit: 50_000,
        }
    }
}

impl Default for RpcConfig {
    fn default() -> Self {
        Self {
            addr: "127.0.0.1:3030".to_owned(),
            limits_config: LimitsConfig::default(),
            polling_config: PollingConfig::default(),
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            json_payload_max_size: 10 << 20,
        }
    }
}

impl Default for PollingConfig {
    fn default() -> Self {
        Self {
            polling_timeout: Duration::from_secs(10),
        }
    }
}

impl Default for Consensus {
    fn default() -> Self {
        Self {
            min_block_production_delay: None,
            max_block_production_delay: Duration::from_secs(1),
            produce_empty_blocks: true,
        }
    }
}
