//! Gives a package that two crates have the same version in both, as far as their manifests allow.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use manuscript::locks::{Disagreement, LOCK, Versions, compatible, disagreements, versions};
use manuscript::{files, process};
use semver::Version;
use toml::{Table, Value};

/// A package that takes the version of a leader.
#[derive(Debug, PartialEq, Eq)]
pub struct Move {
    package: String,
    from: Version,
    to: Version,
    leader: PathBuf,
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            package, from, to, ..
        } = self;
        write!(f, "{package} {from} → {to}")
    }
}

/// The differences between a lock file and those of its leaders.
#[derive(Debug, Default)]
pub struct Plan {
    /// The packages that take another version.
    pub moves: Vec<Move>,
    /// The disagreements that the manifests cause, each with the other lock file.
    pub apart: Vec<(Disagreement, PathBuf)>,
}

/// Compares the lock file of a crate with those of its leaders. The first leader that has a package decides its
/// version.
pub fn plan(folder: &Path, leaders: &[PathBuf]) -> Result<Plan> {
    let here = versions(&folder.join(LOCK))?;
    let mut plan = Plan::default();
    let mut locks: Vec<(Versions, &PathBuf)> = Vec::new();
    for leader in leaders {
        let lock = leader.join(LOCK);
        let there = versions(&lock)?;
        let apart = disagreements(&here, &there).into_iter();
        let apart = apart.filter(Disagreement::is_of_manifests);
        plan.apart.extend(apart.map(|one| (one, lock.clone())));
        locks.push((there, leader));
    }
    for (package, versions) in &here {
        for from in versions {
            let of_leader = |(lock, leader): &(Versions, &PathBuf)| {
                let to = compatible(from, lock.get(package)?)?.clone();
                Some((to, leader.to_path_buf()))
            };
            let decided = locks.iter().find_map(of_leader);
            if let Some((to, leader)) = decided.filter(|(to, _)| to != from) {
                plan.moves.push(Move {
                    package: package.clone(),
                    from: from.clone(),
                    to,
                    leader,
                });
            }
        }
    }
    Ok(plan)
}

/// Gives the packages of a crate the versions of its leaders. If cargo keeps another version, the lock file stays as
/// it was.
pub fn follow(folder: &Path, leaders: &[PathBuf]) -> Result<()> {
    let before = files::read(&folder.join(LOCK))?;
    let followed = move_all(folder, leaders);
    if followed.is_err() {
        files::write(&folder.join(LOCK), before)?;
    }
    followed
}

/// Takes the packages to move from the lock files of the leaders, and lets cargo complete the lock file. A package
/// can bring new ones, which may have to move next.
fn move_all(folder: &Path, leaders: &[PathBuf]) -> Result<()> {
    let mut moves = plan(folder, leaders)?.moves;
    while !moves.is_empty() {
        let lock = folder.join(LOCK);
        let mut table = files::read_toml(&lock)?;
        for one in &moves {
            let theirs = files::read_toml(&one.leader.join(LOCK))?;
            let theirs = packages(&theirs)
                .iter()
                .find(|package| is(package, one, &one.to));
            let Some(Value::Array(ours)) = table.get_mut("package") else {
                continue;
            };
            for package in ours
                .iter_mut()
                .filter(|package| is(package, one, &one.from))
            {
                theirs
                    .into_iter()
                    .for_each(|theirs| package.clone_from(theirs));
            }
        }
        files::write(&lock, table.to_string())?;
        process::run(process::cargo(folder).args(["update", "--workspace"]))?;
        let left = plan(folder, leaders)?.moves;
        if left == moves {
            bail!(
                "cargo does not accept {}: look at what asks for it",
                left[0]
            );
        }
        moves = left;
    }
    Ok(())
}

fn packages(lock: &Table) -> &[Value] {
    let packages = lock.get("package").and_then(Value::as_array);
    packages.map_or(&[], Vec::as_slice)
}

/// Returns whether an entry of a lock file is the package of a move in this version.
fn is(package: &Value, one: &Move, version: &Version) -> bool {
    let text = |key| package.get(key).and_then(Value::as_str);
    text("name") == Some(&one.package) && text("version") == Some(&version.to_string())
}

#[cfg(test)]
mod tests;
