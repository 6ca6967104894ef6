//! Debian's packages: a compiler, and the sources of its standard library in the same version.

use super::machine::Machine;
use super::{STEP, ToolchainError};
use crate::child::{self, ChildError};
use crate::step::Step;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the third way needs. The linker is left out where rustup's toolchain has one.
pub const PACKAGES: [&str; 4] = [COMPILER, "cargo-web", "rust-web-src", LINKER];

const COMPILER: &str = "rustc-web";
const LINKER: &str = "lld-22";

/// The oldest compiler that the contracts compile with.
const OLDEST: (u32, u32) = (1, 95);

/// What a reader types to install packages.
///
/// The lists come first: those of a new machine can name a compiler that is too old. And nothing
/// is removed: the compiler's package would displace a rustup that is a package itself.
pub fn apt_line(packages: &[&str]) -> String {
    let packages = packages.join(" ");
    format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}")
}

/// The packages that are not there, or too old.
pub(super) fn missing(machine: &Machine) -> Vec<&'static str> {
    let installed = installed(machine);
    let compiler = installed
        .get(COMPILER)
        .filter(|version| new_enough(version));
    let missing = |package: &&str| {
        if *package == LINKER {
            linker(machine).is_none()
        } else {
            compiler.is_none() || installed.get(*package) != compiler
        }
    };
    PACKAGES.into_iter().filter(missing).collect()
}

fn installed(machine: &Machine) -> BTreeMap<String, String> {
    let format = "${Package} ${Version} ${db:Status-Status}\n";
    let asked = PACKAGES
        .map(|package| machine.ask("dpkg-query", ["--show", "--showformat", format, package]));
    asked
        .iter()
        .flatten()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (package, version) = (words.next()?, words.next()?);
            (words.next()? == "installed").then(|| (package.to_owned(), version.to_owned()))
        })
        .collect()
}

fn new_enough(version: &str) -> bool {
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST,
        _ => false,
    }
}

/// A linker for wasm: the one of the active toolchain, or else Debian's.
pub(super) fn linker(machine: &Machine) -> Option<PathBuf> {
    let of_rustup = || {
        let sysroot = machine.ask("rustc", ["--print", "sysroot"])?;
        let host = host(&machine.ask("rustc", ["-vV"])?)?;
        let folder = Path::new(&sysroot).join("lib/rustlib").join(host);
        folder.join("bin/rust-lld").canonicalize().ok()
    };
    let of_debian = || Some(machine.usr.join("bin").join(LINKER)).filter(|path| path.exists());
    of_rustup().or_else(of_debian)
}

/// The line `host:` of `rustc -vV`.
pub(super) fn host(version: &str) -> Option<String> {
    line(version, "host")
}

/// A line of `rustc -vV`.
pub(super) fn line(version: &str, name: &str) -> Option<String> {
    let lines = version.lines().filter_map(|line| line.split_once(": "));
    lines
        .filter(|(line, _)| *line == name)
        .map(|(_, value)| value.to_owned())
        .next()
}

/// Installs packages, and removes none.
pub fn apt_get(machine: &Machine, packages: &[&str], step: &Step) -> Result<(), ChildError> {
    child::run(machine.command("apt-get").arg("update"), step)?;
    let install = ["install", "-y", "--no-install-recommends", "--no-remove"];
    child::run(
        machine
            .command("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(install)
            .args(packages),
        step,
    )?;
    Ok(())
}

/// Installs what is missing, and makes sure that it is what was wanted.
pub(super) fn install(machine: &Machine, packages: &[&str]) -> Result<(), ToolchainError> {
    if packages.is_empty() {
        return Ok(());
    }
    let why = format!(
        "apt-get installs {}, from which it is built",
        packages.join(" ")
    );
    let step = Step::begin(STEP, &why);
    apt_get(machine, packages, &step)?;
    let missing = missing(machine);
    if !missing.is_empty() {
        let (major, minor) = OLDEST;
        let missing = missing.join(" ");
        return Err(ToolchainError::StillMissing(format!(
            "apt-get has no {missing} of version {major}.{minor} or later"
        )));
    }
    step.done();
    Ok(())
}
