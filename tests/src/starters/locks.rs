//! Chapters are built and read one after another, so they use the same versions; and what the tree itself has
//! of NEAR is what the chapters are run with.

use crate::Problem;
use anyhow::Result;
use manuscript::layout::Tree;
use manuscript::locks::{LOCK, Versions, disagreements, versions};
use std::path::{Path, PathBuf};

/// Packages that two chapters have in versions that do not agree. One chapter may have more of them.
pub fn locks(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let mut locks: Vec<(PathBuf, Versions)> = Vec::new();
    let mut problems = Vec::new();
    for chapter in tree.chapters()? {
        let path = chapter.join(LOCK);
        let here = versions(&path)?;
        for (other, there) in &locks {
            for disagreement in disagreements(&here, there) {
                let told = disagreement.describe(tree.relative(other));
                let fault = format!("{told}: `cargo book sync` brings them together");
                problems.push(Problem::of(tree.relative(&path), fault));
            }
        }
        locks.push((path, here));
    }
    Ok(problems)
}

/// How the names of NEAR's own crates begin.
const OF_NEAR: &str = "near-";

/// Packages of NEAR that the tree has in other versions than the chapters are run with: the sandbox and its
/// clients, the contracts that the chapters call, the snippets on the pages.
pub fn of_near(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let path = root.join(LOCK);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let ours = versions(&path)?;
    let mut problems = Vec::new();
    for chapter in tree.chapters()? {
        let lock = chapter.join(LOCK);
        for disagreement in disagreements(&ours, &versions(&lock)?) {
            if disagreement.package.starts_with(OF_NEAR) {
                let told = disagreement.describe(tree.relative(&lock));
                let fault = format!("{told}: `cargo update --precise` brings them together");
                problems.push(Problem::of(LOCK, fault));
            }
        }
    }
    Ok(problems)
}
