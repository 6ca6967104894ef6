//! The machine as the toolchain module sees it: an environment, and programs to ask.

use super::{Facts, NAME, TARGET, debian, near_wasm};
use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where programs are looked for and run. A test makes one of its own.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The folder that programs run in: a `rust-toolchain.toml` above it holds.
    pub folder: PathBuf,
    /// What they get for an environment.
    pub environment: BTreeMap<OsString, OsString>,
    /// Where Debian's packages put `bin` and `lib`.
    pub usr: PathBuf,
}

impl Machine {
    /// This machine, seen from `folder`.
    pub fn here(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            environment: env::vars_os().collect(),
            usr: PathBuf::from("/usr"),
        }
    }

    /// Everything that the plan is made from.
    pub(crate) fn survey(&self) -> Facts {
        Facts {
            active_has_target: self.active_has_target(),
            near_wasm: near_wasm::state(self),
            rustup: self.finds("rustup"),
            rustup_installs_nothing: self.variable("RUSTUP_AUTO_INSTALL") == Some("0".as_ref()),
            offline: self.variable("CARGO_NET_OFFLINE") == Some("true".as_ref()),
            apt: self.finds("apt-get"),
            root: self.ask("id", ["-u"]).as_deref() == Some("0"),
            missing_packages: debian::missing(self),
        }
    }

    /// A program with this machine's environment.
    ///
    /// A question must not make rustup install what `rust-toolchain.toml` names: that is a step of
    /// its own, which says what it does.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            .env_clear()
            .envs(&self.environment)
            .env("RUSTUP_AUTO_INSTALL", "0");
        command
    }

    /// What a program writes to stdout, without the end of the line; nothing when it fails.
    pub(crate) fn ask<const N: usize>(
        &self,
        program: impl AsRef<OsStr>,
        arguments: [&str; N],
    ) -> Option<String> {
        let output = self.command(program).args(arguments).output().ok()?;
        let answer = String::from_utf8_lossy(&output.stdout);
        output
            .status
            .success()
            .then(|| answer.trim_end().to_owned())
    }

    /// An environment variable.
    pub(crate) fn variable(&self, name: &str) -> Option<&OsStr> {
        let value = self.environment.get(OsStr::new(name))?;
        Some(value.as_os_str())
    }

    /// Whether PATH leads to a program.
    pub(super) fn finds(&self, program: &str) -> bool {
        self.find(program).is_some()
    }

    /// Where PATH leads for a program.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        let path = self.variable("PATH").unwrap_or_default();
        let mut places = env::split_paths(path).map(|folder| folder.join(program));
        places.find(|place| place.is_file())
    }

    /// Whether the active toolchain can compile contracts.
    ///
    /// When the active toolchain is the one of an earlier run, its state is asked for instead:
    /// the folder of its target can be there and be out of date.
    pub(super) fn active_has_target(&self) -> bool {
        self.variable("RUSTUP_TOOLCHAIN") != Some(NAME.as_ref())
            && self
                .ask("rustc", ["--print", "target-libdir", "--target", TARGET])
                .is_some_and(|folder| has_std(Path::new(&folder)))
    }

    /// Where the third way puts its toolchain.
    pub(super) fn near_wasm(&self) -> PathBuf {
        let data = self
            .variable("XDG_DATA_HOME")
            .filter(|folder| !folder.is_empty());
        let data = data.map(PathBuf::from).unwrap_or_else(|| {
            let home = self.variable("HOME").unwrap_or_default();
            Path::new(home).join(".local/share")
        });
        data.join("near-wasm-toolchain")
    }
}

/// Whether a folder of libraries holds the standard library.
pub(super) fn has_std(folder: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.any(|entry| {
        entry.is_ok_and(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}
