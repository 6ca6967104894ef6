//! The files that chapters and starters share.
//!
//! A chapter is the crate of the chapter before it, with more in it. So a file that an earlier chapter has is
//! the same here, byte for byte. A starter takes the files that it has in common with a chapter from the last
//! chapter that has them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::files::{self, FileError};
use crate::layout::{self, Tree};

/// The files that each crate writes for itself. All others are shared.
pub const WRITTEN_ANEW: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "src/lib.rs",
    "tests/it/main.rs",
    "tests/partners/partners.toml",
];

/// The shared files that a chapter replaces, for itself and for the chapters after it.
///
/// Everything of one kind passes through each of them: a refund, the beginning of a method, the check of who may
/// decide. A rule for all of that kind goes there.
pub const REPLACED: [(&str, &str); 4] = [
    ("responses", "src/batch/deposit.rs"),
    ("testing", "src/enter.rs"),
    ("testing", "src/money/operator.rs"),
    ("testing", ".env.example"),
];

/// The files that a starter writes for itself although a chapter has one of the same path.
pub const WRITTEN_ANEW_IN_STARTERS: &[(&str, &str)] = &[
    ("bare", ".env.example"),
    ("bare", "src/batch.rs"),
    ("bare", "src/money.rs"),
    ("bare", "src/money/state.rs"),
    ("bare", "src/operations.rs"),
    ("bare", "src/operations/events.rs"),
    ("bare", "src/operations/guard.rs"),
    ("bare", "src/partners.rs"),
    ("bare", "src/upgrade.rs"),
    ("bare", "src/upgrade/check.rs"),
    ("bare", "src/upgrade/migrate.rs"),
    ("bare", "tests/it/money.rs"),
    ("bare", "tests/it/operations.rs"),
    ("bare", "tests/it/upgrade.rs"),
    ("swap", ".env.example"),
    ("council", ".env.example"),
    ("council", "src/enter.rs"),
    ("council", "src/money.rs"),
    ("council", "src/money/state.rs"),
    ("market", ".env.example"),
    ("market", "src/enter.rs"),
    ("market", "src/money.rs"),
    ("market", "src/money/state.rs"),
    ("trade", ".env.example"),
];

/// A shared file with its content in each crate that has it or should have it.
#[derive(Debug)]
pub struct Shared {
    /// The path, the same in each crate.
    pub path: PathBuf,
    /// The folder of each crate with the content of the file there, the first chapter that has it first. A
    /// chapter that lacks the file has no content.
    copies: Vec<(PathBuf, Option<Vec<u8>>)>,
}

impl Shared {
    /// Returns the folder of the first chapter that has the file.
    pub fn first(&self) -> &Path {
        &self.copies[0].0
    }

    /// Returns the content in a crate that has the file.
    pub fn copy(&self, folder: &Path) -> Option<&[u8]> {
        let mut copies = self.copies.iter();
        copies.find(|(crate_, _)| crate_ == folder)?.1.as_deref()
    }

    /// Returns the crates whose file differs from that of `source`, or that lack it.
    pub fn unlike(&self, source: &Path) -> Vec<&Path> {
        let wanted = self.copy(source);
        let unlike = self
            .copies
            .iter()
            .filter(|(_, copy)| copy.as_deref() != wanted);
        unlike.map(|(folder, _)| folder.as_path()).collect()
    }
}

/// Returns the files that the chapters and the starters of a tree share.
pub fn shared(tree: &Tree) -> Result<Vec<Shared>, FileError> {
    let chapters = tree.chapters()?;
    let mut files: BTreeMap<PathBuf, Shared> = BTreeMap::new();
    let mut replaced = Vec::new();
    for (index, chapter) in chapters.iter().enumerate() {
        let name = layout::name(chapter);
        for (_, path) in REPLACED.iter().filter(|(chapter, _)| *chapter == name) {
            if let Some(mut before) = files.remove(Path::new(path)) {
                before
                    .copies
                    .retain(|(folder, _)| !chapters[index..].contains(folder));
                replaced.push(before);
            }
        }
        for (path, content) in contents(chapter)? {
            let shared = files.entry(path.clone()).or_insert_with(|| Shared {
                path,
                copies: chapters[index..]
                    .iter()
                    .map(|chapter| (chapter.clone(), None))
                    .collect(),
            });
            let copy = shared
                .copies
                .iter_mut()
                .find(|(folder, _)| folder == chapter);
            copy.into_iter()
                .for_each(|copy| copy.1 = Some(content.clone()));
        }
    }
    for starter in tree.starters()? {
        for (path, content) in contents(&starter)? {
            let own =
                |(name, own): &(&str, &str)| starter.ends_with(name) && path == Path::new(own);
            if !WRITTEN_ANEW_IN_STARTERS.iter().any(own)
                && let Some(shared) = files.get_mut(&path)
            {
                shared.copies.push((starter.clone(), Some(content)));
            }
        }
    }
    replaced.extend(files.into_values());
    Ok(replaced)
}

/// Returns the files of a crate that are not its own, with their contents.
fn contents(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, FileError> {
    let mut contents = Vec::new();
    for file in files::written(folder)? {
        let path = file.strip_prefix(folder).unwrap_or(&file).to_owned();
        if !WRITTEN_ANEW.iter().any(|anew| path == Path::new(anew)) {
            contents.push((path, files::read(&file)?));
        }
    }
    Ok(contents)
}

/// Returns whether `cargo book contracts` writes the file: the wasm of a contract that the chapters call.
pub fn is_partner(path: &Path) -> bool {
    path.starts_with("tests/partners") && path.extension().is_some_and(|kind| kind == "wasm")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const FILE: &str = "src/a.rs";

    /// Returns a tree whose crates have these texts in a file.
    fn tree(path: &str, texts: &[(&str, Option<&str>)]) -> (TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        for (crate_, text) in texts {
            let crate_ = folder.path().join(crate_);
            files::write(&crate_.join("Cargo.toml"), "[package]\n").unwrap();
            if let Some(text) = text {
                files::write(&crate_.join(path), text).unwrap();
            }
        }
        let tree = Tree::at(folder.path());
        (folder, tree)
    }

    /// Returns the crates that do not have what the first chapter has, as paths in the tree.
    fn unlike(tree: &Tree) -> Vec<PathBuf> {
        let shared = shared(tree).unwrap();
        let unlike = shared.iter().flat_map(|file| file.unlike(file.first()));
        unlike
            .map(|folder| tree.relative(folder).to_owned())
            .collect()
    }

    #[test]
    fn a_file_is_shared_from_the_first_chapter_that_has_it() {
        let texts = [
            ("chapters/setup", None),
            ("chapters/batch", Some("a")),
            ("chapters/parallel", Some("a")),
        ];
        let (_folder, tree) = tree(FILE, &texts);

        let shared = shared(&tree).unwrap();

        assert_eq!(shared[0].first(), tree.chapter("batch"));
        assert!(unlike(&tree).is_empty());
    }

    #[test]
    fn a_later_chapter_without_the_file_is_unlike_the_first() {
        let texts = [
            ("chapters/setup", Some("a")),
            ("chapters/batch", None),
            ("chapters/parallel", Some("a")),
        ];
        let (_folder, tree) = tree(FILE, &texts);

        assert_eq!(unlike(&tree), [Path::new("chapters/batch")]);
    }

    #[test]
    fn a_file_that_a_chapter_replaces_is_shared_from_there_on() {
        let (_, path) = REPLACED[1];
        let texts = [
            ("chapters/setup", Some("old")),
            ("chapters/responses", Some("old")),
            ("chapters/testing", Some("new")),
            ("chapters/zoo", Some("new")),
        ];
        let (_folder, tree) = tree(path, &texts);

        let firsts: Vec<_> = shared(&tree)
            .unwrap()
            .iter()
            .map(|file| layout::name(file.first()))
            .collect();

        assert_eq!(firsts, ["setup", "testing"]);
        assert!(unlike(&tree).is_empty());
    }

    #[test]
    fn a_file_that_each_chapter_writes_for_itself_is_not_shared() {
        let (_folder, tree) = tree(WRITTEN_ANEW[2], &[("chapters/setup", Some("a"))]);

        assert_eq!(shared(&tree).unwrap().len(), 0);
    }

    #[test]
    fn a_starter_has_the_file_of_the_last_chapter_that_has_it() {
        let (_, path) = REPLACED[1];
        let texts = [
            ("chapters/setup", Some("old")),
            ("chapters/testing", Some("new")),
            ("starters/bare", Some("old")),
        ];
        let (_folder, tree) = tree(path, &texts);

        assert_eq!(unlike(&tree), [Path::new("starters/bare")]);
    }

    #[test]
    fn a_starter_may_have_less_and_more_than_the_chapters() {
        let (_folder, tree) = tree(
            FILE,
            &[("chapters/setup", Some("a")), ("starters/bare", None)],
        );
        files::write(&tree.root().join("starters/bare/src/own.rs"), "own").unwrap();

        assert!(unlike(&tree).is_empty());
        assert_eq!(shared(&tree).unwrap().len(), 1);
    }
}
