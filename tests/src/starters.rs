//! The rule that a chapter's crate is a starter: it works alone, and follows from the one before.

mod locks;
mod readme;

use std::path::Path;

use anyhow::Result;
pub use locks::{locks, of_near};
use manuscript::layout::Tree;
use manuscript::shared::{is_partner, shared};
use manuscript::templates::name::{self, NAMED_IN};
pub use readme::{sections, stale, untyped};
use toml::{Table, Value};

use crate::{Problem, text};

/// The files that a starter has.
const FILES: [&str; 4] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    ".cargo/config.toml",
];

/// Finds chapters that do not work, or not alone.
pub fn incomplete(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let mut problems = Vec::new();
    for chapter in [tree.chapters()?, tree.starters()?].concat() {
        let folder = tree.relative(&chapter);
        for file in FILES {
            if !chapter.join(file).is_file() {
                problems.push(Problem::of(
                    folder.join(file),
                    "a starter needs this file: write it",
                ));
            }
        }
        let manifest = text::read(&chapter.join("Cargo.toml"))?;
        let path = folder.join("Cargo.toml");
        problems.extend(
            ties(&manifest)?
                .into_iter()
                .map(|fault| Problem::of(&path, fault)),
        );
    }
    Ok(problems)
}

/// Returns the entries of a manifest that refer to the folders around it.
fn ties(manifest: &str) -> Result<Vec<String>> {
    let manifest: Table = manifest.parse()?;
    let mut ties = Vec::new();
    if !manifest.contains_key("workspace") {
        ties.push("the crate is no workspace of its own and would belong to one above: write `[workspace]`".to_owned());
    }
    tied(&Value::Table(manifest), "", &mut ties);
    Ok(ties)
}

fn tied(value: &Value, name: &str, ties: &mut Vec<String>) {
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                if key == "workspace" && value.as_bool() == Some(true) {
                    ties.push(format!(
                        "`{name}` is inherited from a workspace: write its value"
                    ));
                }
                tied(value, key, ties);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| tied(value, name, ties)),
        Value::String(path)
            if path.split('/').any(|part| part == "..") || Path::new(path).is_absolute() =>
        {
            ties.push(format!(
                "`{path}` leads out of the folder, so a copy does not find it"
            ));
        }
        _ => {}
    }
}

/// Finds files of a chapter that contain the crate's name, and in which `cargo book new` does not replace it.
pub fn named(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let mut problems = Vec::new();
    for chapter in [tree.chapters()?, tree.starters()?].concat() {
        let name = name::name_of(&chapter)?;
        for path in text::files(&chapter)? {
            let is_renamed = NAMED_IN.iter().any(|named| path == chapter.join(named));
            let Some(text) = text::read_if_text(&path)?.filter(|_| !is_renamed) else {
                continue;
            };
            for (number, line) in (1..).zip(text.lines()) {
                if line.replace('_', "-").contains(&name) {
                    let fault = format!(
                        "`{name}` is the crate's name, and a copy has another: leave it out"
                    );
                    problems.push(Problem::at(tree.relative(&path), number, fault));
                }
            }
        }
    }
    Ok(problems)
}

/// Finds files of a chapter that are missing, or that differ from the first chapter which has them.
pub fn drifted(root: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    let mut problems = Vec::new();
    for file in shared(&tree)? {
        let first = tree.relative(file.first()).join(&file.path);
        let remedy = match is_partner(&file.path) {
            true => "`cargo book contracts` builds and copies it",
            false => "`cargo book sync` copies it; write new code into a file of its own",
        };
        for chapter in file.unlike(file.first()) {
            let fault = match file.copy(chapter) {
                Some(_) => format!("this differs from {}: {remedy}", first.display()),
                None => format!("this is missing, and {} exists: {remedy}", first.display()),
            };
            let path = tree.relative(chapter).join(&file.path);
            problems.push(Problem::of(path, fault));
        }
    }
    Ok(problems)
}
