//! The command line.

use std::io::{Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use manuscript::layout::Tree;
use manuscript::templates::create::{Created, NewCrate, create};
use manuscript::{machine::Machine, partners, process};
use tracing_subscriber::filter::LevelFilter;

use crate::step::{self, Step};
use crate::test::{Part, Scope, environment};
use crate::{bless, doctor, program, sandbox, serve, setup, sync, test, wasm_target};

/// The book, served and tested.
#[derive(Parser)]
#[command(name = "cargo book", bin_name = "cargo book")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the book, sets up what is missing meanwhile, and builds the book again after each change.
    Serve(serve::Options),
    /// Sets up what is missing and runs all suites: the workspace, the built book in a browser, the chapters, the
    /// starters, the solutions. A suite that has not changed since it passed is not run again.
    #[command(after_help = environment::help())]
    Test(Test),
    /// Copies a chapter or a starter to a folder of yours, as the beginning of a crate with a name of its own. With
    /// `--explore`, adds a test that runs a call in every order in which the network may deliver its receipts.
    New(New),
    /// Explores every order in which the network may deliver the receipts of a scenario, or draws one of them.
    #[command(disable_help_flag = true)]
    Explore {
        /// The arguments: see `cargo book explore --help`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Plays the run of a figure with other inputs: a partner that fails, less gas, another block.
    #[command(disable_help_flag = true)]
    Play {
        /// The arguments: see `cargo book play --help`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Shows the receipts, blocks, gas and balances of a transaction: on testnet, on mainnet, on a node of yours.
    #[command(disable_help_flag = true)]
    Trace {
        /// The arguments: see `cargo book trace --help`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Builds the contracts that the chapters call, and writes them into the chapters.
    Contracts,
    /// Copies each file that chapters share from the first chapter that has it to the later ones and to the
    /// starters, brings the lock files and the appendix in step, and shows the changes.
    Sync(sync::Options),
    /// Records the figures again, after you have looked at why they changed.
    Bless,
    /// Says what is there, what is missing and how to get it; changes nothing.
    Doctor,
}

#[derive(Args)]
struct Test {
    /// Run also the suites that have not changed since they passed.
    #[arg(long)]
    again: bool,
    /// The one suite to run, as the summary names it: `chapters/batch`, `solutions/batch`. `tests/clients-js` runs only
    /// when it is named: it installs packages from npm.
    suite: Option<String>,
    /// Arguments for `cargo test` there: `--test it -- --exact name`; for `node --test` in `tests/clients-js`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Test {
    fn scope(self) -> Scope {
        match self {
            Self {
                suite: Some(suite),
                arguments,
                ..
            } => Scope::Part(Part { suite, arguments }),
            Self { again: true, .. } => Scope::Everything,
            Self { again: false, .. } => Scope::Changed,
        }
    }
}

#[derive(Args)]
struct New {
    /// The chapter or the starter: `setup`, `batch`, `bare`.
    template: String,
    /// The folder of the new crate, which does not exist or is empty.
    folder: PathBuf,
    /// The name of the crate. Without it, the crate has the name of the folder.
    #[arg(long)]
    name: Option<String>,
    /// Adds the chain of the book as a library, named by its path, and a test that explores every order of a call's
    /// receipts. The first `cargo test` compiles NEAR's virtual machine.
    #[arg(long)]
    explore: bool,
}

/// Runs the command that the command line names.
pub fn run() -> Result<ExitCode> {
    let Cli { command } = Cli::parse();
    show_warnings_of_mdbook();
    let tree = Tree::here();
    let success = match command {
        Command::Serve(options) => serve::run(&tree, &options).map(|()| true),
        Command::Test(options) => test::run(&tree, options.scope()),
        Command::New(options) => create_crate(&tree, &options).map(|()| true),
        Command::Trace { arguments } => return program::start(&tree, "trace", &arguments),
        Command::Explore { arguments } => return run_contracts(&tree, "explore", &arguments),
        Command::Play { arguments } => return run_contracts(&tree, "play", &arguments),
        Command::Contracts => build_contracts(&tree).map(|()| true),
        Command::Sync(options) => sync_crates(&tree, &options),
        Command::Bless => bless_figures(&tree).map(|()| true),
        Command::Doctor => {
            let report = doctor::examine(&tree);
            print!("{report}");
            Ok(report.is_healthy())
        }
    };
    Ok(match success? {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn build_contracts(tree: &Tree) -> Result<()> {
    let compiler = wasm_target::ensure(&Machine::here(tree.root()))?;
    let step = Step::begin("contracts", "building those that the chapters call");
    let written = partners::renew(tree, &compiler, &|line| step.progress(line))?;
    step.done();
    for contract in &written {
        let state = match contract.is_changed {
            true => "changed",
            false => "as before",
        };
        step::say("contracts", &format!("{} {state}", contract.path.display()));
    }
    Ok(())
}

fn sync_crates(tree: &Tree, options: &sync::Options) -> Result<bool> {
    let report = |change: &str| {
        // The rest is done even if the reader has left a pager.
        let _ = writeln!(stdout(), "{change}");
    };
    let is_changed = sync::run(tree, options, report).context("the chapters are not in step")?;
    if !is_changed {
        step::say("chapters", "they are in step");
    } else if options.check {
        step::say("chapters", "they are not in step: cargo book sync");
        return Ok(false);
    }
    Ok(true)
}

fn create_crate(tree: &Tree, options: &New) -> Result<()> {
    let Created {
        template,
        folder,
        name,
    } = create(
        tree,
        &NewCrate {
            template: &options.template,
            folder: &options.folder,
            name: options.name.as_deref(),
            explores: options.explore,
        },
    )?;
    let quoted = |path: &Path| process::quoted(&path.to_string_lossy());
    println!(
        "{name} is in {}, a copy of {}. Next:\n\n  cd {}\n  cargo test\n\n\
         near-workspaces downloads a NEAR sandbox for its tests, unless you name one. The one of this book:\n\n  \
         {}={} cargo test",
        folder.display(),
        tree.relative(&template).display(),
        quoted(&folder),
        sandbox::VARIABLE,
        quoted(&tree.sandbox_launcher()),
    );
    if options.explore {
        println!(
            "\nThe first build compiles NEAR's virtual machine, which takes some minutes. Then \
             tests/explore.rs alone:\n\n  cargo test --test explore"
        );
    }
    Ok(())
}

/// Runs a program that builds the contracts of its runs. Without arguments it only lists them.
fn run_contracts(tree: &Tree, program: &str, arguments: &[String]) -> Result<ExitCode> {
    if !arguments.is_empty() {
        wasm_target::ensure(&Machine::here(tree.root()))?;
    }
    program::start(tree, program, arguments)
}

fn bless_figures(tree: &Tree) -> Result<()> {
    setup::run(tree)?;
    let changes = bless::run(tree)?;
    if changes.is_empty() {
        step::say("figures", "none has changed");
    }
    for change in changes {
        step::say("figures", &change.to_string());
    }
    Ok(())
}

/// Shows the warnings of mdBook, of an include without a target for example. mdBook gives them to tracing.
fn show_warnings_of_mdbook() {
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::WARN)
        .with_writer(stderr)
        .with_ansi(false)
        .without_time()
        .with_target(false)
        .init();
}
