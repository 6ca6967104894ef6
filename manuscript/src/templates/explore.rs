//! The additions that let a new crate explore every order of its receipts: the library `chain` of the tree, a test, and a
//! section of the README.
//!
//! The test and the section lie in `starters/explore`. A starter has a test of its own there, `<starter>.rs`; the chapters
//! have one together, because each has the methods of the first.

use std::collections::BTreeSet;
use std::path::Path;

use toml::{Table, Value};

use crate::files::{self, FileError};
use crate::layout::{self, Tree};
use crate::locks::LOCK;

/// The beginning of each package in a lock file.
const PACKAGE: &str = "[[package]]\n";

/// Adds to the crate in `folder`, a copy of `template`.
pub fn add(tree: &Tree, template: &Path, folder: &Path) -> Result<(), FileError> {
    let additions = tree.root().join("starters/explore");
    let own = additions.join(format!("{}.rs", layout::name(template)));
    let test = match own.is_file() {
        true => own,
        false => additions.join("chapters.rs"),
    };
    files::write(&folder.join("tests/explore.rs"), files::read(&test)?)?;

    let readme = folder.join("README.md");
    let section = files::read_text(&additions.join("README.md"))?;
    let text = with_section(&files::read_text(&readme)?, &section);
    files::write(&readme, text)?;

    let manifest = folder.join("Cargo.toml");
    let text = with_dependencies(&files::read_text(&manifest)?, &dependencies(tree)?)
        .ok_or_else(|| FileError::invalid(&manifest, "it has no `[dev-dependencies]`"))?;
    files::write(&manifest, text)?;

    let configuration = folder.join(".cargo/config.toml");
    let text = files::read_text(&configuration)? + &profile(tree)?;
    files::write(&configuration, text)?;

    let lock = folder.join(LOCK);
    let text = lock_with_chain(tree, &lock)?;
    files::write(&lock, text)
}

/// Returns a lock file with the packages of the tree's that it does not have. cargo prefers the versions that a lock
/// file has, and removes from it what no package needs.
pub fn lock_with_chain(tree: &Tree, lock: &Path) -> Result<String, FileError> {
    let (own, book) = (
        files::read_text(lock)?,
        files::read_text(&tree.root().join(LOCK))?,
    );
    let head = own.split(PACKAGE).next().unwrap_or_default();
    // The other packages without a source are the tree's own.
    let is_wanted = |package: &&str| {
        package.contains("\nsource = ") || package.starts_with("name = \"chain\"\n")
    };
    let identity = |package: &str| -> Vec<String> {
        let lines = package.lines().take(2);
        lines.map(str::to_owned).collect()
    };
    let packages = |text: &str| -> Vec<String> {
        let packages = text.split(PACKAGE).skip(1).map(str::trim_end);
        packages.map(str::to_owned).collect()
    };
    let mut all = packages(&own);
    let known: BTreeSet<_> = all.iter().map(|package| identity(package)).collect();
    let more = packages(&book);
    let more = more.iter().map(String::as_str).filter(is_wanted);
    let more = more.filter(|package| !known.contains(&identity(package)));
    all.extend(more.map(str::to_owned));
    all.sort();
    Ok(format!(
        "{head}{PACKAGE}{}\n",
        all.join(&format!("\n\n{PACKAGE}"))
    ))
}

/// Returns the lines of the dependencies: the library by its path, and near-primitives in the version that it has.
fn dependencies(tree: &Tree) -> Result<String, FileError> {
    let chain = tree.root().join("chain");
    let path = chain
        .to_str()
        .ok_or_else(|| FileError::invalid(&chain, "a manifest cannot name this path"))?;
    let path = Value::String(path.to_owned());

    let manifest = tree.root().join("Cargo.toml");
    let workspace = files::read_toml(&manifest)?;
    let version = workspace
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies")?.get("near-primitives"))
        .ok_or_else(|| FileError::invalid(&manifest, "it has no version of near-primitives"))?;
    Ok(format!(
        "# The chain of the book, for `tests/explore.rs`.\n\
         chain = {{ path = {path} }}\nnear-primitives = {version}\n"
    ))
}

/// Returns the tree's profile for tests, in which the virtual machine is optimised.
fn profile(tree: &Tree) -> Result<String, FileError> {
    let mut configuration = files::read_toml(&tree.root().join(".cargo/config.toml"))?;
    let profile = configuration.remove("profile");
    let profile: Table = profile
        .map(|profile| ("profile".to_owned(), profile))
        .into_iter()
        .collect();
    Ok(format!(
        "\n# The profile of the book's tree: `tests/explore.rs` runs contracts in NEAR's virtual machine.\n{profile}"
    ))
}

fn with_dependencies(manifest: &str, dependencies: &str) -> Option<String> {
    const HEADING: &str = "[dev-dependencies]\n";

    let (before, after) = manifest.split_once(HEADING)?;
    Some(format!("{before}{HEADING}{dependencies}{after}"))
}

/// Inserts a section before the last one, which is about the licence.
fn with_section(readme: &str, section: &str) -> String {
    let end = readme.rfind("\n## ").map_or(readme.len(), |line| line + 1);
    let (before, after) = readme.split_at(end);
    format!("{before}{section}\n{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process;
    use crate::templates::create::{NewCrate, create};

    #[test]
    fn cargo_resolves_every_copy_that_explores_to_the_chain_of_this_tree_without_the_network() {
        let home = tempfile::tempdir().unwrap();
        let tree = Tree::here();
        let mut rustc = process::command("rustc", home.path());
        let host = process::run(rustc.args(["--print", "host-tuple"])).unwrap();
        for template in [tree.chapters().unwrap(), tree.starters().unwrap()].concat() {
            // A package that is on this machine is not downloaded again.
            let mut fetch = process::cargo(&template);
            fetch.args(["fetch", "--locked", "--target", host.trim()]);
            process::run(&mut fetch).unwrap();
            let template = layout::name(&template);
            let new = NewCrate {
                template: &template,
                folder: &home.path().join(&template),
                name: Some("a-shop-of-mine"),
                explores: true,
            };

            let folder = create(&tree, &new).unwrap().folder;

            let mut cargo = process::cargo(&folder);
            cargo
                .args(["metadata", "--format-version=1", "--offline"])
                .args(["--filter-platform", host.trim()]);
            let metadata = process::run(&mut cargo).unwrap();
            let chain = tree.root().join("chain/Cargo.toml");
            assert!(metadata.contains(chain.to_str().unwrap()), "{template}");
        }
    }
}
