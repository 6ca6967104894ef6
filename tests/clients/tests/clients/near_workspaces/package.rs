//! A package with near-workspaces' tests that can be built in this tree.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use manuscript::process;
use serde_json::Value;

/// The manifest of the package.
const MANIFEST: &[u8] = include_bytes!("../../../near-workspaces/Cargo.toml");

/// The lock file of the tree. It has the same versions as those of the chapters, so shared dependencies are compiled
/// once. cargo removes the packages that the tests do not need.
const LOCK: &[u8] = include_bytes!("../../../../../Cargo.lock");

/// The file that makes one program of all tests.
const PROGRAM: &str = "it.rs";

/// Returns the source of the program. Each file of tests is a module of it.
fn program(tests: &Path) -> anyhow::Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(tests)? {
        let path = entry?.path();
        let is_module =
            path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with(PROGRAM);
        let name = path.file_stem().and_then(OsStr::to_str);
        names.extend(name.filter(|_| is_module).map(str::to_owned));
    }
    names.sort();
    let modules = names.iter().map(|name| format!("mod {name};\n"));
    Ok(format!(
        "#![recursion_limit = \"256\"]\n\n{}",
        modules.collect::<String>()
    ))
}

/// Writes a package with the tests of near-workspaces. A file that is the same keeps its date, so a second run
/// compiles nothing.
pub fn lay_out(to: &Path) -> anyhow::Result<()> {
    let tests = to.join("tests");
    copy(&published()?.join("tests"), &tests)?;
    write(&tests.join(PROGRAM), program(&tests)?.as_bytes())?;
    write(&to.join("Cargo.toml"), MANIFEST)?;
    write(&to.join("Cargo.lock"), LOCK)
}

/// Writes a file unless it has this content already.
pub fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|current| current == content) {
        return Ok(());
    }
    let folder = path.parent().context("the path has no folder")?;
    fs::create_dir_all(folder)?;
    fs::write(path, content).with_context(|| path.display().to_string())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            write(&target, &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// Returns the folder of the near-workspaces package that this crate depends on.
fn published() -> anyhow::Result<PathBuf> {
    let mut cargo = process::cargo(Path::new(env!("CARGO_MANIFEST_DIR")));
    let output = cargo
        .args(["metadata", "--locked", "--format-version", "1"])
        // Without this, cargo needs the packages of all other systems too.
        .args(["--filter-platform", &host()?])
        .output()?;
    ensure!(output.status.success(), "cargo metadata: {output:?}");
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let manifest = packages
        .iter()
        .find(|package| package["name"] == "near-workspaces")
        .and_then(|package| package["manifest_path"].as_str())
        .context("near-workspaces is not among the dependencies")?;
    let folder = Path::new(manifest)
        .parent()
        .context("the manifest has no folder")?;
    Ok(folder.to_owned())
}

/// Returns the host target of the compiler.
fn host() -> anyhow::Result<String> {
    let mut rustc = process::command("rustc", Path::new(env!("CARGO_MANIFEST_DIR")));
    let version = String::from_utf8(rustc.arg("-vV").output()?.stdout)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not print its host")?.to_owned())
}
