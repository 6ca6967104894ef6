//! The command line.

use crate::serve::{self, Options};
use crate::step::{self, Step};
use crate::test::{Part, Scope};
use crate::toolchain::{Machine, Toolchain};
use crate::tree::Tree;
use crate::{bless, child, contracts, doctor, new, sandbox_binary, setup, sync, test};
use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use std::env;
use std::io::{Write, stderr, stdout};
use std::path::{Path, PathBuf};
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
    /// Opens the book in a browser's reach, sets up what is missing meanwhile, and rebuilds on change.
    Serve(Serve),
    /// Sets up what is missing and runs everything: the workspace, the contracts, the chapters, the
    /// solutions of their exercises. What has not changed since it passed is not run again.
    Test(Test),
    /// Copies a chapter to a folder of yours, as the beginning of a crate with a name of its own.
    New(New),
    /// Shows what became of a transaction: on testnet, on mainnet, on a node of yours.
    #[command(disable_help_flag = true)]
    Trace {
        /// See `cargo book trace --help`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Builds the contracts that the chapters call and lays them into the chapters.
    Contracts,
    /// Copies each file that chapters share from the first chapter that has it to the later ones, and brings their
    /// lock files and the lists of their files in step; shows what changes.
    Sync(Sync),
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

#[derive(Args)]
struct Test {
    /// Run also what has not changed since it passed.
    #[arg(long)]
    again: bool,
    /// One suite alone, as the summary names it: `chapters/batch`, `solutions/batch`.
    suite: Option<String>,
    /// What `cargo test` gets there: `--test batch -- --exact name`.
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
    /// The chapter: `setup`, `batch`.
    chapter: String,
    /// Where to copy it: a folder that is not there, or empty.
    folder: PathBuf,
    /// What the crate shall be called.
    #[arg(long)]
    name: String,
}

#[derive(Args)]
struct Sync {
    /// The chapter whose copies count: `batch`. Earlier chapters get them too.
    #[arg(long, value_name = "CHAPTER")]
    from: Option<String>,
    /// Change nothing, and fail when something would change.
    #[arg(long)]
    check: bool,
    /// These files alone, as they are called in a chapter: `src/greeting.rs`, `Cargo.lock`.
    files: Vec<PathBuf>,
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
        Command::Test(asked) => {
            if !test::run(&tree, asked.scope())? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::New(asked) => begin_crate(&tree, &asked)?,
        Command::Trace { arguments } => return trace(&tree, &arguments),
        Command::Contracts => lay_contracts(&tree)?,
        Command::Sync(asked) => return sync_chapters(&tree, asked),
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

fn sync_chapters(tree: &Tree, asked: Sync) -> Result<ExitCode> {
    let Sync { from, check, files } = asked;
    let options = sync::Options { from, files, check };
    let tell = |change: &str| {
        // A reader who leaves the pager early wants the rest to be done all the same.
        let _ = writeln!(stdout(), "{change}");
    };
    let changed = sync::run(tree, &options, tell).context("the chapters are not in step")?;
    if !changed {
        step::say("chapters", "they are in step");
    } else if check {
        step::say("chapters", "they are not in step: cargo book sync");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn begin_crate(tree: &Tree, asked: &New) -> Result<()> {
    let New {
        chapter,
        folder,
        name,
    } = asked;
    let folder = new::run(tree, chapter, folder, name)?;
    let quoted = |path: &Path| child::quoted(&path.to_string_lossy());
    println!(
        "{name} is in {}, a copy of chapters/{chapter}. Next:\n\n  cd {}\n  cargo test\n\n\
         near-workspaces downloads a NEAR sandbox for its tests, unless you name one. The one of this book:\n\n  \
         {}={} cargo test",
        folder.display(),
        quoted(&folder),
        sandbox_binary::VARIABLE,
        quoted(&tree.sandbox_launcher()),
    );
    Ok(())
}

/// The program is built when it is first asked for: the book can be read without it.
fn trace(tree: &Tree, arguments: &[String]) -> Result<ExitCode> {
    let program = tree.target().join("debug/trace");
    let step = match program.exists() {
        // It is built again where it has changed, which is a matter of seconds.
        true => Step::silent(),
        false => Step::begin(
            "trace",
            "what shows a transaction; to build it, once, takes some minutes",
        ),
    };
    let mut build = Toolchain::Active.cargo(tree.root());
    build.args(["build", "--workspace", "--locked", "--bin", "trace"]);
    child::run(&mut build, &step)?;
    step.done();
    let status = Toolchain::Active
        .command(program, &env::current_dir()?)
        .args(arguments)
        .status()
        .context("what shows a transaction was built, and does not start")?;
    let failed = u8::try_from(status.code().unwrap_or(1)).unwrap_or(1);
    Ok(ExitCode::from(failed))
}

fn bless_figures(tree: &Tree) -> Result<()> {
    setup::run(tree)?;
    let changes = bless::run(tree)?;
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
