//! One number for the sources of a contract: with the same number, a compiler makes the same wasm.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::files::{self, FileError, sha256};
use crate::layout::Tree;
use crate::wasm::PROFILE;

/// Returns the SHA-256 over a contract's folder, the settings with which the workspace builds contracts, and
/// the versions of its dependencies.
pub(super) fn source(tree: &Tree, contract: &str) -> Result<String, FileError> {
    let mut sources = String::new();
    for (path, hash) in files::fingerprints(&tree.contract().join(contract))? {
        let path: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        sources.push_str(&format!("{contract}/{} {hash}\n", path.join("/")));
    }
    let manifest: Manifest = read(tree.root().join("Cargo.toml"))?;
    sources.push_str(&manifest.facts());
    let lock: Lock = read(tree.root().join("Cargo.lock"))?;
    for package in lock.below(contract) {
        sources.push_str(&package.facts());
    }
    Ok(sha256(sources))
}

fn read<T: DeserializeOwned>(path: PathBuf) -> Result<T, FileError> {
    let text = files::read_text(&path)?;
    toml::from_str(&text).map_err(|error| FileError::invalid(&path, error))
}

/// The manifest of the workspace.
#[derive(Deserialize)]
struct Manifest {
    workspace: Workspace,
    #[serde(default)]
    profile: BTreeMap<String, BTreeMap<String, toml::Value>>,
}

/// The table `workspace` of that manifest.
#[derive(Deserialize)]
struct Workspace {
    #[serde(default)]
    package: toml::Table,
}

impl Manifest {
    /// Returns the settings on which the wasm depends. Their order is that of their names: whether a
    /// `toml::Table` keeps the order of the file depends on what else is built.
    fn facts(&self) -> String {
        let edition = self.workspace.package.get("edition");
        let profile = self.profile.get(PROFILE);
        format!("edition {edition:?}\nprofile {profile:?}\n")
    }
}

/// A lock file.
#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    /// Returns a package and all its dependencies, direct or not.
    fn below(&self, name: &str) -> BTreeSet<&Package> {
        let mut found = BTreeSet::new();
        let mut next: Vec<_> = self.called(name).collect();
        while let Some(package) = next.pop() {
            if found.insert(package) {
                let dependencies = package.dependencies.iter();
                next.extend(dependencies.flat_map(|dependency| self.called(dependency)));
            }
        }
        found
    }

    /// Returns the package of a reference: its name, or, if several have that name, `name version`.
    fn called(&self, reference: &str) -> impl Iterator<Item = &Package> {
        let mut words = reference.split(' ').map(str::to_owned);
        let (name, version) = (words.next(), words.next());
        let is_meant = move |package: &&Package| {
            name.as_ref() == Some(&package.name)
                && version
                    .as_ref()
                    .is_none_or(|version| *version == package.version)
        };
        self.package.iter().filter(is_meant)
    }
}

impl Package {
    fn facts(&self) -> String {
        format!("{} {} {:?}\n", self.name, self.version, self.checksum)
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const MANIFEST: &str =
        "[workspace.package]\nedition = \"2024\"\n\n[profile.contract]\nlto = true\n";
    const LOCK: &str = r#"
[[package]]
name = "hello"
version = "0.1.0"
dependencies = ["near-sdk"]

[[package]]
name = "near-sdk"
version = "5.30.0"
dependencies = ["borsh 1.8.0"]

[[package]]
name = "borsh"
version = "1.8.0"

[[package]]
name = "borsh"
version = "0.9.0"
"#;

    /// A tree with a contract, and the number of its sources.
    struct Built {
        _folder: TempDir,
        tree: Tree,
        before: String,
    }

    impl Built {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let tree = Tree::at(folder.path());
            for (path, text) in [
                ("Cargo.toml", MANIFEST),
                ("Cargo.lock", LOCK),
                ("contract/hello/src/lib.rs", "// hello"),
            ] {
                files::write(&folder.path().join(path), text).unwrap();
            }
            let before = source(&tree, "hello").unwrap();
            Self {
                _folder: folder,
                tree,
                before,
            }
        }

        /// Writes a file, and returns whether the number is another one then.
        fn changes_with(&self, path: &str, text: &str) -> bool {
            files::write(&self.tree.root().join(path), text).unwrap();
            source(&self.tree, "hello").unwrap() != self.before
        }
    }

    #[test]
    fn a_file_of_the_contract_is_part_of_its_source() {
        assert!(Built::new().changes_with("contract/hello/src/lib.rs", "// bye"));
    }

    #[test]
    fn another_contract_is_not_part_of_it() {
        assert!(!Built::new().changes_with("contract/token/src/lib.rs", "// token"));
    }

    #[test]
    fn the_profile_of_contracts_is_part_of_it() {
        assert!(Built::new().changes_with("Cargo.toml", &MANIFEST.replace("true", "false")));
    }

    #[test]
    fn the_order_of_the_profile_is_not_part_of_it() {
        let one = MANIFEST.replace("lto = true", "lto = true\npanic = \"abort\"");
        let other = MANIFEST.replace("lto = true", "panic = \"abort\"\nlto = true");

        let built = Built::new();
        built.changes_with("Cargo.toml", &one);
        let first = source(&built.tree, "hello").unwrap();
        built.changes_with("Cargo.toml", &other);

        assert_eq!(source(&built.tree, "hello").unwrap(), first);
    }

    #[test]
    fn the_rest_of_the_workspaces_manifest_is_not_part_of_it() {
        let manifest = format!("{MANIFEST}\n[workspace.dependencies]\nclap = \"4\"\n");

        assert!(!Built::new().changes_with("Cargo.toml", &manifest));
    }

    #[test]
    fn the_version_of_a_dependency_of_a_dependency_is_part_of_it() {
        assert!(Built::new().changes_with("Cargo.lock", &LOCK.replace("1.8.0", "1.8.1")));
    }

    #[test]
    fn a_package_that_is_no_dependency_is_not_part_of_it() {
        assert!(!Built::new().changes_with("Cargo.lock", &LOCK.replace("0.9.0", "0.9.1")));
    }

    #[test]
    fn what_cargo_built_in_the_folder_is_not_part_of_it() {
        assert!(!Built::new().changes_with("contract/hello/target/debug/hello.rlib", ""));
    }
}
