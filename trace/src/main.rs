//! `cargo book trace`: shows what a transaction did, on any network or from a saved response.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{self, IsTerminal, Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use near_primitives::hash::CryptoHash;
use near_primitives::types::AccountId;
use trace::{Diagram, Ledger, Order, RpcClient, RpcError, Transaction, rpc};

/// The environment variable with the URL of a node.
const RPC_URL: &str = "NEAR_RPC_URL";

/// Shows what a transaction did: which account called which, in which block, with which gas and deposit.
#[derive(Parser)]
#[command(name = "cargo book trace", bin_name = "cargo book trace")]
struct Cli {
    /// The hash of the transaction. The id of a receipt leads to its transaction if the node finds it.
    #[arg(
        value_name = "TX_HASH",
        required_unless_present = "file",
        requires = "sender"
    )]
    hash: Option<CryptoHash>,
    /// The signer of the transaction. A node finds a transaction by its shard, and the shard by the signer.
    #[arg(long, value_name = "ID", requires = "hash")]
    sender: Option<AccountId>,
    /// The URL of a node. The environment variable NEAR_RPC_URL sets it, too.
    #[arg(long, value_name = "URL", conflicts_with = "network")]
    rpc: Option<String>,
    /// A network, through a public node. The default is testnet.
    #[arg(long)]
    network: Option<Network>,
    /// A saved response to EXPERIMENTAL_tx_status, instead of a node. `-` is standard input.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["hash", "sender", "rpc", "network"])]
    file: Option<PathBuf>,
    /// The output format.
    #[arg(long, short, default_value = "tree")]
    format: Format,
    /// The output file, instead of the terminal.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
}

/// A network with public nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Network {
    /// The network for tests.
    Testnet,
    /// The network with real money.
    Mainnet,
}

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A tree of the receipts, for the terminal.
    Tree,
    /// A diagram of accounts, blocks and receipts.
    Svg,
    /// The gas of each receipt, as columns of text.
    Gas,
    /// The gas of each receipt, as Markdown.
    Markdown,
    /// The gas of each receipt, as JSON: gas in units, amounts in yoctoNEAR.
    Json,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let transaction = match (&cli.file, &cli.hash, &cli.sender) {
        (None, Some(hash), Some(sender)) => from_node(&RpcClient::new(&url(&cli)), hash, sender)?,
        // clap requires a hash with its sender, or a file.
        (file, ..) => from_file(file.as_deref().unwrap_or(Path::new("-")))?,
    };
    let in_colour =
        cli.output.is_none() && stdout().is_terminal() && env::var_os("NO_COLOR").is_none();
    let output = cli.format.format(&transaction, in_colour)?;
    match &cli.output {
        None => match stdout().write_all(output.as_bytes()) {
            // The reader has closed the pipe, as `head` does.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.context("standard output"),
        },
        Some(path) => fs::write(path, output).with_context(|| path.display().to_string()),
    }
}

/// Returns the URL of the node: from the command line, from the environment, or of testnet.
fn url(cli: &Cli) -> String {
    match (&cli.rpc, cli.network) {
        (Some(url), _) => url.clone(),
        (None, Some(network)) => network.url().to_owned(),
        (None, None) => env::var(RPC_URL).unwrap_or_else(|_| Network::Testnet.url().to_owned()),
    }
}

/// Fetches a transaction. It may not be final. The id of a receipt leads to its transaction, with a note.
fn from_node(client: &RpcClient, hash: &CryptoHash, sender: &AccountId) -> Result<Transaction> {
    let result = client.transaction(hash, sender);
    if let Err(RpcError::Receipt { receipt, .. }) = &result
        && let Some((found, signer)) = &receipt.transaction
    {
        eprintln!("note: {hash} is not a transaction but {receipt}");
        return or_partial(client.transaction(found, signer));
    }
    or_partial(result)
}

/// Returns the transaction, or what was executed of it so far.
fn or_partial(result: Result<Transaction, RpcError>) -> Result<Transaction> {
    match result {
        Err(RpcError::NotFinal {
            partial: Some(partial),
            ..
        }) => Ok(*partial),
        result => Ok(result?),
    }
}

/// Reads a transaction from a saved response. It may not be final.
fn from_file(path: &Path) -> Result<Transaction> {
    let in_file = || path.display().to_string();
    let response = match path == Path::new("-") {
        true => {
            let mut response = Vec::new();
            stdin().read_to_end(&mut response).map(|_| response)
        }
        false => fs::read(path),
    };
    let response = response.with_context(in_file)?;
    let status = trace::parse_tx_status(&response).with_context(in_file)?;
    let order = Order::derive(&status, &BTreeMap::new()).with_context(in_file)?;
    Transaction::partial(&status, &order).with_context(in_file)
}

impl Network {
    /// Returns the URL of a public node.
    fn url(self) -> &'static str {
        match self {
            Self::Testnet => rpc::TESTNET,
            Self::Mainnet => rpc::MAINNET,
        }
    }
}

impl Format {
    /// Formats a transaction.
    fn format(self, transaction: &Transaction, in_colour: bool) -> Result<String> {
        Ok(match self {
            Self::Tree if in_colour => trace::tree_in_colour(transaction),
            Self::Tree => trace::tree(transaction),
            Self::Svg => {
                Diagram::new("trace", std::slice::from_ref(transaction)).to_standalone_svg()
            }
            Self::Gas => Ledger::new(transaction).to_text(),
            Self::Markdown => Ledger::new(transaction).to_markdown(),
            Self::Json => serde_json::to_string_pretty(&Ledger::new(transaction))? + "\n",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The public nodes of near.org are deprecated.
    #[test]
    fn no_default_node_belongs_to_near_org() {
        for network in Network::value_variants() {
            assert!(!network.url().contains("near.org"), "{network:?}");
        }
    }
}
