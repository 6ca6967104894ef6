//! The versions of the embedded sandbox's parts, from the lock files.

use std::fs;
use std::path::Path;

use chain::SUPPORTED_PROTOCOL_VERSIONS;
use runs::figure::Listing;
use toml::Table;

/// The parts, with the lock file that has the version.
const PARTS: [(&str, &str); 9] = [
    ("near-vm-runner", "Cargo.lock"),
    ("wasmtime", "Cargo.lock"),
    ("near-parameters", "Cargo.lock"),
    ("near-primitives", "Cargo.lock"),
    ("near-crypto", "Cargo.lock"),
    ("near-jsonrpc-primitives", "Cargo.lock"),
    ("near-sdk", "chapters/batch/Cargo.lock"),
    ("near-workspaces", "chapters/batch/Cargo.lock"),
    ("near-api", "Cargo.lock"),
];

/// Lists the versions of the parts of the chain and its clients.
pub fn versions() -> Listing {
    let protocol = SUPPORTED_PROTOCOL_VERSIONS.end();
    let mut lines = format!("{:<24} {protocol}\n", "protocol");
    for (part, lock) in PARTS {
        lines.push_str(&format!("{part:<24} {}\n", version(part, lock)));
    }
    Listing(lines)
}

fn version(part: &str, lock: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(lock);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{lock}: {error}"));
    let lock: Table = text
        .parse()
        .unwrap_or_else(|error| panic!("{lock}: {error}"));
    let packages = lock["package"]
        .as_array()
        .expect("the lock file has packages");
    let named = packages
        .iter()
        .find(|package| package["name"].as_str() == Some(part));
    let version = named.and_then(|package| package["version"].as_str());
    version
        .unwrap_or_else(|| panic!("{part} is in no lock file"))
        .to_owned()
}
