//! What the tests of the clients share: a sandbox as a process, plain JSON-RPC to it, signed transactions,
//! and the figures that they record.

mod figures;
mod node;
mod rpc;
mod transactions;

pub use figures::{measured, recorded};
pub use node::Node;
pub use rpc::{Answer, Rpc};
pub use transactions::{Key, encoded, sign};

use std::path::PathBuf;

/// The wasm of a contract that the chapters call.
///
/// # Errors
/// It cannot be read.
pub fn partner_wasm(name: &str) -> anyhow::Result<Vec<u8>> {
    read(&format!("../../chapters/setup/tests/partners/{name}.wasm"))
}

/// The wasm of a contract with which the sandbox itself is tested: `probe` does what its argument tells
/// it to, `greet` is as small as can be.
///
/// # Errors
/// It cannot be read.
pub fn fixture_wasm(name: &str) -> anyhow::Result<Vec<u8>> {
    read(&format!("../../chain/tests/fixtures/{name}.wasm"))
}

fn read(path: &str) -> anyhow::Result<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read(&path).map_err(|error| anyhow::anyhow!("cannot read {}: {error}", path.display()))
}
