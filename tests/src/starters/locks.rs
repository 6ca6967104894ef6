//! Chapters are built and read one after another, so they use the same versions; and what the tree itself has
//! of NEAR is what the chapters are run with.

use crate::{Problem, text};
use anyhow::{Context, Result};
use book::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use toml::Table;

/// The versions of each package that a lock file has.
type Versions = BTreeMap<String, BTreeSet<String>>;

fn versions(lock: &Path) -> Result<Versions> {
    let table: Table = text::read(lock)?.parse()?;
    let mut versions = Versions::new();
    for package in table
        .get("package")
        .and_then(|packages| packages.as_array())
        .into_iter()
        .flatten()
    {
        let said = |key: &str| {
            package
                .get(key)
                .and_then(|value| value.as_str())
                .map(str::to_owned)
        };
        let name =
            said("name").with_context(|| format!("a package in {} has no name", lock.display()))?;
        versions.entry(name).or_default().extend(said("version"));
    }
    Ok(versions)
}

/// Packages that two chapters have in versions that do not agree. One chapter may have more of them.
pub fn locks(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let mut locks: Vec<(PathBuf, Versions)> = Vec::new();
    let mut problems = Vec::new();
    for chapter in tree.chapters()? {
        let path = chapter.join("Cargo.lock");
        let lock = versions(&path)?;
        for (other, before) in &locks {
            for (package, versions) in &lock {
                let Some(others) = before.get(package) else {
                    continue;
                };
                if !agree(versions, others) {
                    let fault = differ(package, versions, others, tree.relative(other));
                    problems.push(Problem::of(tree.relative(&path), fault));
                }
            }
        }
        locks.push((path, lock));
    }
    Ok(problems)
}

/// How the names of NEAR's own crates begin.
const OF_NEAR: &str = "near-";

/// Packages of NEAR that the tree has in other versions than the chapters are run with: the sandbox and its
/// clients, the contracts that the chapters call, the snippets on the pages.
pub fn of_near(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let path = root.join("Cargo.lock");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let ours = versions(&path)?;
    let mut problems = Vec::new();
    for chapter in tree.chapters()? {
        let lock = chapter.join("Cargo.lock");
        for (package, versions) in versions(&lock)? {
            let Some(others) = ours.get(&package).filter(|_| package.starts_with(OF_NEAR)) else {
                continue;
            };
            if !agree(&versions, others) {
                let fault = differ(&package, others, &versions, tree.relative(&lock));
                problems.push(Problem::of(tree.relative(&path), fault));
            }
        }
    }
    Ok(problems)
}

/// One of two may have more versions of a package than the other.
fn agree(versions: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    versions.is_subset(others) || versions.is_superset(others)
}

fn differ(
    package: &str,
    versions: &BTreeSet<String>,
    others: &BTreeSet<String>,
    other: &Path,
) -> String {
    format!(
        "`{package}` is {} here and {} in {}: `cargo update --precise` brings them together",
        list(versions),
        list(others),
        other.display()
    )
}

fn list(versions: &BTreeSet<String>) -> String {
    versions
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" and ")
}
