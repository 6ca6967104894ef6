//! The sandbox on which the tests run: a program in the place of `neard`.

use std::env;
use std::path::{Path, PathBuf};

use manuscript::layout::Tree;
use manuscript::process::{self, ProcessError};

use crate::step::{self, Step};

/// The name of these steps.
const STEP: &str = "sandbox";

/// The variable that names the sandbox to near-workspaces.
pub const VARIABLE: &str = "NEAR_SANDBOX_BIN_PATH";

/// The sandbox that the tests get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sandbox {
    /// The embedded one, through the launcher that `.cargo/config.toml` names.
    Embedded,
    /// The one that the user named, for example a real `neard`.
    Named(PathBuf),
}

impl Sandbox {
    /// Returns the sandbox that the environment names.
    pub fn here(tree: &Tree) -> Self {
        Self::of(tree, env::var_os(VARIABLE).map(PathBuf::from))
    }

    fn of(tree: &Tree, named: Option<PathBuf>) -> Self {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        match named {
            Some(named) if real(&named) != real(&tree.sandbox_launcher()) => Self::Named(named),
            _ => Self::Embedded,
        }
    }

    /// Returns the program that near-workspaces starts.
    pub fn path(self, tree: &Tree) -> PathBuf {
        match self {
            Self::Embedded => tree.sandbox_launcher(),
            Self::Named(path) => path,
        }
    }
}

/// Builds the embedded sandbox, unless the user named another one.
///
/// The launcher builds it if that is necessary. Here it shows its progress, and no test waits for it.
pub fn ensure(tree: &Tree) -> Result<(), ProcessError> {
    if let Sandbox::Named(named) = Sandbox::here(tree) {
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
    let mut launcher = process::command(tree.sandbox_launcher(), tree.root());
    launcher.arg("--version").env("CARGO_TERM_QUIET", "false");
    process::run_with(&mut launcher, &|line| step.progress(line))?;
    step.done();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_launcher_of_the_tree_is_the_embedded_sandbox() {
        let tree = Tree::at("/tree");

        let sandbox = Sandbox::of(&tree, Some(tree.sandbox_launcher()));

        assert_eq!(sandbox, Sandbox::Embedded);
    }

    #[test]
    fn a_sandbox_that_the_user_names_takes_precedence() {
        let sandbox = Sandbox::of(&Tree::at("/tree"), Some(PathBuf::from("/opt/neard")));

        assert_eq!(sandbox, Sandbox::Named(PathBuf::from("/opt/neard")));
    }
}
