//! Renews the figures that runs recorded: what the pages quote is written by the code that made it.

use crate::files::{self, FileError};
use crate::toolchain::Toolchain;
use crate::tree::Tree;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// The tests that record. cargo runs those of `trace` last, so that `golden` finds the answers renewed.
const RECORDERS: [&str; 3] = ["runs", "golden", "clients"];

/// Figures that could not be renewed.
#[derive(Debug, thiserror::Error)]
pub enum BlessError {
    /// The runs that record them failed.
    #[error("the runs that record the figures ended with {0}")]
    Runs(ExitStatus),
    /// cargo did not start.
    #[error("cannot run cargo: {0}")]
    Cargo(io::Error),
    /// A figure could not be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// What became of a figure.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    New(PathBuf),
    /// It says something else.
    Changed(PathBuf),
    /// No run records it any more.
    Gone(PathBuf),
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New(path) => write!(f, "new      {}", path.display()),
            Self::Changed(path) => write!(f, "changed  {}", path.display()),
            Self::Gone(path) => write!(f, "gone     {}", path.display()),
        }
    }
}

/// Runs what records the figures, and says which came out otherwise.
pub fn run(tree: &Tree) -> Result<Vec<Change>, BlessError> {
    let folder = tree.root().join("src/figures");
    let before = files::fingerprints(&folder)?;
    let status = Toolchain::Active
        .cargo(tree.root())
        .args(["test", "--workspace", "--locked"])
        .args(RECORDERS.iter().flat_map(|test| ["--test", test]))
        .env("BLESS", "1")
        .status()
        .map_err(BlessError::Cargo)?;
    if !status.success() {
        return Err(BlessError::Runs(status));
    }
    Ok(changes(&before, &files::fingerprints(&folder)?))
}

fn changes(before: &BTreeMap<PathBuf, String>, after: &BTreeMap<PathBuf, String>) -> Vec<Change> {
    let gone = before.keys().filter(|path| !after.contains_key(*path));
    let here = after
        .iter()
        .filter_map(|(path, now)| match before.get(path) {
            None => Some(Change::New(path.clone())),
            Some(then) if then != now => Some(Change::Changed(path.clone())),
            Some(_) => None,
        });
    here.chain(gone.map(|path| Change::Gone(path.clone())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_says_the_same_has_not_changed() {
        let same = BTreeMap::from([(PathBuf::from("gas.txt"), "1".to_owned())]);

        assert_eq!(changes(&same, &same), []);
    }

    #[test]
    fn a_figure_that_says_something_else_has_changed() {
        let before = BTreeMap::from([(PathBuf::from("gas.txt"), "1".to_owned())]);
        let after = BTreeMap::from([(PathBuf::from("gas.txt"), "2".to_owned())]);

        let changed = Change::Changed(PathBuf::from("gas.txt"));
        assert_eq!(changes(&before, &after), [changed]);
    }

    #[test]
    fn a_figure_that_no_run_records_is_gone() {
        let before = BTreeMap::from([(PathBuf::from("gas.txt"), "1".to_owned())]);

        let gone = Change::Gone(PathBuf::from("gas.txt"));
        assert_eq!(changes(&before, &BTreeMap::new()), [gone]);
    }
}
