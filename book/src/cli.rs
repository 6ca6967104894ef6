//! The command line.

use crate::serve::{self, Options};
use crate::step;
use crate::toolchain::{Machine, Toolchain};
use crate::tree::Tree;
use crate::{bless, contracts, doctor, setup, test};
use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use std::io::stderr;
use std::process::ExitCode;
use tracing_subscriber::filter::LevelFilter;

/// The book, served and tested.
#[derive(Parser)]
#[command(name = "cargo book", bin_name = "cargo book")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sets up what is missing and opens the book in a browser's reach, rebuilding on change.
    Serve(Serve),
    /// Sets up what is missing and runs everything: the workspace, the contracts, the chapters.
    Test,
    /// Builds the contracts that the chapters call and lays them into the chapters.
    Contracts,
    /// Renews the figures that runs recorded, after you have looked at why they changed.
    Bless,
    /// Says what is there, what is missing and how to get it; changes nothing.
    Doctor,
}

#[derive(Args)]
struct Serve {
    /// The port to listen on.
    #[arg(long, short, default_value_t = 3000)]
    port: u16,
    /// The host to listen on.
    #[arg(long, short = 'n', default_value = "127.0.0.1")]
    hostname: String,
    /// Open the book in the default browser.
    #[arg(long, short)]
    open: bool,
}

/// Does what the command line asks for.
pub fn run() -> Result<ExitCode> {
    let Cli { command } = Cli::parse();
    show_what_mdbook_says();
    let tree = Tree::here();
    match command {
        Command::Serve(Serve {
            port,
            hostname,
            open,
        }) => {
            let options = Options {
                hostname,
                port,
                open,
            };
            serve::run(&tree, &options)?;
        }
        Command::Test => {
            let toolchain = setup::run(&tree)?;
            if !test::run(&tree, &toolchain)? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Contracts => lay_contracts(&tree)?,
        Command::Bless => bless_figures(&tree)?,
        Command::Doctor => {
            let report = doctor::examine(&tree);
            print!("{report}");
            if !report.is_healthy() {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn lay_contracts(tree: &Tree) -> Result<()> {
    let toolchain = Toolchain::ensure(&Machine::here(tree.root()))?;
    let laid = contracts::renew(tree, &toolchain).context("the contracts were not laid")?;
    for contract in &laid {
        let state = if contract.changed {
            "changed"
        } else {
            "as before"
        };
        step::say("contracts", &format!("{} {state}", contract.path.display()));
    }
    Ok(())
}

fn bless_figures(tree: &Tree) -> Result<()> {
    let toolchain = setup::run(tree)?;
    let changes = bless::run(tree, &toolchain)?;
    if changes.is_empty() {
        step::say("figures", "every one says what it said before");
    }
    for change in changes {
        step::say("figures", &format!("{change}"));
    }
    Ok(())
}

/// mdBook says through tracing what is wrong in a page: an include that leads nowhere, for example.
fn show_what_mdbook_says() {
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::WARN)
        .with_writer(stderr)
        .with_ansi(false)
        .without_time()
        .with_target(false)
        .init();
}
