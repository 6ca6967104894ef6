//! The sources of the chapters and the field studies: as they are committed, and as they are now.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use manuscript::files;
use manuscript::layout::{self, Tree};
use manuscript::process;
use manuscript::templates::copy;

/// The folders whose crates a reader edits, from the root of the tree.
pub const FOLDERS: [&str; 2] = ["chapters", "studies"];

/// The digests of the files from which a contract is built.
pub type Fingerprint = BTreeMap<PathBuf, String>;

/// A chapter or a study.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The name, by which runs ask for its contract.
    pub name: String,
    /// The folder, from the root of the tree.
    pub path: PathBuf,
}

/// The sources of all contracts.
pub struct Sources {
    root: PathBuf,
    /// The folder with the committed sources.
    committed: PathBuf,
    /// The chapters and studies, in the order of the book, with what is committed of each.
    crates: Vec<(Source, Fingerprint)>,
}

impl Sources {
    /// Writes the committed sources into a folder: those of git's `HEAD`. A crate that git does not have counts as it
    /// is now.
    pub fn keep(tree: &Tree, committed: &Path) -> Result<Self> {
        fs::create_dir_all(committed)?;
        let checked_out = check_out(tree.root(), committed);
        let mut crates = Vec::new();
        for folder in [tree.chapters()?, tree.studies()?].concat() {
            let path = tree.relative(&folder).to_owned();
            let kept = committed.join(&path);
            if checked_out.is_err() || !kept.join("Cargo.toml").is_file() {
                copy::lay(&copy::files_of(&folder)?, None, &kept)?;
            }
            let name = layout::name(&path);
            crates.push((
                Source { name, path },
                fingerprint(&kept).unwrap_or_default(),
            ));
        }
        Ok(Self {
            root: tree.root().to_owned(),
            committed: committed.to_owned(),
            crates,
        })
    }

    /// Returns the chapter or study of a name.
    pub fn find(&self, name: &str) -> Option<&Source> {
        self.all().find(|source| source.name == name)
    }

    /// Returns all chapters and studies, in the order of the book.
    pub fn all(&self) -> impl Iterator<Item = &Source> {
        self.crates.iter().map(|(source, _)| source)
    }

    /// Returns those that differ from what is committed, each with its fingerprint.
    pub fn edited(&self) -> Vec<(Source, Fingerprint)> {
        let now = self.crates.iter().filter_map(|(source, committed)| {
            let now = self.now(source);
            (now != *committed).then(|| (source.clone(), now))
        });
        now.collect()
    }

    /// Returns `true` if the tree has what is committed.
    pub fn is_committed(&self, source: &Source) -> bool {
        let known = self.crates.iter().find(|(known, _)| known == source);
        known.is_some_and(|(_, committed)| self.now(source) == *committed)
    }

    /// Returns the fingerprint of what the tree has now. A file that vanishes meanwhile leaves an empty one.
    pub fn now(&self, source: &Source) -> Fingerprint {
        fingerprint(&self.folder(source)).unwrap_or_default()
    }

    /// Returns the folder in the tree.
    pub fn folder(&self, source: &Source) -> PathBuf {
        self.root.join(&source.path)
    }

    /// Returns the folder with what is committed.
    pub fn committed_folder(&self, source: &Source) -> PathBuf {
        self.committed.join(&source.path)
    }
}

/// Returns the digests of the files of a crate from which its contract may be built.
fn fingerprint(folder: &Path) -> Result<Fingerprint> {
    let mut digests = Fingerprint::new();
    for (path, file) in copy::files_of(folder)? {
        if is_built(&path) {
            digests.insert(path, files::sha256(files::read(&file)?));
        }
    }
    Ok(digests)
}

/// Returns `false` for tests, texts, and what an editor writes beside a file.
fn is_built(path: &Path) -> bool {
    let name = layout::name(path);
    let is_hidden = layout::is_hidden(name.as_ref()) || name.ends_with('~');
    let is_text = path.extension().is_some_and(|kind| kind == "md");
    !(is_hidden || is_text || path.starts_with("tests"))
}

/// Writes what git has of the chapters and studies into a folder. The index of the checkout stays as it is.
fn check_out(root: &Path, folder: &Path) -> Result<()> {
    let ask = |question: &str| -> Result<String> {
        let mut git = process::command("git", root);
        let answer = process::run(git.args(["rev-parse", "--verify"]).arg(question))?;
        Ok(answer.trim().to_owned())
    };
    let git_dir =
        process::run(process::command("git", root).args(["rev-parse", "--absolute-git-dir"]))?;
    let index = tempfile::tempdir().context("no folder for an index of git")?;
    let git = |arguments: &[&str]| -> Result<String> {
        let mut git: Command = process::command("git", folder);
        git.env("GIT_DIR", git_dir.trim())
            .env("GIT_WORK_TREE", folder)
            .env("GIT_INDEX_FILE", index.path().join("index"));
        Ok(process::run(git.args(arguments))?)
    };
    for name in FOLDERS {
        // The tree of the book may lie below the root of the checkout.
        if let Ok(tree) = ask(&format!("HEAD:./{name}")) {
            git(&["read-tree", &format!("--prefix={name}/"), &tree])?;
        }
    }
    git(&["checkout-index", "--all"])?;
    Ok(())
}
