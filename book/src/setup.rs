//! What a fresh machine needs before anything runs. Done again, it does nothing twice.

use crate::child::ChildError;
use crate::contracts::{self, ContractsError};
use crate::sandbox_binary;
use crate::step;
use crate::toolchain::{Machine, Toolchain, ToolchainError};
use crate::tree::Tree;

/// A step of the set-up that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Contracts cannot be compiled.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// The chain did not build.
    #[error("the sandbox did not build: {0}")]
    Sandbox(ChildError),
    /// The contracts beside the chapters could not be looked at.
    #[error(transparent)]
    Contracts(#[from] ContractsError),
}

/// The target that contracts compile to, the chain that they run on, the contracts that they call.
pub fn run(tree: &Tree) -> Result<Toolchain, SetupError> {
    let toolchain = Toolchain::ensure(&Machine::here(tree.root()))?;
    sandbox_binary::ensure(tree).map_err(SetupError::Sandbox)?;
    look_at_contracts(tree)?;
    Ok(toolchain)
}

/// The contracts that chapters call are in the tree as wasm, so there is nothing to build here.
fn look_at_contracts(tree: &Tree) -> Result<(), ContractsError> {
    let drifts = contracts::check(tree)?;
    for drift in &drifts {
        step::say("contracts", &drift.to_string());
    }
    if drifts.is_empty() {
        step::say(
            "contracts",
            "the wasm that the chapters call is what contract/ was built to",
        );
    } else {
        step::say("contracts", "`cargo book contracts` builds them again");
    }
    Ok(())
}
