//! The name of a crate: the rules for it, and the files in which a copy has another one.

use std::fmt;
use std::path::Path;

use crate::files::{self, FileError};
use crate::process::{self, ProcessError};

/// The files of a chapter that name its crate. No other file does, and a test of the book checks that.
pub const NAMED_IN: [&str; 3] = ["Cargo.toml", "Cargo.lock", "README.md"];

/// The names, besides Rust's keywords, that a crate would have in common with a part of Rust or with a folder of
/// cargo's.
const RESERVED: [&str; 8] = [
    "alloc",
    "build",
    "core",
    "deps",
    "incremental",
    "proc_macro",
    "std",
    "test",
];

/// The reason why a text is no name for a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameFault {
    /// It is empty.
    Empty,
    /// It begins with this character.
    Begins(char),
    /// It contains this character.
    Contains(char),
    /// Rust or cargo reserves it.
    Reserved,
    /// A dependency of the crate has it.
    Used,
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "it is empty"),
            Self::Begins(letter) => write!(f, "it begins with `{letter}`: begin with a letter"),
            Self::Contains(letter) => write!(
                f,
                "it contains `{letter}`: use letters from a to z, digits, `-` and `_`"
            ),
            Self::Reserved => write!(f, "Rust or cargo reserves it"),
            Self::Used => write!(f, "a dependency of the crate has this name"),
        }
    }
}

/// Checks that a crate may have this name.
pub fn check_name(name: &str) -> Result<(), NameFault> {
    let first = name.chars().next().ok_or(NameFault::Empty)?;
    let allowed = |letter: &char| letter.is_ascii_alphanumeric() || "-_".contains(*letter);
    if let Some(letter) = name.chars().find(|letter| !allowed(letter)) {
        return Err(NameFault::Contains(letter));
    }
    if !first.is_ascii_alphabetic() {
        return Err(NameFault::Begins(first));
    }
    let name = as_in_rust(name);
    match RESERVED.contains(&name.as_str()) || is_keyword(&name) {
        true => Err(NameFault::Reserved),
        false => Ok(()),
    }
}

/// Returns whether Rust accepts no module of this name. The compiler knows its keywords.
fn is_keyword(name: &str) -> bool {
    let Ok(folder) = tempfile::tempdir() else {
        return false;
    };
    let module = files::write(&folder.path().join("lib.rs"), format!("mod {name} {{}}"));
    let mut rustc = process::command("rustc", folder.path());
    rustc.args(["--edition=2024", "--crate-type=lib", "--emit=metadata"]);
    let compiled = process::run(rustc.arg("lib.rs"));
    module.is_ok() && matches!(compiled, Err(ProcessError::Failed { .. }))
}

/// Returns a crate's name as Rust code writes it.
fn as_in_rust(name: &str) -> String {
    name.replace('-', "_")
}

/// Returns the name of the crate in a folder, from its `Cargo.toml`.
pub fn name_of(folder: &Path) -> Result<String, FileError> {
    let path = folder.join("Cargo.toml");
    let manifest = files::read_toml(&path)?;
    let package = manifest.get("package");
    let name = package.and_then(|package| package.get("name")?.as_str());
    name.map(str::to_owned)
        .ok_or_else(|| FileError::invalid(&path, "the package has no name"))
}

/// Returns whether a lock file has a package of this name besides the crate `own`.
pub fn is_used(lock: &str, name: &str, own: &str) -> bool {
    let names = lock.lines().filter_map(|line| {
        line.strip_prefix("name = \"")
            .and_then(|name| name.strip_suffix('"'))
    });
    let mut others = names.filter(|other| *other != own);
    others.any(|other| as_in_rust(other) == as_in_rust(name))
}

/// A new name for a crate.
#[derive(Debug, Clone)]
pub struct Rename {
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
}

impl Rename {
    /// Returns `text` with the new name. It is the text of the file at `path`, which the crate has at `in_crate`.
    pub fn apply(&self, in_crate: &Path, path: &Path, text: String) -> Result<String, FileError> {
        let Self { from, to } = self;
        match in_crate.to_str() {
            Some("Cargo.toml") => {
                let (old, new) = (format!("name = \"{from}\""), format!("name = \"{to}\""));
                if !text.contains(&old) {
                    return Err(FileError::invalid(path, format!("it has no `{old}`")));
                }
                Ok(text.replacen(&old, &new, 1))
            }
            Some("Cargo.lock") => self
                .in_lock(&text)
                .ok_or_else(|| FileError::invalid(path, format!("it has no package `{from}`"))),
            Some("README.md") => Ok(text
                .replace(from.as_str(), to)
                .replace(&as_in_rust(from), &as_in_rust(to))),
            _ => Ok(text),
        }
    }

    /// Returns a lock file with the new name. cargo sorts packages by name, so the renamed one moves.
    fn in_lock(&self, lock: &str) -> Option<String> {
        const PACKAGE: &str = "[[package]]\n";
        let (head, packages) = lock.split_once(PACKAGE)?;
        let mut packages: Vec<String> = packages.split(PACKAGE).map(str::to_owned).collect();
        let named = |name: &str| format!("name = \"{name}\"\n");
        let own = packages
            .iter()
            .position(|package| package.starts_with(&named(&self.from)))?;
        let renamed = packages
            .remove(own)
            .replacen(&named(&self.from), &named(&self.to), 1);
        let index = packages
            .iter()
            .position(|package| *package > named(&self.to))
            .unwrap_or(packages.len());
        packages.insert(index, renamed);
        let packages = packages.iter().map(|package| package.trim_end());
        let packages: Vec<_> = packages.collect();
        Some(format!(
            "{head}{PACKAGE}{}\n",
            packages.join(&format!("\n\n{PACKAGE}"))
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
# made by cargo
version = 4

[[package]]
name = \"anyhow\"
version = \"1.0.0\"

[[package]]
name = \"cross-contract-batch\"
version = \"0.1.0\"
dependencies = [
 \"anyhow\",
]

[[package]]
name = \"near-sdk\"
version = \"5.30.0\"
";

    fn rename(to: &str) -> Rename {
        Rename {
            from: "cross-contract-batch".to_owned(),
            to: to.to_owned(),
        }
    }

    fn apply(to: &str, path: &str, text: &str) -> String {
        let path = Path::new(path);
        rename(to).apply(path, path, text.to_owned()).unwrap()
    }

    #[test]
    fn a_name_of_letters_digits_and_dashes_is_valid() {
        assert_eq!(check_name("my-shop_2"), Ok(()));
    }

    #[test]
    fn a_name_that_cargo_would_refuse_is_refused() {
        assert_eq!(check_name(""), Err(NameFault::Empty));
        assert_eq!(check_name("2shops"), Err(NameFault::Begins('2')));
        assert_eq!(check_name("-shop"), Err(NameFault::Begins('-')));
        assert_eq!(check_name("my shop"), Err(NameFault::Contains(' ')));
        assert_eq!(check_name("my/shop"), Err(NameFault::Contains('/')));
        assert_eq!(check_name("bäckerei"), Err(NameFault::Contains('ä')));
        assert_eq!(check_name("match"), Err(NameFault::Reserved));
        assert_eq!(check_name("proc-macro"), Err(NameFault::Reserved));
    }

    #[test]
    fn a_name_that_a_dependency_has_in_either_spelling_is_used() {
        let own = "cross-contract-batch";

        assert!(is_used(LOCK, "near-sdk", own));
        assert!(is_used(LOCK, "near_sdk", own));
        assert!(!is_used(LOCK, "near", own));
        assert!(!is_used(LOCK, own, own));
    }

    #[test]
    fn a_manifest_has_the_new_name_and_everything_else() {
        let manifest = "[package]\nname = \"cross-contract-batch\"\n\n[lib]\nname = \"other\"\n";

        assert_eq!(
            apply("shop", "Cargo.toml", manifest),
            "[package]\nname = \"shop\"\n\n[lib]\nname = \"other\"\n"
        );
    }

    #[test]
    fn a_manifest_that_spells_its_name_in_another_way_is_an_error() {
        let manifest = Path::new("Cargo.toml");

        let error = rename("shop").apply(manifest, manifest, "name='x'".to_owned());

        assert_eq!(
            format!("{:#}", anyhow::Error::from(error.unwrap_err())),
            "Cargo.toml: it has no `name = \"cross-contract-batch\"`"
        );
    }

    #[test]
    fn a_readme_has_the_new_name_in_both_spellings() {
        let readme = "# cross-contract-batch\n\n`cross_contract_batch.wasm`\n";

        assert_eq!(
            apply("my-shop", "README.md", readme),
            "# my-shop\n\n`my_shop.wasm`\n"
        );
    }

    #[test]
    fn a_lock_file_has_the_new_name_where_cargo_would_put_it() {
        let own = "[[package]]\nname = \"cross-contract-batch\"\nversion = \"0.1.0\"\n\
                   dependencies = [\n \"anyhow\",\n]\n\n";
        let (before, after) = LOCK.split_once(own).unwrap();
        let renamed = |name: &str| own.replace("cross-contract-batch", name);

        let first = apply("a-shop", "Cargo.lock", LOCK);
        let last = apply("shop", "Cargo.lock", LOCK);

        let (head, anyhow) = before.split_at(before.find("[[package]]").unwrap());
        assert_eq!(first, format!("{head}{}{anyhow}{after}", renamed("a-shop")));
        let end = renamed("shop");
        assert_eq!(last, format!("{before}{after}\n{}\n", end.trim_end()));
    }

    #[test]
    fn a_file_that_does_not_name_the_crate_is_unchanged() {
        let code = "// cross-contract-batch";

        assert_eq!(apply("shop", "src/lib.rs", code), code);
    }
}
