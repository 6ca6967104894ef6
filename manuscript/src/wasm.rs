//! The one way to build a contract. Its wasm is the same wherever it is built.
//!
//! A contract contains the paths of its sources, for the messages of its panics. They cost gas, and they tell on
//! which machine it was built. So they are written as if everything lay in one folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use crate::compiler::{Compiler, NoCompiler, TARGET};
use crate::files::{self, FileError};
use crate::layout::{self, Tree};
use crate::machine::Machine;
use crate::process::{self, ProcessError};

/// The profile for contracts in the workspace of the tree.
pub(crate) const PROFILE: &str = "contract";

/// An error of a contract that could not be built.
#[derive(Debug, thiserror::Error)]
pub enum WasmError {
    /// No compiler has the target.
    #[error(transparent)]
    Compiler(#[from] NoCompiler),
    /// cargo failed.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A file could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The output of cargo does not have the documented form.
    #[error("cannot read the output of cargo")]
    Output(#[from] serde_json::Error),
}

/// The contracts of one build.
#[derive(Debug, Clone)]
pub struct Built {
    /// The contract of each package.
    pub contracts: Vec<Wasm>,
    /// The version of the compiler, from `rustc --version`.
    pub rustc: String,
}

/// A contract.
#[derive(Debug, Clone)]
pub struct Wasm {
    /// The name of its package's folder.
    pub name: String,
    /// The code to deploy.
    pub code: Vec<u8>,
}

/// Builds the contracts of a workspace of its own, such as a chapter.
pub fn build_wasm(folder: &Path) -> Result<Built, WasmError> {
    let compiler = Compiler::find(&Machine::here(folder))?;
    build(&compiler, folder, &of_workspace(), &[], &|_| {})
}

/// Returns the command of cargo for a build as of [`build_wasm`], to be started by the caller, who may end it too. Its
/// stdout is for [`contracts`].
///
/// cargo keeps what it builds in the target folder of the workspace, or in the one that is named. Two folders with
/// packages of one name need two: cargo takes a contract of one for that of the other.
pub fn command(folder: &Path, target: Option<&Path>) -> Result<Command, WasmError> {
    let compiler = Compiler::find(&Machine::here(folder))?;
    let folder = folder.canonicalize().map_err(FileError::at(folder))?;
    let mut project = Project::of(&compiler, &folder)?;
    if let Some(target) = target {
        project.target_directory = target.to_owned();
    }
    Ok(project.cargo(&compiler, &folder, &of_workspace()))
}

fn of_workspace() -> [String; 2] {
    ["--workspace".to_owned(), "--release".to_owned()]
}

/// Builds all contracts of `contract/`, also those that no chapter calls.
pub fn build_contracts(tree: &Tree) -> Result<Built, WasmError> {
    let compiler = Compiler::find(&Machine::here(tree.root()))?;
    build_partners(tree, &compiler, &|_| {})
}

/// Builds all contracts of `contract/` with a compiler, and calls `on_line` with each line of cargo's progress.
///
/// One cargo builds all of them. Alone, a contract would get a near-sdk without the features that another one
/// asks for, and other bytes.
pub fn build_partners(
    tree: &Tree,
    compiler: &Compiler,
    on_line: &(dyn Fn(&str) + Sync),
) -> Result<Built, WasmError> {
    let contracts = files::folders(&tree.contract())?.into_iter();
    let packages: Vec<_> = contracts.map(|contract| layout::name(&contract)).collect();
    build(compiler, tree.root(), &of_packages(&packages), &[], on_line)
}

/// Builds other contracts of the workspace in `folder`, with variables for the compiler.
pub fn build_packages(
    folder: &Path,
    packages: &[&str],
    variables: &[(&str, &Path)],
) -> Result<Built, WasmError> {
    let compiler = Compiler::find(&Machine::here(folder))?;
    build(
        &compiler,
        folder,
        &of_packages(packages),
        variables,
        &|_| {},
    )
}

fn of_packages(packages: &[impl AsRef<str>]) -> Vec<String> {
    let packages = packages.iter().map(AsRef::as_ref);
    let packages = packages.flat_map(|package| ["--package", package]);
    let profile = ["--profile", PROFILE].into_iter();
    profile.chain(packages).map(str::to_owned).collect()
}

/// The lock of a build until its contracts are read. Two contracts of one name have one path in the target folder.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn build(
    compiler: &Compiler,
    folder: &Path,
    selection: &[String],
    variables: &[(&str, &Path)],
    on_line: &(dyn Fn(&str) + Sync),
) -> Result<Built, WasmError> {
    let folder = folder.canonicalize().map_err(FileError::at(folder))?;
    let project = Project::of(compiler, &folder)?;
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut cargo = project.cargo(compiler, &folder, selection);
    cargo.envs(variables.iter().copied());
    let messages = process::run_with(&mut cargo, on_line)?;
    let version = process::run(compiler.rustc(&folder).arg("--version"))?;
    Ok(Built {
        contracts: contracts(&messages)?,
        rustc: version.trim_end().to_owned(),
    })
}

/// The output of `cargo metadata` for a folder.
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
    fn of(compiler: &Compiler, folder: &Path) -> Result<Self, WasmError> {
        let mut cargo = compiler.cargo(folder);
        cargo
            .args(["metadata", "--format-version=1", "--locked"])
            .args(["--filter-platform", TARGET]);
        Ok(serde_json::from_str(&process::run(&mut cargo)?)?)
    }

    /// Returns the command that builds the contracts of packages in `folder`.
    fn cargo(&self, compiler: &Compiler, folder: &Path, selection: &[String]) -> Command {
        let mut cargo = compiler.cargo(folder);
        cargo
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", self.rustflags().join("\x1f"))
            .args(["build", "--lib", "--locked"])
            .args(selection)
            .arg("--target-dir")
            .arg(self.target())
            .args([
                "--target",
                TARGET,
                "--message-format=json-render-diagnostics",
            ]);
        cargo
    }

    /// Returns a target folder of its own: the flags are not those of a plain `cargo build`, and in one folder
    /// each build would undo the other.
    fn target(&self) -> PathBuf {
        self.target_directory.join("contracts")
    }

    /// Returns the only flags of the compiler. Others, from the environment or from cargo's configuration, would
    /// change the gas. near-sdk needs `--cfg=near` in a contract for the chain.
    fn rustflags(&self) -> Vec<String> {
        let remapped = self.prefixes().into_iter();
        let remapped =
            remapped.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
        ["--cfg=near".to_owned()]
            .into_iter()
            .chain(remapped)
            .collect()
    }

    /// Returns the folders of sources with their names in a contract. The compiler takes the last that fits.
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

/// A message of cargo. Messages of other kinds lack these fields.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// Reads the contracts that the messages of cargo name.
pub fn contracts(messages: &str) -> Result<Vec<Wasm>, WasmError> {
    let mut contracts = Vec::new();
    for message in messages.lines().filter(|line| line.starts_with('{')) {
        let message: Message = serde_json::from_str(message)?;
        let is_wasm = |path: &&PathBuf| path.extension().is_some_and(|kind| kind == "wasm");
        if message.reason != "compiler-artifact" {
            continue;
        }
        for wasm in message.filenames.iter().filter(is_wasm) {
            contracts.push(Wasm {
                name: layout::name(message.manifest_path.parent().unwrap_or(wasm)),
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
    fn a_contract_does_not_contain_the_folder_of_a_registry() {
        let flags = project().rustflags();

        let index = "--remap-path-prefix=/home/ann/.cargo/registry/src/index-1a2b=registry";
        assert_eq!(flags.last().map(String::as_str), Some(index));
    }

    #[test]
    fn every_project_is_built_with_the_same_flags() {
        let other = Project {
            packages: vec![project().packages.remove(1)],
            ..project()
        };

        assert_eq!(other.rustflags(), project().rustflags());
    }

    #[test]
    fn a_contract_is_built_for_the_chain() {
        assert_eq!(project().rustflags()[0], "--cfg=near");
    }

    #[test]
    fn a_contract_has_the_name_of_its_folder() {
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
