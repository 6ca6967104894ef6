//! `config.json`: the settings that are used, under neard's names.
//!
//! Any other of neard's settings is ignored: clients write some (the limits of the store) for every node.

use std::time::Duration;

use near_primitives::types::Gas;
use serde::{Deserialize, Serialize};

/// The settings of a node.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The file with the genesis, in the home folder.
    pub genesis_file: String,
    /// The file with the key of the account that produces the blocks.
    pub validator_key_file: String,
    /// The file with the key of the node.
    pub node_key_file: String,
    /// The settings of the RPC.
    pub rpc: RpcConfig,
    /// The times between blocks.
    pub consensus: Consensus,
    /// The greatest state that `view_state` lists without pages, in bytes. `null` is no limit.
    pub trie_viewer_state_size_limit: Option<u64>,
    /// The greatest number of access keys on a page of `view_access_key_list`, and in a list without pages.
    pub view_access_keys_limit: u32,
    /// The gas that a view call may burn, by default the protocol's limit of a receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_gas_burnt_view: Option<Gas>,
}

/// The settings of the RPC.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct RpcConfig {
    /// The address to listen on. The command line takes precedence.
    pub addr: String,
    /// The origins of the web pages that may use the RPC: `["*"]` for all, or a list.
    pub cors_allowed_origins: Vec<String>,
    /// The limits of requests.
    pub limits_config: LimitsConfig,
    /// The waiting time of requests.
    pub polling_config: PollingConfig,
}

/// The limits of requests.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitsConfig {
    /// The greatest length of a request's body, in bytes.
    pub json_payload_max_size: usize,
}

/// The waiting time of requests.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct PollingConfig {
    /// The time for which a request waits for a transaction. After it, the response is `TIMEOUT_ERROR`.
    pub polling_timeout: Duration,
}

/// The times between blocks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Consensus {
    /// The shortest time between two blocks. Without it, blocks are produced as soon as there is work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_block_production_delay: Option<Duration>,
    /// The time after which an empty block is produced.
    pub max_block_production_delay: Duration,
    /// Produce empty blocks.
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
            trie_viewer_state_size_limit: Some(50_000),
            view_access_keys_limit: 100,
            max_gas_burnt_view: None,
        }
    }
}

impl Default for RpcConfig {
    fn default() -> Self {
        Self {
            addr: "127.0.0.1:3030".to_owned(),
            cors_allowed_origins: vec!["*".to_owned()],
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
            // neard's after `init --fast`: FAST_MAX_BLOCK_PRODUCTION_DELAY in nearcore/src/config.rs.
            max_block_production_delay: Duration::from_millis(500),
            produce_empty_blocks: true,
        }
    }
}
