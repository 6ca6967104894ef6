//! Contracts as wasm: the chapters' own, and the partners that they call.

mod partners;
mod source;
mod wasm;

pub use partners::{Drift, Laid, Reason, check, renew};
pub use wasm::{Built, Wasm, build_contracts, build_wasm};

use crate::child::ChildError;
use crate::files::FileError;
use crate::toolchain::ToolchainError;
use std::path::PathBuf;

/// A contract that could not be built, or laid where it is needed.
#[derive(Debug, thiserror::Error)]
pub enum ContractsError {
    /// Contracts cannot be compiled on this machine.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// cargo failed.
    #[error(transparent)]
    Child(#[from] ChildError),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// cargo wrote something that is not what it documents.
    #[error("cargo's answer cannot be read: {0}")]
    Answer(serde_json::Error),
    /// A manifest or a lock file is not one.
    #[error("{}: {why}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        why: toml::de::Error,
    },
    /// A chapter wants a partner that there is not.
    #[error("{} asks for `{partner}`, and there is no contract/{partner}", manifest.display())]
    Unknown {
        /// The manifest that asks.
        manifest: PathBuf,
        /// What it asks for.
        partner: String,
    },
}
