//! The contracts that a chapter calls, as wasm in its folder `tests/partners`.
//!
//! Beside them lies `partners.toml`, with a table for each that records its sources. `cargo book contracts` also
//! builds the contract of an empty table, and that of a wasm file without a table.

mod source;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use source::source;

use crate::compiler::Compiler;
use crate::files::{self, FileError, sha256};
use crate::layout::{self, Tree};
use crate::wasm::{self, Wasm, WasmError};

const FOLDER: &str = "tests/partners";
const MANIFEST: &str = "partners.toml";
const HEADER: &str = "\
# The contracts in this folder, and what each was built from. `cargo book contracts` in the book's
# tree writes this file; an empty table, `[token]` for example, asks it for one more.

";

/// An error of partners that could not be checked or built.
#[derive(Debug, thiserror::Error)]
pub enum PartnersError {
    /// The contracts could not be built.
    #[error(transparent)]
    Wasm(#[from] WasmError),
    /// A file could not be read or written, or is not valid.
    #[error(transparent)]
    File(#[from] FileError),
    /// A chapter asks for a partner that does not exist.
    #[error("{} asks for `{partner}`, and there is no contract/{partner}", manifest.display())]
    Unknown {
        /// The manifest of the chapter's partners.
        manifest: PathBuf,
        /// The name of the partner.
        partner: String,
    },
}

/// A partner as its manifest records it. The fields are empty until it is built.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Partner {
    /// The SHA-256 of the wasm.
    wasm: String,
    /// The SHA-256 of the sources, see [`source`].
    source: String,
    /// The version of the compiler.
    rustc: String,
}

type Partners = BTreeMap<String, Partner>;

/// A contract that was written into a chapter.
#[derive(Debug, PartialEq, Eq)]
pub struct Written {
    /// The path from the root of the tree.
    pub path: PathBuf,
    /// True if the content is new.
    pub is_changed: bool,
}

/// A contract in a chapter that its sources no longer build.
#[derive(Debug, PartialEq, Eq)]
pub struct Drift {
    /// The path from the root of the tree.
    pub path: PathBuf,
    /// The name of the folder of its sources in `contract/`.
    pub partner: String,
    /// The reason.
    pub reason: Reason,
}

/// The difference between a contract and its sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The wasm does not exist.
    Missing,
    /// The wasm is not the one that was built.
    Wasm,
    /// The sources have changed since.
    Source,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, partner) = (self.path.display(), &self.partner);
        match self.reason {
            Reason::Missing => write!(f, "{path} is missing"),
            Reason::Wasm => write!(f, "{path} is not what was built from contract/{partner}"),
            Reason::Source => write!(f, "contract/{partner} has changed since {path} was built"),
        }
    }
}

/// Returns the partners that their sources no longer build. Compiles nothing.
pub fn check(tree: &Tree) -> Result<Vec<Drift>, PartnersError> {
    let mut drifts = Vec::new();
    for chapter in crates(tree)? {
        for (partner, recorded) in load(&chapter)? {
            let path = chapter.join(FOLDER).join(format!("{partner}.wasm"));
            let reason = if !path.exists() {
                Reason::Missing
            } else if sha256(files::read(&path)?) != recorded.wasm {
                Reason::Wasm
            } else if source(tree, &partner)? != recorded.source {
                Reason::Source
            } else {
                continue;
            };
            let path = tree.relative(&path).to_owned();
            drifts.push(Drift {
                path,
                partner,
                reason,
            });
        }
    }
    Ok(drifts)
}

/// Builds every contract, and writes each into the chapters and starters that call it.
pub fn renew(
    tree: &Tree,
    compiler: &Compiler,
    on_line: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Written>, PartnersError> {
    let built = wasm::build_partners(tree, compiler, on_line)?;
    let mut written = Vec::new();
    for chapter in crates(tree)? {
        let mut partners = load(&chapter)?;
        for (name, partner) in &mut partners {
            let mut contracts = built.contracts.iter();
            let Some(Wasm { code, .. }) = contracts.find(|contract| contract.name == *name) else {
                return Err(PartnersError::Unknown {
                    manifest: tree.relative(&manifest(&chapter)).to_owned(),
                    partner: name.clone(),
                });
            };
            let path = chapter.join(FOLDER).join(format!("{name}.wasm"));
            let before = path.exists().then(|| files::read(&path)).transpose()?;
            written.push(Written {
                path: tree.relative(&path).to_owned(),
                is_changed: before.as_ref() != Some(code),
            });
            files::write(&path, code)?;
            *partner = Partner {
                wasm: sha256(code),
                source: source(tree, name)?,
                rustc: built.rustc.clone(),
            };
        }
        save(&chapter, &partners)?;
    }
    Ok(written)
}

/// Returns the crates that may have partners.
fn crates(tree: &Tree) -> Result<Vec<PathBuf>, FileError> {
    Ok([tree.chapters()?, tree.starters()?].concat())
}

fn manifest(chapter: &Path) -> PathBuf {
    chapter.join(FOLDER).join(MANIFEST)
}

/// Returns the partners of a chapter: those of its manifest, and those that lie beside it.
fn load(chapter: &Path) -> Result<Partners, FileError> {
    let path = manifest(chapter);
    let mut partners = Partners::new();
    if path.exists() {
        let text = files::read_text(&path)?;
        partners = toml::from_str(&text).map_err(|error| FileError::invalid(&path, error))?;
    }
    for file in files::fingerprints(&chapter.join(FOLDER))?.into_keys() {
        if file.extension().is_some_and(|kind| kind == "wasm") {
            let name = layout::name(&file.with_extension(""));
            partners.entry(name).or_default();
        }
    }
    Ok(partners)
}

fn save(chapter: &Path, partners: &Partners) -> Result<(), FileError> {
    let table = |(name, partner): (&String, &Partner)| {
        let Partner {
            wasm,
            source,
            rustc,
        } = partner;
        format!("[{name}]\nwasm = \"{wasm}\"\nsource = \"{source}\"\nrustc = \"{rustc}\"\n")
    };
    let tables: Vec<_> = partners.iter().map(table).collect();
    if tables.is_empty() {
        return Ok(());
    }
    files::write(&manifest(chapter), HEADER.to_owned() + &tables.join("\n"))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const SETUP: &str = "chapters/setup";

    /// Returns a tree with one chapter, whose partner `hello` was just built.
    fn tree() -> (TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        let tree = Tree::at(folder.path());
        let write = |path: &str, text: &str| files::write(&folder.path().join(path), text).unwrap();
        write("Cargo.toml", "[workspace]");
        write("Cargo.lock", "version = 4");
        write("contract/hello/src/lib.rs", "// hello");
        write("chapters/setup/Cargo.toml", "[package]");
        write("chapters/setup/tests/partners/hello.wasm", "\0asm");
        let hello = Partner {
            wasm: sha256("\0asm"),
            source: source(&tree, "hello").unwrap(),
            rustc: "rustc 1.96.0".to_owned(),
        };
        let partners = Partners::from([("hello".to_owned(), hello)]);
        save(&folder.path().join(SETUP), &partners).unwrap();
        (folder, tree)
    }

    fn reasons(tree: &Tree) -> Vec<Reason> {
        let drifts = check(tree).unwrap();
        drifts.into_iter().map(|drift| drift.reason).collect()
    }

    #[test]
    fn a_partner_that_was_just_built_has_not_drifted() {
        let (_folder, tree) = tree();

        assert_eq!(reasons(&tree), []);
    }

    #[test]
    fn a_changed_source_is_a_drift() {
        let (folder, tree) = tree();
        files::write(&folder.path().join("contract/hello/src/lib.rs"), "// bye").unwrap();

        assert_eq!(reasons(&tree), [Reason::Source]);
    }

    #[test]
    fn wasm_that_was_not_built_here_is_a_drift() {
        let (folder, tree) = tree();
        let wasm = folder.path().join(SETUP).join("tests/partners/hello.wasm");
        files::write(&wasm, "\0asm, patched").unwrap();

        assert_eq!(reasons(&tree), [Reason::Wasm]);
    }

    #[test]
    fn an_empty_table_asks_for_a_missing_contract() {
        let (folder, tree) = tree();
        let manifest = manifest(&folder.path().join(SETUP));
        let text = files::read_text(&manifest).unwrap();
        files::write(&manifest, text + "\n[token]\n").unwrap();

        assert_eq!(reasons(&tree), [Reason::Missing]);
    }

    #[test]
    fn wasm_without_a_table_is_a_drift() {
        let (folder, tree) = tree();
        let wasm = folder.path().join(SETUP).join("tests/partners/token.wasm");
        files::write(&wasm, "\0asm").unwrap();

        assert_eq!(reasons(&tree), [Reason::Wasm]);
    }
}
