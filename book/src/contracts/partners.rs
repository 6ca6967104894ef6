//! The contracts that a chapter calls, as wasm in its folder `tests/partners`.
//!
//! Beside them lies `partners.toml`: a table for each says what it was built from. An empty table, or
//! a wasm file that has none yet, asks for one more.

use super::source::source;
use super::wasm::build_partners;
use super::{ContractsError, Wasm};
use crate::files::{self, sha256};
use crate::step::Step;
use crate::toolchain::Toolchain;
use crate::tree::{self, Tree};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

const FOLDER: &str = "tests/partners";
const MANIFEST: &str = "partners.toml";
const HEADER: &str = "\
# The contracts in this folder, and what each was built from. `cargo book contracts` in the book's
# tree writes this file; an empty table, `[token]` for example, asks it for one more.

";

/// What a contract was built from. Nothing of it is known before it is built.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Partner {
    /// SHA-256 of the wasm.
    wasm: String,
    /// SHA-256 over the sources, see [`super::source`].
    source: String,
    /// The compiler.
    rustc: String,
}

type Partners = BTreeMap<String, Partner>;

/// A contract that was laid into a chapter.
#[derive(Debug, PartialEq, Eq)]
pub struct Laid {
    /// The file.
    pub path: PathBuf,
    /// Whether it is another than before.
    pub changed: bool,
}

/// A contract in a chapter that is not what the tree builds.
#[derive(Debug, PartialEq, Eq)]
pub struct Drift {
    /// The file, from the root of the tree.
    pub path: PathBuf,
    /// The name of its sources' folder in `contract/`.
    pub partner: String,
    /// What is wrong.
    pub reason: Reason,
}

/// How a contract and its sources can drift apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The wasm is not there.
    Missing,
    /// The wasm is not the one that was built.
    Wasm,
    /// The sources are not those that it was built from.
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

/// What no longer belongs together. Builds nothing.
pub fn check(tree: &Tree) -> Result<Vec<Drift>, ContractsError> {
    let mut drifts = Vec::new();
    for chapter in tree.chapters()? {
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

/// Builds every contract and lays each into the chapters that call it.
pub fn renew(tree: &Tree, toolchain: &Toolchain) -> Result<Vec<Laid>, ContractsError> {
    let step = Step::begin(
        "contracts",
        "building what the chapters call, for the chain",
    );
    let built = build_partners(tree, toolchain, &step)?;
    let mut laid = Vec::new();
    for chapter in tree.chapters()? {
        let mut partners = load(&chapter)?;
        for (name, partner) in &mut partners {
            let Wasm { code, .. } = built
                .contracts
                .iter()
                .find(|contract| contract.name == *name)
                .ok_or_else(|| unknown(tree, &chapter, name))?;
            let path = chapter.join(FOLDER).join(format!("{name}.wasm"));
            let before = path.exists().then(|| files::read(&path)).transpose()?;
            laid.push(Laid {
                path: tree.relative(&path).to_owned(),
                changed: before.as_ref() != Some(code),
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
    step.done();
    Ok(laid)
}

fn unknown(tree: &Tree, chapter: &Path, partner: &str) -> ContractsError {
    ContractsError::Unknown {
        manifest: tree.relative(&manifest(chapter)).to_owned(),
        partner: partner.to_owned(),
    }
}

fn manifest(chapter: &Path) -> PathBuf {
    chapter.join(FOLDER).join(MANIFEST)
}

/// What a chapter calls: what its manifest names, and what lies there beside it.
fn load(chapter: &Path) -> Result<Partners, ContractsError> {
    let path = manifest(chapter);
    let mut partners = Partners::new();
    if path.exists() {
        let text = files::read_text(&path)?;
        partners = toml::from_str(&text).map_err(|why| ContractsError::Manifest { path, why })?;
    }
    for file in files::fingerprints(&chapter.join(FOLDER))?.into_keys() {
        if file.extension().is_some_and(|kind| kind == "wasm") {
            partners
                .entry(tree::name(&file.with_extension("")))
                .or_default();
        }
    }
    Ok(partners)
}

fn save(chapter: &Path, partners: &Partners) -> Result<(), ContractsError> {
    let mut text = HEADER.to_owned();
    let mut tables = Vec::new();
    for (
        name,
        Partner {
            wasm,
            source,
            rustc,
        },
    ) in partners
    {
        tables.push(format!(
            "[{name}]\nwasm = \"{wasm}\"\nsource = \"{source}\"\nrustc = \"{rustc}\"\n"
        ));
    }
    if tables.is_empty() {
        return Ok(());
    }
    text.push_str(&tables.join("\n"));
    Ok(files::write(&manifest(chapter), text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    const SETUP: &str = "chapters/setup";

    /// A tree with one chapter, whose partner `hello` is as it was built.
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
    fn what_was_just_built_has_not_drifted() {
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
    fn an_empty_table_asks_for_a_contract_that_is_missing() {
        let (folder, tree) = tree();
        let manifest = manifest(&folder.path().join(SETUP));
        let text = files::read_text(&manifest).unwrap();
        files::write(&manifest, text + "\n[token]\n").unwrap();

        assert_eq!(reasons(&tree), [Reason::Missing]);
    }

    #[test]
    fn wasm_that_the_manifest_does_not_know_is_a_drift() {
        let (folder, tree) = tree();
        let wasm = folder.path().join(SETUP).join("tests/partners/token.wasm");
        files::write(&wasm, "\0asm").unwrap();

        assert_eq!(reasons(&tree), [Reason::Wasm]);
    }
}
