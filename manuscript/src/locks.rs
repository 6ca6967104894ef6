//! The versions of packages in lock files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use semver::{Comparator, Op, Version};

use crate::files::{self, FileError};

/// The name of a lock file.
pub const LOCK: &str = "Cargo.lock";

/// The versions of each package in a lock file.
pub type Versions = BTreeMap<String, BTreeSet<Version>>;

/// Returns the packages of a lock file.
pub fn versions(lock: &Path) -> Result<Versions, FileError> {
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
    let text = files::read_text(lock)?;
    let lock: Lock = toml::from_str(&text).map_err(|error| FileError::invalid(lock, error))?;
    let mut versions = Versions::new();
    for Package { name, version } in lock.package {
        versions.entry(name).or_default().insert(version);
    }
    Ok(versions)
}

/// A package that two lock files have in different versions.
#[derive(Debug)]
pub struct Disagreement {
    /// The name of the package.
    pub package: String,
    /// Its versions in the first lock file.
    pub here: BTreeSet<Version>,
    /// Its versions in the second.
    pub there: BTreeSet<Version>,
}

impl Disagreement {
    /// Returns whether the manifests cause it: no requirement accepts a version of each lock file.
    pub fn is_of_manifests(&self) -> bool {
        let mut left = self.here.difference(&self.there);
        !left.any(|here| compatible(here, &self.there).is_some())
    }

    /// Returns the difference in words, for a report on the first lock file. `other` is the path of the second.
    pub fn describe(&self, other: &Path) -> String {
        let list = |versions: &BTreeSet<Version>| {
            let versions: Vec<_> = versions.iter().map(Version::to_string).collect();
            versions.join(" and ")
        };
        let (package, here, there) = (&self.package, list(&self.here), list(&self.there));
        format!(
            "`{package}` is {here} here and {there} in {}",
            other.display()
        )
    }
}

/// Returns the packages in which two lock files disagree. One of them may have more packages, and more versions
/// of a package.
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

/// Returns the version that satisfies the same caret requirement as `one`. A lock file has at most one.
pub fn compatible<'a>(one: &Version, versions: &'a BTreeSet<Version>) -> Option<&'a Version> {
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
