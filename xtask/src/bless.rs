//! Records the figures again.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use manuscript::layout::Tree;
use manuscript::{files, process};

/// The tests that record. cargo runs those of `trace` last, so that `golden` reads the new answers.
const RECORDERS: [&str; 3] = ["runs", "golden", "clients"];

/// A difference between the figures before and after.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// A new figure.
    New(PathBuf),
    /// A figure with another content.
    Changed(PathBuf),
    /// A figure that no run records any more.
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

/// Runs the tests that record figures, and returns the changes.
pub fn run(tree: &Tree) -> Result<Vec<Change>> {
    let folder = tree.root().join("src/figures");
    let before = files::fingerprints(&folder)?;
    let status = process::cargo(tree.root())
        .args(["test", "--workspace", "--locked"])
        .args(RECORDERS.iter().flat_map(|test| ["--test", test]))
        .env("BLESS", "1")
        .status()
        .context("cannot run cargo")?;
    ensure!(
        status.success(),
        "the runs that record the figures ended with {status}"
    );
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
    fn a_figure_with_the_same_content_has_not_changed() {
        let same = BTreeMap::from([(PathBuf::from("gas.txt"), "1".to_owned())]);

        assert_eq!(changes(&same, &same), []);
    }

    #[test]
    fn a_figure_with_another_content_has_changed() {
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
