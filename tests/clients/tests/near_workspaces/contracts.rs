//! The contracts, built for wasm and laid where the tests look for them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, ensure};
use manuscript::compiler::Compiler;
use manuscript::machine::Machine;
use serde_json::Value;

use crate::package::write;

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The contract that holds the wasm of another one, and that other one.
const FACTORY: &str = "factory_contract_high_level";
const STATUS_MESSAGE: &str = "status_message";

/// Builds all contracts and lays them into `folder`, beside the package.
pub fn lay_out(folder: &Path) -> anyhow::Result<()> {
    let examples = folder.join("examples/res");
    let own = folder.join("workspaces/tests/test-contracts/type-serialize/res");
    for (name, wasm) in built()? {
        let place = match name.as_str() {
            "test_contract_type_serialization" => &own,
            _ => &examples,
        };
        write(&place.join(format!("{name}.wasm")), &fs::read(&wasm)?)?;
    }
    Ok(())
}

/// The wasm of each contract, by name.
fn built() -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let without_factory = build(&["--exclude", FACTORY], Path::new(""))?;
    let status_message = without_factory
        .get(STATUS_MESSAGE)
        .context("status_message has no wasm")?;
    build(&[], status_message)
}

fn build(arguments: &[&str], status_message: &Path) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/contracts"));
    let output = Compiler::find(&Machine::here(folder))?
        .cargo(folder)
        .args([
            "build",
            "--locked",
            "--release",
            "--workspace",
            "--target",
            WASM_TARGET,
        ])
        .arg("--message-format=json-render-diagnostics")
        .args(arguments)
        .env("STATUS_MESSAGE_WASM", status_message)
        // These would take the place of the flags in `.cargo/config.toml`.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the contracts do not build");
    let files = String::from_utf8(output.stdout)?
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["filenames"].as_array().cloned())
        .flatten()
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "wasm")
        })
        .filter_map(|file| Some((file.file_stem()?.to_str()?.to_owned(), file)))
        .collect();
    Ok(files)
}
