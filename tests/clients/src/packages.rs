//! The packages that this crate depends on, as they are published.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use manuscript::process;
use serde_json::Value;

/// Returns the folder of a package that this crate depends on, itself or through others.
///
/// # Errors
/// cargo does not find the package.
pub fn published(name: &str) -> anyhow::Result<PathBuf> {
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
        .find(|package| package["name"] == name)
        .and_then(|package| package["manifest_path"].as_str())
        .with_context(|| format!("{name} is not among the dependencies"))?;
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
