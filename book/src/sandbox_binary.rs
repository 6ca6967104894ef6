//! The chain that the tests run on, as a program in the place of `neard`.

use crate::child::{self, ChildError};
use crate::step::{self, Step};
use crate::toolchain::Toolchain;
use crate::tree::Tree;
use std::env;
use std::path::{Path, PathBuf};

/// What the steps of this module are called.
const STEP: &str = "sandbox";

/// The variable that near-workspaces starts its chain by.
pub const VARIABLE: &str = "NEAR_SANDBOX_BIN_PATH";

/// Which chain the tests get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sandbox {
    /// The embedded one, through the launcher that `.cargo/config.toml` names.
    Embedded,
    /// One that the reader named, a real `neard` for example.
    Named(PathBuf),
}

/// The chain that this process' environment asks for.
pub fn chosen(tree: &Tree) -> Sandbox {
    which(tree, env::var_os(VARIABLE).map(PathBuf::from))
}

/// What near-workspaces is to start.
pub fn path(tree: &Tree) -> PathBuf {
    match chosen(tree) {
        Sandbox::Embedded => tree.sandbox_launcher(),
        Sandbox::Named(path) => path,
    }
}

fn which(tree: &Tree, named: Option<PathBuf>) -> Sandbox {
    let same = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match named {
        Some(named) if same(&named) != same(&tree.sandbox_launcher()) => Sandbox::Named(named),
        _ => Sandbox::Embedded,
    }
}

/// Builds the embedded chain, unless the reader named another.
///
/// The launcher knows how, and whether there is anything to do. Started here, it keeps no test
/// waiting; and here it may say what it compiles.
pub fn ensure(tree: &Tree) -> Result<(), ChildError> {
    if let Sandbox::Named(named) = chosen(tree) {
        let named = named.display();
        step::say(
            STEP,
            &format!("{VARIABLE} names {named}: the tests run on it"),
        );
        return Ok(());
    }
    let step = Step::begin(
        STEP,
        "the chain that the tests run on; its first build takes some minutes",
    );
    let mut launcher = Toolchain::Active.command(tree.sandbox_launcher(), tree.root());
    launcher.arg("--version").env("CARGO_TERM_QUIET", "false");
    child::run(&mut launcher, &step)?;
    step.done();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_launcher_of_the_tree_is_the_embedded_chain() {
        let tree = Tree::at("/tree");

        let chosen = which(&tree, Some(tree.sandbox_launcher()));

        assert_eq!(chosen, Sandbox::Embedded);
    }

    #[test]
    fn a_chain_that_the_reader_names_wins() {
        let chosen = which(&Tree::at("/tree"), Some(PathBuf::from("/opt/neard")));

        assert_eq!(chosen, Sandbox::Named(PathBuf::from("/opt/neard")));
    }
}
