//! `cargo book trace`: what became of a transaction, on any network, or in an answer that was saved.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;
use trace::node::{self, Node, NodeError};
use trace::{Diagram, Ledger, Order, TraceError, Transaction};

/// The variable that names a node, where the command line names none.
const RPC_URL: &str = "NEAR_RPC_URL";

/// Shows what became of a transaction: who called whom, in which block, with which gas and money.
#[derive(Parser)]
#[command(name = "cargo book trace", bin_name = "cargo book trace")]
struct Cli {
    /// The hash of the transaction. The id of a receipt leads to its transaction where the node finds it.
    #[arg(
        value_name = "TX_HASH",
        required_unless_present = "file",
        requires = "sender"
    )]
    hash: Option<CryptoHash>,
    /// Who signed it. Nodes find a transaction by its shard, and the shard by the signer.
    #[arg(long, value_name = "ID", requires = "hash")]
    sender: Option<AccountId>,
    /// The address of a node. NEAR_RPC_URL names one as well.
    #[arg(long, value_name = "URL", conflicts_with = "network")]
    rpc: Option<String>,
    /// A network, asked through a public node: testnet, unless another one is named.
    #[arg(long)]
    network: Option<Network>,
    /// A saved answer to EXPERIMENTAL_tx_status, instead of a node. `-` is standard input.
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
        (None, Some(hash), Some(sender)) => from_node(&Node::at(&url(&asked)), hash, sender)?,
        // The command line has one or the other: see the arguments.
        (file, ..) => from_file(file.as_deref().unwrap_or(Path::new("-")))?,
    };
    let in_colour =
        asked.output.is_none() && stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let shown = asked.format.of(&transaction, in_colour)?;
    match asked.output {
        None => match stdout().write_all(shown.as_bytes()) {
            // Whoever reads has seen enough, as `head` has.
            Err(why) if why.kind() == io::ErrorKind::BrokenPipe => {}
            written => written.map_err(|why| ShowError::File {
                path: "standard output".into(),
                why,
            })?,
        },
        Some(path) => {
            std::fs::write(&path, shown).map_err(|why| ShowError::File { path, why })?;
        }
    }
    Ok(())
}

/// The node to ask: what is named first on the command line, then in the environment.
fn url(asked: &Cli) -> String {
    match (&asked.rpc, asked.network) {
        (Some(url), _) => url.clone(),
        (None, Some(network)) => network.url().to_owned(),
        (None, None) => {
            std::env::var(RPC_URL).unwrap_or_else(|_| Network::Testnet.url().to_owned())
        }
    }
}

/// The transaction as far as it has come.
fn from_node(node: &Node, hash: &CryptoHash, sender: &AccountId) -> Result<Transaction, ShowError> {
    let told = node.traced(hash, sender);
    if let Err(NodeError::Receipt { receipt, .. }) = &told
        && let Some((found, signer)) = &receipt.transaction
    {
        // Whoever gave the id of a receipt is told so, and sees its transaction.
        eprintln!("note: {hash} is no transaction but {receipt}");
        return finished_or_not(node.traced(found, signer));
    }
    finished_or_not(told)
}

fn finished_or_not(told: Result<Transaction, NodeError>) -> Result<Transaction, ShowError> {
    match told {
        Err(NodeError::UnderWay {
            so_far: Some(so_far),
            ..
        }) => Ok(*so_far),
        told => Ok(told?),
    }
}

fn from_file(path: &Path) -> Result<Transaction, ShowError> {
    let path = path.to_owned();
    let saved = match path == Path::new("-") {
        true => {
            let mut saved = Vec::new();
            stdin().read_to_end(&mut saved).map(|_| saved)
        }
        false => std::fs::read(&path),
    };
    let saved = match saved {
        Ok(saved) => saved,
        Err(why) => return Err(ShowError::File { path, why }),
    };
    let read = trace::read(&saved).and_then(|answer| {
        let order = Order::derived(&answer, &BTreeMap::new())?;
        Transaction::so_far(&answer, &order)
    });
    read.map_err(|why| ShowError::Saved { path, why })
}

impl Network {
    /// A node of the network that everybody may ask.
    fn url(self) -> &'static str {
        match self {
            Self::Testnet => node::TESTNET,
            Self::Mainnet => node::MAINNET,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// near.org switches its public nodes off.
    #[test]
    fn no_node_of_near_org_is_asked() {
        for network in Network::value_variants() {
            assert!(!network.url().contains("near.org"), "{network:?}");
        }
    }
}
