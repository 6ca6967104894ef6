//! `cargo book trace`: what became of a transaction, on any network, or in an answer that was saved.

use std::io::{self, IsTerminal, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;
use trace::node::{Node, NodeError};
use trace::{Diagram, Ledger, TraceError, Transaction};

/// Shows what became of a transaction: who called whom, in which block, with which gas and money.
#[derive(Parser)]
#[command(name = "cargo book trace", bin_name = "cargo book trace")]
struct Cli {
    /// The hash of the transaction.
    #[arg(
        value_name = "TX_HASH",
        required_unless_present = "file",
        requires = "sender"
    )]
    hash: Option<CryptoHash>,
    /// Who signed it. Nodes find a transaction by its shard, and the shard by the signer.
    #[arg(long, value_name = "ID", requires = "hash")]
    sender: Option<AccountId>,
    /// The address of a node.
    #[arg(long, value_name = "URL", conflicts_with = "network")]
    rpc: Option<String>,
    /// A network, asked through a public node.
    #[arg(long, default_value = "testnet")]
    network: Network,
    /// A saved answer to EXPERIMENTAL_tx_status, instead of a node.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["hash", "sender", "rpc", "network"])]
    file: Option<PathBuf>,
    /// What to show.
    #[arg(long, short, default_value = "tree")]
    format: Format,
    /// Where to write it, instead of the terminal.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
}

/// A network with public nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Network {
    /// For trying out.
    Testnet,
    /// Where the money is real.
    Mainnet,
}

/// What a transaction is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A tree of its receipts, for the terminal.
    Tree,
    /// A diagram of accounts, blocks and receipts.
    Svg,
    /// Where its gas went, as columns of text.
    Gas,
    /// Where its gas went, as Markdown.
    Markdown,
    /// Where its gas went, as JSON: gas in units, amounts in yoctoNEAR.
    Json,
}

/// A transaction that cannot be shown.
#[derive(Debug, thiserror::Error)]
enum ShowError {
    /// A file cannot be read, or not be written.
    #[error("{}: {why}", path.display())]
    File { path: PathBuf, why: io::Error },
    /// The file holds something else.
    #[error("{}: {why}", path.display())]
    Saved { path: PathBuf, why: TraceError },
    /// The node does not answer, or not with a transaction.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The ledger is no JSON.
    #[error("the ledger cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(asked: Cli) -> Result<(), ShowError> {
    let transaction = match (&asked.file, &asked.hash, &asked.sender) {
        (None, Some(hash), Some(sender)) => {
            let url = asked.rpc.as_deref().unwrap_or(asked.network.url());
            Node::at(url).traced(hash, sender)?
        }
        // The command line has one or the other: see the arguments.
        (file, ..) => from_file(file.as_deref().unwrap_or(Path::new("-")))?,
    };
    let in_colour =
        asked.output.is_none() && stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let shown = asked.format.of(&transaction, in_colour)?;
    match asked.output {
        None => print!("{shown}"),
        Some(path) => {
            std::fs::write(&path, shown).map_err(|why| ShowError::File { path, why })?;
        }
    }
    Ok(())
}

fn from_file(path: &Path) -> Result<Transaction, ShowError> {
    let path = path.to_owned();
    let saved = match std::fs::read(&path) {
        Ok(saved) => saved,
        Err(why) => return Err(ShowError::File { path, why }),
    };
    let read = trace::read(&saved).and_then(|answer| Transaction::of(&answer));
    read.map_err(|why| ShowError::Saved { path, why })
}

impl Network {
    /// A node of the network that everybody may ask, as near-workspaces has it.
    fn url(self) -> &'static str {
        match self {
            Self::Testnet => "https://rpc.testnet.near.org",
            Self::Mainnet => "https://rpc.mainnet.near.org",
        }
    }
}

impl Format {
    fn of(self, transaction: &Transaction, in_colour: bool) -> Result<String, ShowError> {
        Ok(match self {
            Self::Tree if in_colour => trace::tree_in_colour(transaction),
            Self::Tree => trace::tree(transaction),
            Self::Svg => {
                Diagram::of("trace", std::slice::from_ref(transaction)).to_standalone_svg()
            }
            Self::Gas => Ledger::of(transaction).to_text(),
            Self::Markdown => Ledger::of(transaction).to_markdown(),
            Self::Json => serde_json::to_string_pretty(&Ledger::of(transaction))? + "\n",
        })
    }
}
