//! Chapters are built and read one after another, so they use the same versions.

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
                if !versions.is_subset(others) && !versions.is_superset(others) {
                    let fault = format!(
                        "`{package}` is {} here and {} in {}: `cargo update --precise` brings them together",
                        list(versions),
                        list(others),
                        tree.relative(other).display()
                    );
                    problems.push(Problem::of(tree.relative(&path), fault));
                }
            }
        }
        locks.push((path, lock));
    }
    Ok(problems)
}

/// Lock files whose near-sdk is another than the one that snippets on the pages are compiled with.
pub fn near_sdk(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let snippets = versions(&root.join("Cargo.lock"))?;
    let mut locks: Vec<_> = tree
        .chapters()?
        .iter()
        .map(|chapter| chapter.join("Cargo.lock"))
        .collect();
    locks.push(tree.contract().join("Cargo.lock"));
    let mut problems = Vec::new();
    for lock in locks {
        let versions = versions(&lock)?;
        if versions.get("near-sdk") != snippets.get("near-sdk") {
            let fault = "near-sdk is another version here than at the root: `cargo update --precise` brings them together";
            problems.push(Problem::of(tree.relative(&lock), fault));
        }
    }
    Ok(problems)
}

fn list(versions: &BTreeSet<String>) -> String {
    versions
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" and ")
}
