//! The machine: an environment, and programs to run in it.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// The environment in which programs run. Tests make their own.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The environment that programs get.
    pub environment: BTreeMap<OsString, OsString>,
    /// The folder of Debian's `bin` and `lib`.
    pub usr: PathBuf,
}

impl Machine {
    /// Returns this machine.
    pub fn here() -> Self {
        Self {
            environment: env::vars_os().collect(),
            usr: PathBuf::from("/usr"),
        }
    }

    /// Returns a command with this machine's environment. rustup installs nothing for it.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(&self.environment)
            .env("RUSTUP_AUTO_INSTALL", "0")
            .stdin(Stdio::null());
        command
    }

    /// Runs a program. Its output goes to stderr.
    pub fn run(&self, command: &mut Command) -> Result<()> {
        let program = command.get_program().to_owned();
        let program = program.display();
        let status = command.stdout(std::io::stderr()).status();
        let status = status.with_context(|| format!("cannot run {program}"))?;
        ensure!(status.success(), "{program} ended with {status}");
        Ok(())
    }

    /// Returns the stdout of a program, or nothing if it fails.
    pub fn ask(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
        let output = self.command(program).args(arguments).output().ok()?;
        let stdout = String::from_utf8_lossy(&output.stdout);
        output
            .status
            .success()
            .then(|| stdout.trim_end().to_owned())
    }

    /// Returns the value of an environment variable.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        self.environment
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
    }

    /// Returns whether PATH leads to a program.
    pub fn has(&self, program: &str) -> bool {
        let path = self.variable("PATH").unwrap_or_default();
        env::split_paths(path).any(|folder| folder.join(program).is_file())
    }

    /// Returns the folder of the toolchain.
    pub fn toolchain(&self) -> PathBuf {
        let data = self.variable("XDG_DATA_HOME");
        let data = data.filter(|data| !data.is_empty()).map(PathBuf::from);
        let data = data.unwrap_or_else(|| {
            let home = self.variable("HOME").unwrap_or_default();
            Path::new(home).join(".local/share")
        });
        data.join("near-wasm-toolchain")
    }
}

#[cfg(test)]
pub mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A home folder with programs that are scripts. PATH leads to them alone, so that no test installs anything.
    pub struct Fakes {
        pub folder: TempDir,
    }

    impl Fakes {
        pub fn new() -> Self {
            Self {
                folder: tempfile::tempdir().unwrap(),
            }
        }

        /// Writes a script in another process. What this process has open for writing, the child of another test
        /// can inherit, and then it cannot be run.
        pub fn script(&self, name: &str, script: &str) {
            let path = self.folder.path().join("bin").join(name);
            let write = r#"mkdir -p "$(dirname "$0")"; printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod 755 "$0""#;
            let mut shell = Command::new("sh");
            shell.args(["-c", write]).arg(path).arg(script);
            assert!(shell.status().unwrap().success());
        }

        pub fn machine(&self) -> Machine {
            let home = self.folder.path();
            Machine {
                environment: [
                    ("PATH".into(), home.join("bin").into()),
                    ("HOME".into(), home.into()),
                ]
                .into(),
                usr: home.join("usr"),
            }
        }
    }

    #[test]
    fn the_toolchain_lies_below_the_data_of_the_user() {
        let mut machine = Fakes::new().machine();
        let home = PathBuf::from(machine.variable("HOME").unwrap());
        assert_eq!(
            machine.toolchain(),
            home.join(".local/share/near-wasm-toolchain")
        );

        machine
            .environment
            .insert("XDG_DATA_HOME".into(), "/data".into());

        assert_eq!(machine.toolchain(), Path::new("/data/near-wasm-toolchain"));
    }
}
