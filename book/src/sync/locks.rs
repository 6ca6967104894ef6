//! The versions that chapters use: a package that two of them have is the same in both, as far as their
//! manifests allow. cargo itself changes the lock files.

use super::SyncError;
use crate::child::{self, ChildError};
use crate::files;
use crate::step::Step;
use crate::toolchain::Toolchain;
use semver::{Comparator, Op, Version};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// The name of a lock file.
pub const LOCK: &str = "Cargo.lock";

/// The versions of each package in a lock file.
pub type Versions = BTreeMap<String, BTreeSet<Version>>;

/// Reads the packages of a lock file.
pub fn versions(lock: &Path) -> Result<Versions, SyncError> {
    #[derive(serde::Deserialize)]
    struct Lock {
        #[serde(default)]
        package: Vec<Package>,
    }
    #[derive(serde::Deserialize)]
    struct Package {
        name: String,
        version: Version,
    }
    let read: Lock = toml::from_str(&files::read_text(lock)?).map_err(|why| SyncError::Lock {
        path: lock.to_owned(),
        why,
    })?;
    let mut versions = Versions::new();
    for Package { name, version } in read.package {
        versions.entry(name).or_default().insert(version);
    }
    Ok(versions)
}

/// A package whose versions in two lock files do not agree.
#[derive(Debug)]
pub struct Disagreement {
    /// The name of the package.
    pub package: String,
    /// Its versions in the one.
    pub here: BTreeSet<Version>,
    /// Its versions in the other.
    pub there: BTreeSet<Version>,
}

impl Disagreement {
    /// Returns whether no requirement takes a version of the one for a version of the other.
    fn is_lasting(&self) -> bool {
        let mut left = self.here.difference(&self.there);
        !left.any(|here| compatible(here, &self.there).is_some())
    }

    /// Says what differs, for readers of the one lock file. The other one has this path.
    pub fn told(&self, other: &Path) -> String {
        let (here, there) = (list(&self.here), list(&self.there));
        let package = &self.package;
        format!(
            "`{package}` is {here} here and {there} in {}",
            other.display()
        )
    }
}

/// Returns versions as one would list them.
fn list(versions: &BTreeSet<Version>) -> String {
    let versions: Vec<_> = versions.iter().map(Version::to_string).collect();
    versions.join(" and ")
}

/// Returns the packages that two lock files do not agree in. One may have more packages than the other, and more
/// versions of a package.
pub fn disagreements(here: &Versions, there: &Versions) -> Vec<Disagreement> {
    let both = here
        .iter()
        .filter_map(|(package, here)| Some((package, here, there.get(package)?)));
    both.filter(|(_, here, there)| !here.is_subset(there) && !here.is_superset(there))
        .map(|(package, here, there)| Disagreement {
            package: package.clone(),
            here: here.clone(),
            there: there.clone(),
        })
        .collect()
}

/// Returns the version that a requirement takes as well as `one`. A lock file has at most one of them.
fn compatible<'a>(one: &Version, versions: &'a BTreeSet<Version>) -> Option<&'a Version> {
    versions.iter().find(|other| {
        let (low, high) = (one.min(other), one.max(other));
        let caret = Comparator {
            op: Op::Caret,
            major: low.major,
            minor: Some(low.minor),
            patch: Some(low.patch),
            pre: low.pre.clone(),
        };
        caret.matches(high)
    })
}

/// A package that takes another version.
#[derive(Debug, PartialEq, Eq)]
pub struct Move {
    package: String,
    from: Version,
    to: Version,
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { package, from, to } = self;
        write!(f, "{package} {from} → {to}")
    }
}

/// What it takes to bring a lock file in step with others.
#[derive(Debug, Default)]
pub struct Plan {
    /// The packages to move.
    pub moves: Vec<Move>,
    /// What no lock file can mend, since the manifests ask for it; with the other lock file.
    pub apart: Vec<(Disagreement, PathBuf)>,
}

/// Compares the lock file of a chapter with those of the chapters that it follows. The first that has a package
/// says its version.
pub fn plan(chapter: &Path, leaders: &[PathBuf]) -> Result<Plan, SyncError> {
    let here = versions(&chapter.join(LOCK))?;
    let mut plan = Plan::default();
    let mut locks = Vec::new();
    for leader in leaders {
        let lock = leader.join(LOCK);
        let there = versions(&lock)?;
        let apart = disagreements(&here, &there).into_iter();
        let apart = apart.filter(Disagreement::is_lasting);
        plan.apart.extend(apart.map(|one| (one, lock.clone())));
        locks.push(there);
    }
    for (package, versions) in &here {
        for from in versions {
            let said = |lock: &Versions| compatible(from, lock.get(package)?).cloned();
            if let Some(to) = locks.iter().find_map(said).filter(|to| to != from) {
                plan.moves.push(Move {
                    package: package.clone(),
                    from: from.clone(),
                    to,
                });
            }
        }
    }
    Ok(plan)
}

/// Lets cargo move the packages of a chapter to the versions of the chapters that it follows. A lock file that it
/// cannot bring in step stays as it was.
pub fn follow(chapter: &Path, leaders: &[PathBuf]) -> Result<(), SyncError> {
    let lock = chapter.join(LOCK);
    let before = files::read(&lock)?;
    let followed = move_all(chapter, leaders);
    if followed.is_err() {
        files::write(&lock, before)?;
    }
    followed
}

/// Packages that ask for each other's exact version move together when cargo is asked for the right one of them,
/// and it may bring others along. So each time the moves are told anew, and the first that cargo takes is made.
fn move_all(chapter: &Path, leaders: &[PathBuf]) -> Result<(), SyncError> {
    let lock = chapter.join(LOCK);
    let mut seen = HashSet::new();
    loop {
        let plan = plan(chapter, leaders)?;
        let Some(first) = plan.moves.first() else {
            return Ok(());
        };
        if !seen.insert(files::read(&lock)?) {
            return Err(SyncError::Circle {
                path: lock,
                package: first.package.clone(),
            });
        }
        let mut refused = None;
        for wanted in &plan.moves {
            match update(chapter, wanted) {
                Ok(()) => {
                    refused = None;
                    break;
                }
                // What is behind the first is often a consequence of it.
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        if let Some(error) = refused {
            return Err(error.into());
        }
    }
}

fn update(chapter: &Path, wanted: &Move) -> Result<(), ChildError> {
    let Move { package, from, to } = wanted;
    let mut cargo = Toolchain::Active.cargo(chapter);
    cargo.args(["update", "--precise", &to.to_string()]);
    cargo.arg(format!("{package}@{from}"));
    child::run(&mut cargo, &Step::silent())?;
    Ok(())
}

#[cfg(test)]
mod tests;
