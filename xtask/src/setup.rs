//! The steps that a new machine needs before anything runs. A second run does nothing twice.

use anyhow::{Context, Result};
use manuscript::compiler::Compiler;
use manuscript::layout::Tree;
use manuscript::machine::Machine;
use manuscript::partners;

use crate::step::{self, Step};
use crate::{program, sandbox, wasm_target};

/// Sets up the target of contracts and the sandbox, checks the contracts that the chapters call, and returns the
/// compiler for contracts.
pub fn run(tree: &Tree) -> Result<Compiler> {
    let compiler = wasm_target::ensure(&Machine::here(tree.root()))?;
    sandbox::ensure(tree).context("the sandbox does not build")?;
    check_contracts(tree)?;
    Ok(compiler)
}

/// Builds the program that plays runs with other inputs.
pub fn player(tree: &Tree) -> Result<()> {
    let step = Step::begin(
        "play",
        "building the program that plays the runs of the pages",
    );
    program::build(tree, "play", &step)?;
    step.done();
    Ok(())
}

/// Checks that the wasm in the chapters is what `contract/` builds. The tree has it, so nothing is built.
fn check_contracts(tree: &Tree) -> Result<()> {
    let drifts = partners::check(tree)?;
    for drift in &drifts {
        step::say("contracts", &drift.to_string());
    }
    let found = match drifts.is_empty() {
        true => "the chapters have what contract/ builds",
        false => "`cargo book contracts` builds them again",
    };
    step::say("contracts", found);
    Ok(())
}
