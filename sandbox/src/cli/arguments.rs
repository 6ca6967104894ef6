//! The arguments of the command line, which are neard's as far as a sandbox needs them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use near_primitives::types::AccountId;

use crate::version::VERSION;

/// A NEAR sandbox in the place of neard, for tests: one shard, no peers, blocks when there is work.
#[derive(Debug, Parser)]
#[command(name = "embedded-sandbox", version = VERSION, subcommand_required = true)]
pub struct Arguments {
    /// The folder with the node's files.
    #[arg(long, global = true, value_name = "DIR", default_value_os_t = default_home())]
    pub home: PathBuf,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write config.json, genesis.json and the keys, if they do not exist.
    Init(Init),
    /// Run the node until it gets a signal or its parent process ends.
    Run(Run),
}

#[derive(Debug, Args)]
pub struct Init {
    /// Quick blocks and short epochs. The sandbox has no other mode.
    #[arg(long)]
    pub fast: bool,
    /// The id of the chain.
    #[arg(long, value_name = "ID", default_value = "test-chain-local")]
    pub chain_id: String,
    /// The account that produces the blocks and owns most of the tokens.
    #[arg(long, value_name = "ID", default_value = "test.near")]
    pub account_id: AccountId,
    /// The seed of that account's key [default: the account's id].
    #[arg(long, value_name = "SEED")]
    pub test_seed: Option<String>,
}

#[derive(Debug, Args)]
pub struct Run {
    /// The address to serve RPC on [default: rpc.addr of config.json].
    #[arg(long, value_name = "ADDRESS")]
    pub rpc_addr: Option<String>,
    /// Ignored: clients pass it, but a node without peers does not listen for any.
    #[arg(long, value_name = "ADDRESS")]
    pub network_addr: Option<SocketAddr>,
    /// Keep running after the parent process has ended.
    #[arg(long)]
    pub outlive_parent: bool,
}

/// Returns the folder where neard keeps its files.
fn default_home() -> PathBuf {
    if let Some(home) = std::env::var_os("NEAR_HOME") {
        return home.into();
    }
    std::env::home_dir().unwrap_or_default().join(".near")
}
