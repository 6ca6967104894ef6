//! A copy of the package that can be built in this tree.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::cargo;

/// The versions that the chapters have too, so that both share what is compiled.
const LOCK: &str = include_str!("../../near-workspaces.lock");

/// Copies the package. What is there already and the same keeps its date, so that a second run compiles
/// nothing.
pub fn lay_out(to: &Path) -> anyhow::Result<()> {
    let from = published()?;
    for folder in ["src", "tests"] {
        copy(&from.join(folder), &to.join(folder))?;
    }
    for file in ["build.rs", "README.md"] {
        write(&to.join(file), &fs::read(from.join(file))?)?;
    }
    let mut manifest = fs::read_to_string(from.join("Cargo.toml"))?;
    manifest.push_str("\n# Not a member of the workspace around it.\n[workspace]\n");
    write(&to.join("Cargo.toml"), manifest.as_bytes())?;
    write(&to.join("Cargo.lock"), LOCK.as_bytes())
}

/// Writes a file unless it holds just that.
pub fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    let folder = path.parent().context("a file is in a folder")?;
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

/// The folder of the package as this crate depends on it.
fn published() -> anyhow::Result<PathBuf> {
    let output = cargo()
        .args(["metadata", "--locked", "--format-version", "1"])
        // Without it cargo asks for the packages of all other systems too.
        .args(["--filter-platform", &host()?])
        .output()?;
    ensure!(output.status.success(), "cargo metadata: {output:?}");
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let manifest = packages
        .iter()
        .find(|package| package["name"] == "near-workspaces")
        .and_then(|package| package["manifest_path"].as_str())
        .context("this crate depends on near-workspaces")?;
    let folder = Path::new(manifest)
        .parent()
        .context("a manifest is in a folder")?;
    Ok(folder.to_owned())
}

/// What this compiler compiles for.
fn host() -> anyhow::Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output()?;
    let said = String::from_utf8(output.stdout)?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names its host")?.to_owned())
}
