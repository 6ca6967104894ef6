//! Packages of Debian.

use manuscript::machine::Machine;
use manuscript::process::{self, ProcessError};

use crate::step::Step;

/// Returns the line that installs packages. The lists of a new machine can be old, so they are updated first.
pub fn line(packages: &[&str]) -> String {
    let packages = packages.join(" ");
    format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}")
}

/// Returns whether this process may install packages.
pub fn may_install(machine: &Machine) -> bool {
    let is_root = machine.ask("id", &["-u"]).as_deref() == Some("0");
    !machine.is_offline() && is_root && machine.find("apt-get").is_some()
}

/// Installs packages, and removes none.
pub fn install(machine: &Machine, packages: &[&str], step: &Step) -> Result<(), ProcessError> {
    let options = ["install", "-y", "--no-install-recommends", "--no-remove"];
    let mut update = machine.command("apt-get");
    let mut install = machine.command("apt-get");
    install
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(options)
        .args(packages);
    process::run_with(update.arg("update"), &|line| step.progress(line))?;
    process::run_with(&mut install, &|line| step.progress(line))?;
    Ok(())
}
