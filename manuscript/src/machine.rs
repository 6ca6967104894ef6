//! The machine as this program sees it: an environment, and programs to run in it.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;

/// A folder and an environment in which programs run. Tests make their own.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The folder in which programs run. A `rust-toolchain.toml` above it applies to them.
    pub folder: PathBuf,
    /// The environment that programs get.
    pub environment: BTreeMap<OsString, OsString>,
    /// The folder of Debian's `bin` and `lib`.
    pub usr: PathBuf,
}

impl Machine {
    /// Returns this machine, with programs that run in `folder`.
    pub fn here(folder: &Path) -> Self {
        let environment = env::vars_os();
        Self {
            folder: folder.to_owned(),
            environment: environment
                .filter(|(name, _)| !process::is_of_outer_cargo(name))
                .collect(),
            usr: PathBuf::from("/usr"),
        }
    }

    /// Returns a command with this machine's environment. rustup installs nothing for it.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            .env_clear()
            .envs(&self.environment)
            .env("RUSTUP_AUTO_INSTALL", "0");
        command
    }

    /// Returns the stdout of a program without the end of its last line, or nothing if it fails.
    pub fn ask(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
        let stdout = process::run(self.command(program).args(arguments)).ok()?;
        Some(stdout.trim_end().to_owned())
    }

    /// Returns the value of an environment variable.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        self.environment
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
    }

    /// Returns the path of a program that PATH leads to.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        let path = self.variable("PATH").unwrap_or_default();
        let mut paths = env::split_paths(path).map(|folder| folder.join(program));
        paths.find(|path| path.is_file())
    }

    /// Returns whether `CARGO_NET_OFFLINE=true` forbids the network.
    pub fn is_offline(&self) -> bool {
        self.variable("CARGO_NET_OFFLINE") == Some("true".as_ref())
    }
}
