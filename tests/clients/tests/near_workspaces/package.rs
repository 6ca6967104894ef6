//! A package of near-workspaces' tests that can be built in this tree.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use manuscript::process;
use serde_json::Value;

/// The manifest, and the versions that the chapters have too, so that both share what is compiled.
const OURS: [(&str, &[u8]); 2] = [
    (
        "Cargo.toml",
        include_bytes!("../../near-workspaces/Cargo.toml"),
    ),
    (
        "Cargo.lock",
        include_bytes!("../../near-workspaces/Cargo.lock"),
    ),
];

/// Lays out a package with the tests of near-workspaces. What is there already and the same keeps its date,
/// so that a second run compiles nothing.
pub fn lay_out(to: &Path) -> anyhow::Result<()> {
    copy(&published()?.join("tests"), &to.join("tests"))?;
    for (file, content) in OURS {
        write(&to.join(file), content)?;
    }
    Ok(())
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
    let mut cargo = process::cargo(Path::new(env!("CARGO_MANIFEST_DIR")));
    let output = cargo
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
    let mut rustc = process::command("rustc", Path::new(env!("CARGO_MANIFEST_DIR")));
    let said = String::from_utf8(rustc.arg("-vV").output()?.stdout)?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names its host")?.to_owned())
}
