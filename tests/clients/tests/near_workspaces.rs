//! near-workspaces' own tests, as they are in its package, with the embedded sandbox in neard's place.
//!
//! The package has the tests but not the contracts that they deploy, so ours (`contracts/`) are laid
//! where the tests look for them.

#[path = "near_workspaces/contracts.rs"]
mod contracts;
#[path = "near_workspaces/package.rs"]
mod package;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Output, Stdio};

use anyhow::ensure;
use manuscript::process;

/// The fewest tests that the package is known to have for a sandbox.
const AT_LEAST: usize = 36;

/// Tests that need testnet, by their name's end.
const ELSEWHERE: &str = "_testnet";

/// The test that builds a contract with cargo-near, in a file that is empty without a feature.
const NEEDS_CARGO_NEAR: &str = "deploy_project.rs";

#[test]
fn every_test_of_near_workspaces_passes() -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("near-workspaces");
    let package = folder.join("workspaces");
    package::lay_out(&package)?;
    contracts::lay_out(&folder)?;

    let expected = tests_in(&package.join("tests"))?;
    ensure!(
        expected.len() >= AT_LEAST,
        "the package has only {}",
        expected.len()
    );
    let output = run(&package)?;
    let results = results(&String::from_utf8_lossy(&output.stdout));
    let failed: Vec<_> = expected
        .iter()
        .filter(|name| results.get(*name).is_none_or(|result| result != "ok"))
        .map(|name| format!("{name}: {}", results.get(name).map_or("did not run", |r| r)))
        .collect();
    ensure!(
        failed.is_empty() && output.status.success(),
        "{failed:#?}\n{}",
        String::from_utf8_lossy(&output.stdout)
    );
    sandbox_clients::recorded("sandbox-clients", &told(expected))
}

/// The names of the tests that passed, for the page.
fn told(mut passed: Vec<String>) -> String {
    passed.sort();
    let mut told = format!("{} tests of near-workspaces, all passed:\n", passed.len());
    for name in passed {
        let name = name.strip_prefix("test_").unwrap_or(&name);
        told.push_str(&format!("  {}\n", name.replace('_', " ")));
    }
    told
}

/// The names of the tests that a sandbox can pass, from the sources.
fn tests_in(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        if path.is_dir() || path.ends_with(NEEDS_CARGO_NEAR) {
            continue;
        }
        let source = std::fs::read_to_string(&path)?;
        let functions = source.lines().filter_map(|line| {
            let line = line.strip_prefix("async ").unwrap_or(line);
            let (name, _) = line.strip_prefix("fn ")?.split_once('(')?;
            name.starts_with("test_").then(|| name.to_owned())
        });
        names.extend(functions.filter(|name| !name.ends_with(ELSEWHERE)));
    }
    Ok(names)
}

fn run(package: &Path) -> anyhow::Result<Output> {
    // As the chapters are tested: so what both share is compiled once.
    let output = process::cargo(package)
        .args(["test", "--locked", "--no-fail-fast", "--tests"])
        .args(["--", "--skip", ELSEWHERE])
        .env_remove("RUST_LOG")
        .stderr(Stdio::inherit())
        .output()?;
    Ok(output)
}

/// What `cargo test` said of each test.
fn results(output: &str) -> BTreeMap<String, String> {
    output
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "))
        .map(|(name, result)| (name.to_owned(), result.to_owned()))
        .collect()
}
