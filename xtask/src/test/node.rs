//! The suite of the clients for Node.js: their packages, and the command that tests them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use manuscript::files;
use manuscript::machine::Machine;
use manuscript::process;

use super::environment::Environment;
use crate::step::Step;

/// The remedy for a missing Node.js.
pub const BY_HAND: &str = "To get it: https://nodejs.org/en/download";

/// The oldest version that the tests run on.
const OLDEST: u32 = 20;

/// Returns what is missing for the suite: Node.js with npm, new enough.
pub fn missing(machine: &Machine) -> Option<String> {
    if machine.find("npm").is_none() || machine.find("node").is_none() {
        return Some("there is no Node.js with npm on PATH".to_owned());
    }
    // It is `v20.20.2`.
    let version = machine.ask("node", &["--version"]).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next();
    let is_new = major.is_some_and(|major| major.parse().is_ok_and(|major: u32| major >= OLDEST));
    (!is_new).then(|| format!("Node.js {version} is older than {OLDEST}"))
}

/// Installs the packages that the lock file names, unless they are there, and returns the command that runs the tests.
/// No package runs a script of its own.
pub fn command(folder: &Path, environment: &Environment) -> Result<Command> {
    let lock = files::read(&folder.join("package-lock.json"))?;
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read(&installed).ok().as_ref() != Some(&lock) {
        let step = Step::begin("packages", "npm ci, for the clients of Node.js");
        let mut npm = Command::new("npm");
        environment.apply(npm.current_dir(folder));
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        process::run_with(&mut npm, &|line| step.progress(line))?;
        files::write(&installed, lock)?;
        step.done();
    }
    let mut node = Command::new("node");
    environment.apply(node.current_dir(folder));
    node.args(["--test", "--test-reporter=spec"]);
    Ok(node)
}
