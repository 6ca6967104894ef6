//! One way to build a contract, whose wasm is the same wherever it is built.
//!
//! A contract carries the paths of its sources, for the messages of its panics. They cost gas, and
//! they tell where it was built. So they are written as if everything lay in one folder.

use super::ContractsError;
use crate::child;
use crate::files::{self, FileError};
use crate::step::Step;
use crate::toolchain::{Machine, TARGET, Toolchain};
use crate::tree::{self, Tree};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The profile of the tree's workspace that is made for contracts.
pub(super) const PROFILE: &str = "contract";

/// What a build made.
#[derive(Debug, Clone)]
pub struct Built {
    /// A contract for each package of the folder.
    pub contracts: Vec<Wasm>,
    /// The compiler, as `rustc --version` says it.
    pub rustc: String,
}

/// A contract.
#[derive(Debug, Clone)]
pub struct Wasm {
    /// The folder of its package.
    pub name: String,
    /// The code as it is deployed.
    pub code: Vec<u8>,
}

/// Builds the contracts of a workspace of its own, a chapter say, with the toolchain that this machine has.
pub fn build_wasm(folder: &Path) -> Result<Built, ContractsError> {
    let toolchain = Toolchain::find(&Machine::here(folder))?;
    let asked = ["--workspace".to_owned(), "--release".to_owned()];
    build(&toolchain, folder, &asked, &Step::silent())
}

/// Builds all contracts of `contract/` with the toolchain that this machine has: also those that the book only
/// shows, and that no chapter calls.
pub fn build_contracts(tree: &Tree) -> Result<Built, ContractsError> {
    let toolchain = Toolchain::find(&Machine::here(tree.root()))?;
    build_partners(tree, &toolchain, &Step::silent())
}

/// Builds the contracts that the chapters call.
///
/// All of them together: alone, a contract would get a near-sdk without the features that another one asks
/// for, and other bytes.
pub fn build_partners(
    tree: &Tree,
    toolchain: &Toolchain,
    step: &Step,
) -> Result<Built, ContractsError> {
    let contracts = files::folders(&tree.contract())?.into_iter();
    let packages = contracts.flat_map(|contract| ["--package".to_owned(), tree::name(&contract)]);
    let profile = ["--profile".to_owned(), PROFILE.to_owned()];
    let asked: Vec<_> = packages.chain(profile).collect();
    build(toolchain, tree.root(), &asked, step)
}

/// Two contracts of one name have one path below the target folder. So within a process a contract
/// is built and read before the next one is built.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Builds the contracts that are asked for in a folder.
fn build(
    toolchain: &Toolchain,
    folder: &Path,
    asked: &[String],
    step: &Step,
) -> Result<Built, ContractsError> {
    let folder = folder.canonicalize().map_err(FileError::at(folder))?;
    let project = Project::of(toolchain, &folder, step)?;
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut cargo = toolchain.cargo(&folder);
    cargo
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", project.rustflags().join("\x1f"))
        .args(["build", "--lib", "--locked"])
        .args(asked)
        .arg("--target-dir")
        .arg(project.target())
        .args([
            "--target",
            TARGET,
            "--message-format=json-render-diagnostics",
        ]);
    let messages = child::run(&mut cargo, step)?;
    let version = child::run(toolchain.command("rustc", &folder).arg("--version"), step)?;
    Ok(Built {
        contracts: contracts(&messages)?,
        rustc: version.trim_end().to_owned(),
    })
}

/// What `cargo metadata` says about a folder.
#[derive(Deserialize)]
struct Project {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    manifest_path: PathBuf,
    source: Option<String>,
}

impl Project {
    fn of(toolchain: &Toolchain, folder: &Path, step: &Step) -> Result<Self, ContractsError> {
        let mut cargo = toolchain.cargo(folder);
        cargo
            .args(["metadata", "--format-version=1", "--locked"])
            .args(["--filter-platform", TARGET]);
        let answer = child::run(&mut cargo, step)?;
        serde_json::from_str(&answer).map_err(ContractsError::Answer)
    }

    /// The flags below are not those of a plain `cargo build`. In one folder each build would undo the
    /// other's.
    fn target(&self) -> PathBuf {
        self.target_directory.join("contracts")
    }

    /// Exactly these: what else the reader's environment or cargo's files ask for would change the
    /// gas. near-sdk wants to be told that it is built for the chain.
    fn rustflags(&self) -> Vec<String> {
        let remapped = self.prefixes().into_iter();
        let remapped =
            remapped.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
        ["--cfg=near".to_owned()]
            .into_iter()
            .chain(remapped)
            .collect()
    }

    /// The folders that sources lie in, and what they are called in a contract. The compiler takes
    /// the last that fits.
    fn prefixes(&self) -> Vec<(PathBuf, String)> {
        let mut prefixes = Vec::new();
        if let Some(home) = files::cargo_home() {
            prefixes.push((home, "cargo".to_owned()));
        }
        prefixes.push((self.target(), "target".to_owned()));
        let from_registry = |package: &&Package| {
            let source = package.source.as_deref().unwrap_or_default();
            source.starts_with("registry+") || source.starts_with("sparse+")
        };
        let mut registries: Vec<_> = self
            .packages
            .iter()
            .filter(from_registry)
            .filter_map(|package| package.manifest_path.ancestors().nth(2))
            .collect();
        registries.sort();
        registries.dedup();
        prefixes.extend(
            registries
                .into_iter()
                .map(|path| (path.to_owned(), "registry".to_owned())),
        );
        prefixes
    }
}

/// A message of cargo; those of other kinds have none of these fields.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

fn contracts(messages: &str) -> Result<Vec<Wasm>, ContractsError> {
    let mut contracts = Vec::new();
    for message in messages.lines().filter(|line| line.starts_with('{')) {
        let message: Message = serde_json::from_str(message).map_err(ContractsError::Answer)?;
        let is_wasm = |path: &&PathBuf| path.extension().is_some_and(|kind| kind == "wasm");
        if message.reason != "compiler-artifact" {
            continue;
        }
        for wasm in message.filenames.iter().filter(is_wasm) {
            contracts.push(Wasm {
                name: tree::name(message.manifest_path.parent().unwrap_or(wasm)),
                code: files::read(wasm)?,
            });
        }
    }
    contracts.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(contracts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> Project {
        let package = |manifest: &str, source: Option<&str>| Package {
            manifest_path: PathBuf::from(manifest),
            source: source.map(str::to_owned),
        };
        Project {
            packages: vec![
                package("/home/ann/book/contract/hello/Cargo.toml", None),
                package(
                    "/home/ann/.cargo/registry/src/index-1a2b/near-sdk-5.30.0/Cargo.toml",
                    Some("registry+https://github.com/rust-lang/crates.io-index"),
                ),
            ],
            target_directory: PathBuf::from("/home/ann/book/target"),
        }
    }

    #[test]
    fn the_folder_of_a_registry_is_not_named_in_a_contract() {
        let flags = project().rustflags();

        let index = "--remap-path-prefix=/home/ann/.cargo/registry/src/index-1a2b=registry";
        assert_eq!(flags.last().map(String::as_str), Some(index));
    }

    #[test]
    fn every_folder_of_contracts_is_built_with_the_same_flags() {
        let other = Project {
            packages: vec![project().packages.remove(1)],
            ..project()
        };

        assert_eq!(other.rustflags(), project().rustflags());
    }

    #[test]
    fn a_contract_knows_that_it_is_built_for_the_chain() {
        assert_eq!(project().rustflags()[0], "--cfg=near");
    }

    #[test]
    fn a_contract_is_named_for_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let wasm = folder.path().join("fungible_token.wasm");
        files::write(&wasm, b"\0asm").unwrap();
        let message = serde_json::json!({
            "reason": "compiler-artifact",
            "manifest_path": "/book/contract/token/Cargo.toml",
            "filenames": [wasm],
        });

        let contracts = contracts(&message.to_string()).unwrap();

        assert_eq!(contracts[0].name, "token");
    }
}
