//! The shared parts of the clients' tests: a sandbox process, plain JSON-RPC, signed transactions, and recorded
//! figures.

mod figures;
mod node;
mod packages;
mod rpc;
mod transactions;

use std::path::PathBuf;

pub use figures::{measured, recorded};
pub use node::Node;
pub use packages::published;
pub use rpc::{Response, Rpc};
pub use transactions::{Key, encoded, sign};

/// Returns the wasm of a partner of the chapters.
///
/// # Errors
/// The file cannot be read.
pub fn partner_wasm(name: &str) -> anyhow::Result<Vec<u8>> {
    read(&format!(
        "../../chapters/testing/tests/partners/{name}.wasm"
    ))
}

/// Returns the wasm of the contract of chapter 4, which chapter 5 upgrades.
///
/// # Errors
/// The file cannot be read.
pub fn release_wasm() -> anyhow::Result<Vec<u8>> {
    read("../../chapters/testing/tests/releases/last.wasm")
}

/// Returns the wasm of a contract from the sandbox's own tests: `probe` does what its argument says, `greet` is
/// the smallest contract.
///
/// # Errors
/// The file cannot be read.
pub fn fixture_wasm(name: &str) -> anyhow::Result<Vec<u8>> {
    read(&format!("../../chain/tests/fixtures/{name}.wasm"))
}

fn read(path: &str) -> anyhow::Result<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read(&path).map_err(|error| anyhow::anyhow!("cannot read {}: {error}", path.display()))
}
