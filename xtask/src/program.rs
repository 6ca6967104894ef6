//! Programs of the tree, built when they are first asked for.

use std::env;
use std::process::ExitCode;

use anyhow::{Context, Result};
use manuscript::layout::Tree;
use manuscript::process;

use crate::step::Step;

/// Builds a program. Its features are those of the whole workspace, so that its libraries are compiled once.
pub fn build(tree: &Tree, name: &str, step: &Step) -> Result<()> {
    let mut build = process::cargo(tree.root());
    build.args(["build", "--workspace", "--locked", "--bin", name]);
    process::run_with(&mut build, &|line| step.progress(line))?;
    Ok(())
}

/// Builds a program, and runs it in the current folder.
pub fn start(tree: &Tree, name: &str, arguments: &[String]) -> Result<ExitCode> {
    let program = tree.target().join("debug").join(name);
    let step = match program.exists() {
        // A build after a change takes seconds.
        true => Step::silent(),
        false => Step::begin(name, "its first build takes some minutes"),
    };
    build(tree, name, &step)?;
    step.done();
    let status = process::command(program, &env::current_dir()?)
        .args(arguments)
        .status()
        .with_context(|| format!("`{name}` does not start"))?;
    let code = u8::try_from(status.code().unwrap_or(1)).unwrap_or(1);
    Ok(ExitCode::from(code))
}
