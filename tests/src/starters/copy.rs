//! A chapter's crate somewhere else, as a reader copies it.

use crate::text;
use anyhow::{Context, Result, ensure};
use book::toolchain::{Machine, Toolchain};
use book::tree::{self, Tree};
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A chapter's crate, copied to a folder that knows nothing of this book.
#[derive(Debug)]
pub struct Copied {
    folder: PathBuf,
    package: String,
}

/// Copies a chapter to an empty folder.
///
/// The folder is the same each time, and the files keep their times: what cargo built from them in the
/// last run is good in this one.
pub fn copy(tree: &Tree, chapter: &Path) -> Result<Copied> {
    let book = hash(tree.root());
    let folder = env::temp_dir()
        .join(format!("starters-{book:016x}"))
        .join(tree::name(chapter));
    ensure!(
        !folder.starts_with(tree.root()),
        "{} lies in the book",
        folder.display()
    );
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for from in text::files(chapter)? {
        let to = folder.join(from.strip_prefix(chapter)?);
        fs::create_dir_all(to.parent().unwrap_or(&folder))?;
        fs::copy(&from, &to).with_context(|| format!("cannot write {}", to.display()))?;
        let modified = fs::metadata(&from)?.modified()?;
        File::options()
            .write(true)
            .open(&to)?
            .set_modified(modified)?;
    }
    let manifest: toml::Table = text::read(&folder.join("Cargo.toml"))?.parse()?;
    let package = manifest["package"]["name"]
        .as_str()
        .context("the package has a name")?;
    Ok(Copied {
        package: package.to_owned(),
        folder,
    })
}

impl Copied {
    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// cargo's files above the folder would hold for it too; a reader's folder has none.
    pub fn configured_from_above(&self) -> Vec<PathBuf> {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
        let above = self.folder.ancestors().skip(1);
        let names = above.flat_map(|folder| {
            ["config.toml", "config"].map(|name| folder.join(".cargo").join(name))
        });
        names
            .filter(|path| path.is_file() && path.parent() != home.as_deref())
            .collect()
    }

    /// What a reader types there: `cargo test`.
    ///
    /// It takes what is built of its dependencies from the tree's target folder. There, cargo tells a
    /// package by its path in its workspace, so the copy would pass for the chapter itself, and the
    /// chapter's tests would run instead of the copy's. A profile of its own keeps them apart. The
    /// number is more than there are units, so it changes nothing else. The contract, which the tests
    /// build, gets no such flag but a folder of its own.
    pub fn cargo_test(&self, tree: &Tree) -> Result<Command> {
        let units = 1_000 + hash(&self.folder) % 1_000_000;
        let profile = format!("profile.dev.package.{}.codegen-units={units}", self.package);
        let sandbox = env::var_os("NEAR_SANDBOX_BIN_PATH");
        let sandbox = sandbox.unwrap_or_else(|| OsString::from(tree.sandbox_launcher()));
        let toolchain = Toolchain::find(&Machine::here(tree.root()))?;
        let mut cargo = toolchain.cargo(&self.folder);
        cargo
            .args(["test", "--locked", "--config", &profile, "--target-dir"])
            .arg(tree.target())
            .env("NEAR_SANDBOX_BIN_PATH", sandbox)
            .env("CARGO_TARGET_DIR", tree.target().join("starters"));
        Ok(cargo)
    }
}

fn hash(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}
