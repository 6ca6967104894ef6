//! The name of a copied chapter's crate: what it is, what it may be, and where it has to change.

use crate::files::{self, FileError};
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The files of a chapter that name its crate. No other one does, and a test of the book says so.
pub const NAMED_IN: [&str; 3] = ["Cargo.toml", "Cargo.lock", "README.md"];

/// Names that Rust or cargo keeps for itself.
const RESERVED: [&str; 58] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    "deps",
    "build",
    "incremental",
];

/// Why something is no name for a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameFault {
    /// There is nothing in it.
    Empty,
    /// It begins with this.
    Begins(char),
    /// This is in it.
    Has(char),
    /// Rust or cargo keeps it for itself.
    Reserved,
    /// The crate uses another one of this name.
    Used,
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "it is empty"),
            Self::Begins(letter) => write!(f, "it begins with `{letter}`: begin with a letter"),
            Self::Has(letter) => write!(
                f,
                "`{letter}` is in it: use letters from a to z, digits, `-` and `_`"
            ),
            Self::Reserved => write!(f, "Rust or cargo keeps it for itself"),
            Self::Used => write!(f, "a crate that it depends on has this name"),
        }
    }
}

/// Whether a crate may have this name.
pub fn check_name(name: &str) -> Result<(), NameFault> {
    let first = name.chars().next().ok_or(NameFault::Empty)?;
    let allowed = |letter: &char| letter.is_ascii_alphanumeric() || "-_".contains(*letter);
    if let Some(letter) = name.chars().find(|letter| !allowed(letter)) {
        return Err(NameFault::Has(letter));
    }
    if !first.is_ascii_alphabetic() {
        return Err(NameFault::Begins(first));
    }
    if RESERVED.contains(&as_in_rust(name).as_str()) {
        return Err(NameFault::Reserved);
    }
    Ok(())
}

/// A crate's name as Rust writes it.
fn as_in_rust(name: &str) -> String {
    name.replace('-', "_")
}

/// The name of the crate in a folder, as its `Cargo.toml` has it.
pub fn name_of(folder: &Path) -> Result<String, FileError> {
    let manifest = folder.join("Cargo.toml");
    let text: toml::Table = files::read_text(&manifest)?
        .parse()
        .map_err(|why: toml::de::Error| invalid(&manifest, why.to_string()))?;
    let name = text.get("package").and_then(|package| package.get("name"));
    let name = name.and_then(toml::Value::as_str).map(str::to_owned);
    name.ok_or_else(|| invalid(&manifest, "the package has no name".to_owned()))
}

/// Whether a lock file has a crate of this name that is not the folder's own.
pub fn is_used(lock: &str, name: &str, own: &str) -> bool {
    let names = lock.lines().filter_map(|line| {
        line.strip_prefix("name = \"")
            .and_then(|name| name.strip_suffix('"'))
    });
    let mut others = names.filter(|other| *other != own);
    others.any(|other| as_in_rust(other) == as_in_rust(name))
}

fn invalid(path: &Path, why: String) -> FileError {
    FileError::at(path)(io::Error::new(ErrorKind::InvalidData, why))
}

/// A new name for a crate.
#[derive(Debug, Clone)]
pub struct Rename {
    /// What it is called.
    pub from: String,
    /// What it shall be called.
    pub to: String,
}

impl Rename {
    /// What is to be written in the place of `text`, the file at `path`, which lies in the crate at
    /// `place`.
    pub fn apply(&self, place: &Path, path: &Path, text: String) -> Result<String, FileError> {
        let Self { from, to } = self;
        match place.to_str() {
            Some("Cargo.toml") => {
                let (old, new) = (format!("name = \"{from}\""), format!("name = \"{to}\""));
                if !text.contains(&old) {
                    return Err(invalid(path, format!("there is no `{old}` in it")));
                }
                Ok(text.replacen(&old, &new, 1))
            }
            Some("Cargo.lock") => self.in_lock(&text).ok_or_else(|| {
                let why = format!("there is no package `{from}` in it");
                invalid(path, why)
            }),
            Some("README.md") => Ok(text
                .replace(from.as_str(), to)
                .replace(&as_in_rust(from), &as_in_rust(to))),
            _ => Ok(text),
        }
    }

    /// cargo sorts the packages of a lock file by their names, so the renamed one moves.
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
        let place = packages
            .iter()
            .position(|package| *package > named(&self.to))
            .unwrap_or(packages.len());
        packages.insert(place, renamed);
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

    fn apply(to: &str, place: &str, text: &str) -> String {
        let place = Path::new(place);
        rename(to).apply(place, place, text.to_owned()).unwrap()
    }

    #[test]
    fn a_name_of_letters_digits_and_dashes_is_a_name() {
        assert_eq!(check_name("my-shop_2"), Ok(()));
    }

    #[test]
    fn a_name_that_cargo_would_refuse_is_refused() {
        assert_eq!(check_name(""), Err(NameFault::Empty));
        assert_eq!(check_name("2shops"), Err(NameFault::Begins('2')));
        assert_eq!(check_name("-shop"), Err(NameFault::Begins('-')));
        assert_eq!(check_name("my shop"), Err(NameFault::Has(' ')));
        assert_eq!(check_name("my/shop"), Err(NameFault::Has('/')));
        assert_eq!(check_name("bäckerei"), Err(NameFault::Has('ä')));
        assert_eq!(check_name("match"), Err(NameFault::Reserved));
        assert_eq!(check_name("proc-macro"), Err(NameFault::Reserved));
    }

    #[test]
    fn a_name_is_used_when_a_dependency_has_it_in_either_spelling() {
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
    fn a_manifest_that_spells_its_name_otherwise_is_an_error() {
        let manifest = Path::new("Cargo.toml");

        let error = rename("shop").apply(manifest, manifest, "name='x'".to_owned());

        assert_eq!(
            error.unwrap_err().to_string(),
            "Cargo.toml: there is no `name = \"cross-contract-batch\"` in it"
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
    fn a_file_that_does_not_name_the_crate_stays() {
        let code = "// cross-contract-batch";

        assert_eq!(apply("shop", "src/lib.rs", code), code);
    }
}
