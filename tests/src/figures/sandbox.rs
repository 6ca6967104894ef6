//! What the embedded sandbox is made of, told by the lock files.

use std::fs;
use std::path::Path;

use chain::SUPPORTED_PROTOCOL_VERSIONS;
use toml::Table;

use crate::figures::Listing;

/// A part, and the lock file that says its version.
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

/// The versions of everything that the chain and its clients are made of.
pub fn versions() -> Listing {
    let protocol = SUPPORTED_PROTOCOL_VERSIONS.end();
    let mut told = format!("{:<24} {protocol}\n", "protocol");
    for (part, lock) in PARTS {
        told.push_str(&format!("{part:<24} {}\n", version(part, lock)));
    }
    Listing(told)
}

fn version(part: &str, lock: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(lock);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{lock}: {error}"));
    let lock: Table = text
        .parse()
        .unwrap_or_else(|error| panic!("{lock}: {error}"));
    let packages = lock["package"]
        .as_array()
        .expect("a lock file lists packages");
    let named = packages
        .iter()
        .find(|package| package["name"].as_str() == Some(part));
    let version = named.and_then(|package| package["version"].as_str());
    version
        .unwrap_or_else(|| panic!("{part} is in no lock file"))
        .to_owned()
}
