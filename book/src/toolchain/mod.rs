//! The target that contracts compile to, by the first way that works on this machine.
//!
//! 1. The active toolchain has it: nothing to do.
//! 2. `rustup target add`, unless the reader told rustup or cargo to stay off the network.
//! 3. Debian's packages bring a compiler and the sources of its standard library. The library is
//!    built for the target once, and the result is a toolchain of its own, `near-wasm`.
//! 4. None of these: an error that names all three.
//!
//! [`plan`] decides from [`Facts`] alone; [`Machine`] is where the facts come from.

mod debian;
mod machine;
mod near_wasm;
mod plan;
#[cfg(test)]
mod tests;

pub use debian::{apt_get, apt_line};
pub use machine::Machine;
pub use plan::{Facts, NearWasm, Plan, Way, plan};

use crate::child::{self, ChildError};
use crate::files::FileError;
use crate::step::{self, Step};
use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What every contract is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The name of the toolchain that the third way makes.
pub const NAME: &str = "near-wasm";

/// What the steps of this module are called.
const STEP: &str = "wasm target";

/// A toolchain that can compile contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Toolchain {
    /// The one that the reader runs anyway.
    Active,
    /// The one that the third way made.
    NearWasm {
        /// Where it lies.
        folder: PathBuf,
        /// Whether rustup knows it by its name.
        linked: bool,
    },
}

/// The target is not there, or could not be brought.
#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    /// No way led to the target.
    #[error("{0}")]
    NoWay(NoWay),
    /// A program of a way failed.
    #[error(transparent)]
    Child(#[from] ChildError),
    /// A file of the new toolchain could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The standard library did not build.
    #[error("the standard library did not build for {TARGET}: {0}")]
    Std(String),
    /// A way was taken to its end, and the target is still not there.
    #[error("{0}")]
    StillMissing(String),
}

/// Which ways were not possible, and which there are.
#[derive(Debug, PartialEq, Eq)]
pub struct NoWay {
    /// A line for each way that was tried or left out, with the reason.
    pub reasons: Vec<String>,
}

impl fmt::Display for NoWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "contracts need the target {TARGET}, and it is missing")?;
        for reason in &self.reasons {
            writeln!(f, "  - {reason}")?;
        }
        f.write_str("one of these brings it:")?;
        for (number, way) in (1..).zip(by_hand()) {
            write!(f, "\n  {number}. {way}")?;
        }
        Ok(())
    }
}

/// What a reader can do to bring the target himself.
pub fn by_hand() -> [String; 3] {
    let line = debian::apt_line(&debian::PACKAGES);
    [
        format!("rustup target add {TARGET}"),
        format!("on Debian: {line}, and then this command again"),
        "another toolchain that has the target: name it in RUSTUP_TOOLCHAIN".to_owned(),
    ]
}

impl Toolchain {
    /// The toolchain with the target, brought by the first way that works.
    pub fn ensure(machine: &Machine) -> Result<Self, ToolchainError> {
        let Plan { ways, skipped } = plan(&machine.survey());
        let mut reasons = skipped;
        if !ways.is_empty() {
            for reason in &reasons {
                step::say(STEP, reason);
            }
        }
        for way in ways {
            match way.take(machine) {
                Ok(toolchain) => return Ok(toolchain),
                Err(error) => reasons.push(format!("{way}: {error}")),
            }
        }
        Err(ToolchainError::NoWay(NoWay { reasons }))
    }

    /// The toolchain with the target, when there is one. Changes nothing.
    pub fn find(machine: &Machine) -> Result<Self, ToolchainError> {
        let Plan { ways, mut skipped } = plan(&machine.survey());
        match ways.first() {
            Some(way @ (Way::Active | Way::NearWasm)) => Ok(way.toolchain(machine)),
            _ => {
                skipped.extend(
                    ways.iter()
                        .map(|way| format!("{way}: `cargo book test` does it")),
                );
                Err(ToolchainError::NoWay(NoWay { reasons: skipped }))
            }
        }
    }

    /// `cargo` of this toolchain, in the folder whose `.cargo/config.toml` shall hold.
    pub fn cargo(&self, folder: &Path) -> Command {
        self.command("cargo", folder)
    }

    /// A program that runs in a folder and uses this toolchain.
    pub fn command(&self, program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut command = child::command(program, folder);
        self.apply(&mut command);
        command
    }

    fn apply(&self, command: &mut Command) {
        let Self::NearWasm { folder, linked } = self else {
            return;
        };
        command.env_remove("RUSTC").env_remove("RUSTDOC");
        if *linked {
            command.env("RUSTUP_TOOLCHAIN", NAME);
        } else {
            let path = env::var_os("PATH").unwrap_or_default();
            let first = folder.join("bin");
            let folders = std::iter::once(first).chain(env::split_paths(&path));
            command.env("PATH", env::join_paths(folders).unwrap_or(path.clone()));
        }
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Active => write!(f, "the active toolchain has {TARGET}"),
            Self::NearWasm { folder, .. } => {
                write!(
                    f,
                    "the toolchain {NAME} has {TARGET} ({})",
                    folder.display()
                )
            }
        }
    }
}

impl Way {
    /// Goes this way to its end.
    fn take(&self, machine: &Machine) -> Result<Toolchain, ToolchainError> {
        let toolchain = self.toolchain(machine);
        match self {
            Self::Active | Self::NearWasm => step::say(STEP, &toolchain.to_string()),
            Self::Link => near_wasm::link(machine)?,
            Self::Rustup => add_with_rustup(machine)?,
            Self::Debian { install } => {
                debian::install(machine, install)?;
                near_wasm::build(machine)?;
                near_wasm::link(machine)?;
            }
        }
        Ok(toolchain)
    }

    /// What is used at the end of this way.
    fn toolchain(&self, machine: &Machine) -> Toolchain {
        match self {
            Self::Active | Self::Rustup => Toolchain::Active,
            Self::NearWasm | Self::Link | Self::Debian { .. } => Toolchain::NearWasm {
                folder: machine.near_wasm(),
                linked: machine.finds("rustup"),
            },
        }
    }
}

fn add_with_rustup(machine: &Machine) -> Result<(), ToolchainError> {
    let step = Step::begin(
        STEP,
        "contracts compile to it; rustup adds it to the active toolchain",
    );
    child::run(
        machine.command("rustup").args(["target", "add", TARGET]),
        &step,
    )?;
    if !machine.active_has_target() {
        return Err(ToolchainError::StillMissing(
            "rustup added it to another toolchain than the active one".to_owned(),
        ));
    }
    step.done();
    Ok(())
}
