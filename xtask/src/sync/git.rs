//! The state of the chapters and starters in git, so that no edited copy is lost.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use manuscript::layout::Tree;
use manuscript::process;

/// The state of the files in a checkout. Paths start at the root of the tree.
#[derive(Debug)]
pub struct Git {
    root: PathBuf,
    /// The files that differ from the last commit.
    edited: BTreeSet<PathBuf>,
    /// The files that are in git, and the new ones that it does not ignore.
    kept: BTreeSet<PathBuf>,
}

impl Git {
    /// Asks git. A tree that is no checkout is an error.
    pub fn ask(tree: &Tree) -> Result<Self> {
        let root = tree.root();
        let diff = ["diff", "--name-only", "--relative", "--no-renames", "HEAD"];
        let mut edited = files(root, &diff)?;
        edited.extend(files(
            root,
            &["ls-files", "--others", "--exclude-standard"],
        )?);
        let mut kept = files(root, &["ls-files", "--cached"])?;
        kept.extend(edited.iter().cloned());
        ensure!(!kept.is_empty(), "git has no file of the chapters");
        Ok(Self {
            root: root.to_owned(),
            edited,
            kept,
        })
    }

    /// Returns whether a file differs from the last commit.
    pub fn is_edited(&self, path: &Path) -> bool {
        self.edited.contains(path)
    }

    /// Returns whether git ignores a file, such as one that an editor writes beside another.
    pub fn is_ignored(&self, path: &Path) -> bool {
        !self.kept.contains(path)
    }

    /// Lets git keep the content of a file, and returns its name in git.
    pub fn keep(&self, path: &Path) -> Result<String> {
        let mut git = process::command("git", &self.root);
        git.args(["hash-object", "-w", "--no-filters", "--"]);
        let name = process::run(git.arg(path))?;
        Ok(name.trim().to_owned())
    }
}

/// Returns the files of chapters and starters that a command of git lists.
fn files(root: &Path, command: &[&str]) -> Result<BTreeSet<PathBuf>> {
    let mut git = process::command("git", root);
    git.args(command)
        .args(["-z", "--", "chapters", "starters", "studies"]);
    let listed = process::run(&mut git)?;
    let paths = listed.split('\0').filter(|path| !path.is_empty());
    Ok(paths.map(PathBuf::from).collect())
}
