//! A build of a contract that ends, with all that it has started, when it is dropped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use manuscript::wasm::{self, WasmError};
use tokio::task;
use tokio::time::timeout;

/// The time that a build may take. The first one compiles near-sdk, and another build may hold the target folder.
const MAX_TIME: Duration = Duration::from_secs(600);

/// An error of a contract that was not built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// cargo ended with this on stderr.
    #[error("{0}")]
    Cargo(String),
    /// The build could not be prepared: a manifest is wrong, for example.
    #[error("{}", words(.0))]
    Wasm(#[from] WasmError),
    /// The package is not one contract.
    #[error("the build has {0} contracts, and a chapter has one")]
    Contracts(usize),
    /// The build took too long.
    #[error("the build was ended after {} seconds", MAX_TIME.as_secs())]
    Time,
    /// The build did not start or end.
    #[error("cargo: {0}")]
    Process(#[from] std::io::Error),
}

fn words(error: &WasmError) -> String {
    match error {
        WasmError::Process(error) => error.to_string(),
        other => other.to_string(),
    }
}

/// The processes of a build. They are ended when the value is dropped.
struct Group(Option<u32>);

impl Group {
    /// Says that the build has ended by itself.
    fn ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let Some(id) = self.0 else { return };
        // The shell has its own `kill`, which takes a group. An error means that the processes have ended already.
        let _ = Command::new("sh")
            .args(["-c", "kill -s KILL -- \"-$1\"", "sh", &id.to_string()])
            .stderr(Stdio::null())
            .status();
    }
}

/// Builds the contract of a workspace of its own, as [`wasm::command`].
pub async fn build(folder: PathBuf, target: Option<PathBuf>) -> Result<Vec<u8>, BuildError> {
    let prepared = task::spawn_blocking(move || command(&folder, target.as_deref()));
    let mut cargo = tokio::process::Command::from(prepared.await.map_err(std::io::Error::other)??);
    let child = cargo.spawn()?;
    let group = Group(child.id());
    let output = timeout(MAX_TIME, child.wait_with_output());
    let output = output.await.map_err(|_| BuildError::Time)??;
    group.ended();
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(BuildError::Cargo(stderr.into_owned()));
    }
    let mut contracts = wasm::contracts(&String::from_utf8_lossy(&output.stdout))?;
    match contracts.len() {
        1 => Ok(contracts.remove(0).code),
        number => Err(BuildError::Contracts(number)),
    }
}

fn command(folder: &Path, target: Option<&Path>) -> Result<Command, WasmError> {
    use std::os::unix::process::CommandExt;

    let mut cargo = wasm::command(folder, target)?;
    // What cargo starts is ended with it.
    cargo.process_group(0);
    cargo
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(cargo)
}
