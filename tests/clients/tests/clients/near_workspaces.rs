//! The tests of near-workspaces, from its package, with the embedded sandbox in place of neard.
//!
//! The package has the tests but not the contracts that they deploy. So ours (`contracts/`) are copied to the
//! paths that the tests read. `near-workspaces/` builds the tests.

mod contracts;
mod package;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use anyhow::{Context, ensure};
use manuscript::process;
use serde_json::Value;

use crate::heavy;

/// The smallest number of tests in the package that a sandbox can run.
const AT_LEAST: usize = 36;

/// The suffix in the names of tests that need testnet.
const ELSEWHERE: &str = "_testnet";

/// The file with the test that builds a contract with cargo-near. The file is empty without a feature.
const NEEDS_CARGO_NEAR: &str = "deploy_project.rs";

#[test]
fn every_test_of_near_workspaces_passes() -> anyhow::Result<()> {
    let _alone = heavy::alone_blocking();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("near-workspaces");
    let package = folder.join("workspaces");
    let tests = package.join("tests");
    package::lay_out(&tests)?;
    contracts::lay_out(&folder)?;

    let expected = tests_in(&tests)?;
    ensure!(
        expected.len() >= AT_LEAST,
        "the package has only {} tests",
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
    sandbox_clients::recorded("sandbox-clients", &listed(expected))
}

/// Returns the names of the tests that passed, for the page.
fn listed(mut passed: Vec<String>) -> String {
    passed.sort();
    let mut lines = format!("{} tests of near-workspaces, all passed:\n", passed.len());
    for name in passed {
        let name = name.strip_prefix("test_").unwrap_or(&name);
        lines.push_str(&format!("  {}\n", name.replace('_', " ")));
    }
    lines
}

/// Returns the names of the tests that a sandbox can run, from their sources.
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

/// Builds the tests, and runs them in their package: they read files there.
fn run(package: &Path) -> anyhow::Result<Output> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // With the features of the whole workspace, so that the dependencies are those of the other tests.
    let built = process::cargo(&root)
        .args(["test", "--workspace", "--locked", "--no-run"])
        .args(["--test", "published"])
        .args(["--features", "near-workspaces-tests/copied"])
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(built.status.success(), "the tests do not build");
    let program = String::from_utf8(built.stdout)?
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo names no program")?;
    let output = process::command(program, package)
        .args(["--skip", ELSEWHERE])
        .env_remove("RUST_LOG")
        .stderr(Stdio::inherit())
        .output()?;
    Ok(output)
}

/// Returns the result of each test in the output of `cargo test`, by its name without its module.
fn results(output: &str) -> BTreeMap<String, String> {
    output
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "))
        .map(|(path, result)| {
            let name = path.rsplit("::").next().unwrap_or(path);
            (name.to_owned(), result.to_owned())
        })
        .collect()
}
