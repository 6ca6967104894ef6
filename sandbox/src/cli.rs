//! The command line, which is neard's as far as a sandbox goes.
//!
//! What goes wrong is told in one line on stderr. The exit code is 2 for a command line that makes no
//! sense and 1 for everything else.

mod cache;
mod listen;
mod logs;
mod parent;
mod run;

use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use near_primitives::types::AccountId;
use thiserror::Error;

use self::cache::CacheError;
use chain::GenesisError;
use crate::home::{self, HomeError, InitOptions};
use crate::miner::Stopped;

/// Release and protocol, in the form that neard tells them.
pub const VERSION: &str = concat!("(release ", env!("CARGO_PKG_VERSION"), ") (protocol 88)");

/// A NEAR sandbox that takes neard's place in tests: one shard, no peers, blocks when there is work.
#[derive(Debug, Parser)]
#[command(name = "embedded-sandbox", version = VERSION, subcommand_required = true)]
struct Cli {
    /// The folder with the node's files.
    #[arg(long, global = true, value_name = "DIR", default_value_os_t = default_home())]
    home: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write config.json, genesis.json and the keys, where they are not there yet.
    Init(Init),
    /// Run the node until it is told to stop or its parent process is gone.
    Run(Run),
}

#[derive(Debug, Args)]
struct Init {
    /// Quick blocks and short epochs; the sandbox knows nothing else.
    #[arg(long)]
    fast: bool,
    /// The name of the chain.
    #[arg(long, value_name = "ID", default_value = "test-chain-local")]
    chain_id: String,
    /// The account that makes the blocks and owns most of the tokens.
    #[arg(long, value_name = "ID", default_value = "test.near")]
    account_id: AccountId,
    /// What that account's key is derived from [default: the account's id].
    #[arg(long, value_name = "SEED")]
    test_seed: Option<String>,
}

#[derive(Debug, Args)]
struct Run {
    /// Where to serve RPC [default: rpc.addr of config.json].
    #[arg(long, value_name = "ADDRESS")]
    rpc_addr: Option<String>,
    /// Taken because clients pass it; a node without peers listens to none.
    #[arg(long, value_name = "ADDRESS")]
    network_addr: Option<SocketAddr>,
    /// Go on when the process that started this one is gone.
    #[arg(long)]
    outlive_parent: bool,
}

/// Why the process ends with an error.
#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error("cannot listen on {address}: {source}; choose another address with --rpc-addr")]
    Listen { address: String, source: io::Error },
    #[error("genesis.json is of no use: {0}; correct it")]
    Genesis(#[from] GenesisError),
    #[error("no folder for compiled contracts: {0}; name one in XDG_CACHE_HOME")]
    Cache(#[from] CacheError),
    #[error("the system refuses what every program needs: {0}")]
    System(#[from] io::Error),
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Runs the program with the arguments of its process.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<_> = arguments.into_iter().collect();
    // Before anyone can find the port, and end the parent because of it.
    let parent = parent::current();
    let listener = listen::early(&arguments);
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return tell(&error),
    };
    let result = match cli.command {
        Command::Init(options) => init(cli.home, options),
        Command::Run(options) => run::run(cli.home, options, parent, listener),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn init(home: PathBuf, options: Init) -> Result<(), Failure> {
    let seed = options
        .test_seed
        .unwrap_or_else(|| options.account_id.to_string());
    let Init {
        chain_id,
        account_id,
        ..
    } = options;
    let written = home::init(
        &home,
        &InitOptions {
            chain_id,
            account_id,
            seed,
        },
    )?;
    if written.is_empty() {
        eprintln!(
            "{}: all files are there already, nothing was changed",
            home.display()
        );
    }
    Ok(())
}

/// Where neard keeps its files.
fn default_home() -> PathBuf {
    if let Some(home) = std::env::var_os("NEAR_HOME") {
        return home.into();
    }
    std::env::home_dir().unwrap_or_default().join(".near")
}

/// Prints what clap has to say: help and version as they are, an error in one line.
fn tell(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // Who reads only the first lines has closed the pipe by now.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let problem = match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "error: a command is missing: init or run".to_owned()
        }
        _ => text
            .lines()
            .take_while(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
    };
    eprintln!("{problem}; --help tells what can be given");
    ExitCode::from(2)
}
