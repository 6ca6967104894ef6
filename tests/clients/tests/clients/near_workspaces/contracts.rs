//! The contracts, built for wasm and copied to the paths that the tests read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, ensure};
use manuscript::compiler::Compiler;
use manuscript::machine::Machine;
use serde_json::Value;

use super::package::write;

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The contract that includes the wasm of another one, and that other one.
const FACTORY: &str = "factory_contract_high_level";
const STATUS_MESSAGE: &str = "status_message";

/// The contract of near-workspaces' own crate. All others are in its folder of examples.
const TYPE_SERIALISATION: &str = "test_contract_type_serialization";

/// The contracts that include no other one.
const OTHERS: [&str; 4] = [
    STATUS_MESSAGE,
    TYPE_SERIALISATION,
    "fungible_token",
    "non_fungible_token",
];

/// Builds all contracts and writes them into `folder`, beside the package.
pub fn lay_out(folder: &Path) -> anyhow::Result<()> {
    let examples = folder.join("examples/res");
    let own = folder.join("workspaces/tests/test-contracts/type-serialize/res");
    for (name, wasm) in built()? {
        let folder_of_wasm = match name.as_str() {
            TYPE_SERIALISATION => &own,
            _ => &examples,
        };
        write(
            &folder_of_wasm.join(format!("{name}.wasm")),
            &fs::read(&wasm)?,
        )?;
    }
    Ok(())
}

/// Returns the path of each contract's wasm, by name. All of them are built together, with the same features of near-sdk.
fn built() -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let others = build(&OTHERS, Path::new(""))?;
    let status_message = others
        .get(STATUS_MESSAGE)
        .context("status_message has no wasm")?;
    let all: Vec<_> = OTHERS.into_iter().chain([FACTORY]).collect();
    build(&all, status_message)
}

fn build(packages: &[&str], status_message: &Path) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let output = Compiler::find(&Machine::here(root))?
        .cargo(root)
        .args(["build", "--lib", "--locked", "--profile", "contract"])
        .args(["--target", WASM_TARGET])
        .args(packages.iter().flat_map(|package| ["--package", package]))
        .arg("--message-format=json-render-diagnostics")
        .env("STATUS_MESSAGE_WASM", status_message)
        // near-sdk calls the host functions of the chain only with this flag.
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", "--cfg=near")
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
