//! `cargo book play`: a figure's run with other inputs, on the embedded chain.

use std::fs;
use std::io::{self, BufRead, Write, stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, ArgMatches, Command, value_parser};
use runs::figure::Figure;
use runs::plays::{self, PLAYS};
use runs::service::Service;
use runs::test_chain::Contracts;
use trace::text::signed_near;
use trace::{Diagram, balances};

/// The option that names a file for the drawing.
const DRAWING: &str = "drawing";

/// The command with which a server of the pages starts the program.
const SERVE: &str = "serve";

/// The argument of a server: the folder with the contracts of the chapters.
const CONTRACTS: &str = "contracts";

fn main() -> ExitCode {
    let matches = command().get_matches();
    let done = match matches.subcommand() {
        None => write(&list()),
        Some((SERVE, arguments)) => serve(arguments),
        Some((figure, arguments)) => play(figure, arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the command line, with a command for each run that has inputs.
fn command() -> Command {
    let runs = PLAYS.iter().map(|play| {
        let inputs = play.inputs.iter().map(|input| {
            Arg::new(input.name)
                .long(input.name)
                .value_parser(NonEmptyStringValueParser::new())
                .help(format!("{}: {}", input.label, input.bounds))
        });
        let drawing = Arg::new(DRAWING)
            .long(DRAWING)
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("Writes the drawing into this file, as SVG");
        Command::new(play.figure)
            .about(format!("Plays the run of src/figures/{}.md", play.figure))
            .args(inputs)
            .arg(drawing)
    });
    let contracts = Arg::new(CONTRACTS)
        .required(true)
        .value_parser(value_parser!(PathBuf));
    Command::new("cargo book play")
        .bin_name("cargo book play")
        .about("Plays the run of a figure with other inputs. Without a figure, lists the runs and their inputs")
        .disable_help_subcommand(true)
        .subcommands(runs)
        .subcommand(Command::new(SERVE).arg(contracts).hide(true))
}

/// Lists the runs, each with its inputs below it.
fn list() -> String {
    let runs = PLAYS.iter().map(|play| {
        let inputs = play.inputs.iter();
        let inputs = inputs.map(|input| format!("    --{:<11} {}\n", input.name, input.bounds));
        format!("{}\n{}", play.figure, inputs.collect::<String>())
    });
    runs.collect()
}

/// Plays a run, and prints its receipts, its outcome and the balances.
fn play(figure: &str, arguments: &ArgMatches) -> Result<()> {
    let play = plays::of(figure).context("the command line has only runs with inputs")?;
    let inputs = play.inputs.iter().map(|input| input.name);
    let named = inputs.filter_map(|name| {
        let value = arguments.get_one::<String>(name)?;
        Some((name, value.as_str()))
    });
    let values = play.values(named)?;
    eprintln!("{figure} {values}: builds its contract, which takes a minute when it is new");
    let played = (play.run)(&values).checked();
    if let Some(path) = arguments.get_one::<PathBuf>(DRAWING) {
        let drawing = Diagram::new(figure, played.transactions()).to_standalone_svg();
        fs::write(path, drawing).with_context(|| path.display().to_string())?;
    }
    write(&text(&played))
}

/// Returns the receipts and the outcome, and the accounts whose balances change, beside gas.
fn text(played: &Figure) -> String {
    let changes = balances::changes(played.transactions()).into_iter();
    let changes: String = changes
        .map(|(account, change)| format!("{account} {}\n", signed_near(change)))
        .collect();
    format!("{}\n{changes}", played.text())
}

/// Answers requests of a server of the pages, line by line, until it closes the pipe.
fn serve(arguments: &ArgMatches) -> Result<()> {
    let folder = arguments.get_one::<PathBuf>(CONTRACTS);
    let contracts = Contracts::new(folder.context("no folder of contracts")?);
    let mut service = Service::new(contracts);
    for line in stdin().lock().lines() {
        let reply = service.reply(&line.context("standard input")?);
        let reply = serde_json::to_string(&reply).context("a reply")?;
        write(&format!("{reply}\n"))?;
    }
    Ok(())
}

fn write(text: &str) -> Result<()> {
    let mut output = stdout().lock();
    let written = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());
    match written {
        // The reader has closed the pipe, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("standard output"),
    }
}
