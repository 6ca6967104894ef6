//! `cargo book explore`: lists the scenarios of the book, explores one, or replays a schedule and draws it.

use std::io::{self, Write, stdout};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use chain::explore::{Delivery, Explore, Replay, Schedule};
use clap::Parser;
use runs::scenarios::{self, SCENARIOS, Scenario};
use runs::test_chain::TestChain;

/// Explores every order in which the network may deliver the receipts of a scenario, or replays one of them.
#[derive(Parser)]
#[command(name = "cargo book explore", bin_name = "cargo book explore")]
struct Cli {
    /// The name of a scenario, or a schedule that a report has printed. Without it, lists the scenarios.
    #[arg(value_name = "SCENARIO|SCHEDULE")]
    words: Vec<String>,
    /// Explores also the orders in which a message overtakes an earlier one on its way, as between congested shards.
    #[arg(long, requires = "words")]
    overtaking: bool,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    // A schedule has spaces, and is also taken without quotation marks.
    let text = cli.words.join(" ");
    let output = match &text[..] {
        "" => list(),
        name if !name.contains([' ', ':']) => explore(name, cli.overtaking)?,
        schedule => {
            ensure!(
                !cli.overtaking,
                "a schedule names its mode: leave out `--overtaking`"
            );
            replay(&schedule.parse()?)?
        }
    };
    match stdout().write_all(output.as_bytes()) {
        // The reader has closed the pipe, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("standard output"),
    }
}

/// Lists the scenarios, one a line.
fn list() -> String {
    let lengths = SCENARIOS.iter().map(|scenario| scenario.name.len());
    let width = lengths.max().unwrap_or_default();
    let lines = SCENARIOS
        .iter()
        .map(|Scenario { name, summary, .. }| format!("{name:width$}  {summary}\n"));
    lines.collect()
}

/// Explores a scenario, and returns the report.
fn explore(name: &str, overtaking: bool) -> Result<String> {
    let delivery = match overtaking {
        true => Delivery::Overtaking,
        false => Delivery::Fifo,
    };
    let report = build(name)?.delivery(delivery).run()?;
    let mut output = report.to_string();
    if let Some(found) = &report.counterexample {
        output += &format!("Draw it: cargo book explore \"{}\"\n", found.schedule);
    }
    Ok(output)
}

/// Replays a schedule, and returns its timeline and the verdict.
fn replay(schedule: &Schedule) -> Result<String> {
    let scenario = build(&schedule.scenario)?.delivery(schedule.delivery);
    let replay = scenario.replay(schedule)?;
    let verdict = verdict(&replay);
    let transactions = replay.transactions.clone();
    let timeline = TestChain::of_replay(replay).timeline(&transactions);
    Ok(format!(
        "Each step has a block of its own.\n\n{timeline}\n{verdict}"
    ))
}

/// Returns the invariant that does not hold, or that all hold.
fn verdict(replay: &Replay) -> String {
    let mut verdict = String::new();
    if !replay.added.is_empty() {
        let added: Vec<_> = replay.added.iter().map(ToString::to_string).collect();
        verdict += &format!("Added, until nothing is under way: {}\n", added.join(" "));
    }
    verdict += &match &replay.violation {
        None => "Each invariant holds.\n".to_owned(),
        Some(found) => format!(
            "After step {}, this does not hold: {}: {}\n",
            found.steps, found.invariant, found.violation.0
        ),
    };
    verdict
}

/// Returns the scenario of this name, on a chain of its own.
fn build(name: &str) -> Result<Explore> {
    let scenario = scenarios::named(name).with_context(|| {
        let names: Vec<_> = SCENARIOS
            .iter()
            .map(|scenario| &scenario.name[..])
            .collect();
        format!(
            "there is no scenario `{name}`; there are {}",
            names.join(", ")
        )
    })?;
    eprintln!("{name}: builds its contracts, which takes some minutes when they are new");
    Ok(scenario.build())
}
