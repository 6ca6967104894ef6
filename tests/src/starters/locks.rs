//! The rule for lock files: the chapters use the same versions, and the tree has the same versions of NEAR's
//! crates as the chapters.

use std::path::{Path, PathBuf};

use anyhow::Result;
use manuscript::layout::Tree;
use manuscript::locks::{LOCK, Versions, disagreements, versions};

use crate::Problem;

/// Finds packages that two chapters have in different versions. One chapter may have more packages.
pub fn locks(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let mut locks: Vec<(PathBuf, Versions)> = Vec::new();
    let mut problems = Vec::new();
    for chapter in [tree.chapters()?, tree.starters()?].concat() {
        let path = chapter.join(LOCK);
        let here = versions(&path)?;
        for (other, there) in &locks {
            for disagreement in disagreements(&here, there) {
                let difference = disagreement.describe(tree.relative(other));
                let fault = format!("{difference}: `cargo book sync` brings them together");
                problems.push(Problem::of(tree.relative(&path), fault));
            }
        }
        locks.push((path, here));
    }
    Ok(problems)
}

/// The prefix of NEAR's own crates.
const OF_NEAR: &str = "near-";

/// Finds packages of NEAR in the tree that have other versions than in the chapters. The tree has the sandbox
/// and its clients, the contracts that the chapters call, and the snippets on the pages.
pub fn of_near(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let path = root.join(LOCK);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let ours = versions(&path)?;
    let mut problems = Vec::new();
    for chapter in [tree.chapters()?, tree.starters()?].concat() {
        let lock = chapter.join(LOCK);
        for disagreement in disagreements(&ours, &versions(&lock)?) {
            if disagreement.package.starts_with(OF_NEAR) {
                let difference = disagreement.describe(tree.relative(&lock));
                let fault = format!("{difference}: `cargo update --precise` brings them together");
                problems.push(Problem::of(LOCK, fault));
            }
        }
    }
    Ok(problems)
}
