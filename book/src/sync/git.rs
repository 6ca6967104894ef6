//! What git says of the chapters' files: a copy that was edited must not be lost.

use crate::child::{self, ChildError};
use crate::step::Step;
use crate::tree::Tree;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The reason why git says nothing of the chapters.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// git is not there, or the tree is no checkout.
    #[error(transparent)]
    Child(#[from] ChildError),
    /// The tree lies in the checkout of something else.
    #[error("git keeps no file of the chapters")]
    NothingKept,
}

/// The state of the chapters' files in a checkout. Paths go from the root of the tree.
#[derive(Debug)]
pub struct Git {
    root: PathBuf,
    /// Files that are not what the last commit has.
    edited: BTreeSet<PathBuf>,
    /// Files that git keeps, or would keep.
    kept: BTreeSet<PathBuf>,
}

impl Git {
    /// Asks git; an error where the tree is no checkout.
    pub fn ask(tree: &Tree) -> Result<Self, GitError> {
        let root = tree.root();
        let mut kept = files(root, &["ls-files", "--cached"])?;
        let changed = ["diff", "--name-only", "--relative", "--no-renames", "HEAD"];
        let new = ["ls-files", "--others", "--exclude-standard"];
        let mut edited = files(root, &changed)?;
        edited.extend(files(root, &new)?);
        kept.extend(edited.iter().cloned());
        if kept.is_empty() {
            return Err(GitError::NothingKept);
        }
        Ok(Self {
            root: root.to_owned(),
            edited,
            kept,
        })
    }

    /// Returns whether a file is not what the last commit has.
    pub fn is_edited(&self, path: &Path) -> bool {
        self.edited.contains(path)
    }

    /// Returns whether git leaves a file out: what an editor keeps beside it, for example.
    pub fn is_ignored(&self, path: &Path) -> bool {
        !self.kept.contains(path)
    }

    /// Lets git keep the content of a file, and returns the name that it has there.
    pub fn keep(&self, path: &Path) -> Result<String, ChildError> {
        let mut keep = git(&self.root);
        keep.args(["hash-object", "-w", "--no-filters", "--"]);
        let name = child::run(keep.arg(path), &Step::silent())?;
        Ok(name.trim().to_owned())
    }
}

fn git(root: &Path) -> Command {
    child::command("git", root)
}

/// Returns the files of the chapters that a command of git lists.
fn files(root: &Path, command: &[&str]) -> Result<BTreeSet<PathBuf>, ChildError> {
    let mut list = git(root);
    list.args(command).args(["-z", "--", "chapters"]);
    let listed = child::run(&mut list, &Step::silent())?;
    let paths = listed.split('\0').filter(|path| !path.is_empty());
    Ok(paths.map(PathBuf::from).collect())
}
