//! The files that chapters share.
//!
//! A chapter is the crate of the chapter before it, with more in it. So what is new in a chapter is new in its
//! files, and a file that an earlier chapter has is the same here, byte for byte.

use crate::files::{self, FileError};
use crate::tree;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files that each chapter writes for itself. All others are shared.
pub const WRITTEN_ANEW: [&str; 5] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "src/lib.rs",
    "tests/partners/partners.toml",
];

/// The shared files that a chapter replaces, for itself and for the chapters after it.
///
/// Each is a door that everything of its kind goes through: money on its way back, the beginning of a method,
/// the one who may decide. What is to hold for all of them comes in there.
pub const REPLACED: [(&str, &str); 4] = [
    ("responses", "src/batch/deposit.rs"),
    ("testing", "src/enter.rs"),
    ("testing", "src/money/operator.rs"),
    ("testing", ".env.example"),
];

/// A file by its path in a chapter, and its content in the first chapter that has it and in those after it.
#[derive(Debug)]
pub struct Shared {
    /// The path, the same in each chapter.
    pub path: PathBuf,
    /// The index of the first chapter that has the file.
    pub first: usize,
    /// The content in each chapter from the first on; none in a chapter that lacks the file.
    copies: Vec<Option<Vec<u8>>>,
}

impl Shared {
    /// Returns the content in a chapter that has the file.
    pub fn copy(&self, chapter: usize) -> Option<&[u8]> {
        let copy = self.copies.get(chapter.checked_sub(self.first)?)?;
        copy.as_deref()
    }

    /// Returns the chapters that have the file otherwise than `source` has it, or lack it.
    pub fn unlike(&self, source: usize) -> Vec<usize> {
        let wanted = self.copy(source);
        (self.first..self.first + self.copies.len())
            .filter(|chapter| self.copy(*chapter) != wanted)
            .collect()
    }
}

/// Returns the shared files of chapters that are in the order of the book.
pub fn shared(chapters: &[PathBuf]) -> Result<Vec<Shared>, FileError> {
    let mut files: BTreeMap<PathBuf, Shared> = BTreeMap::new();
    let mut replaced = Vec::new();
    for (index, chapter) in chapters.iter().enumerate() {
        let name = tree::name(chapter);
        for (_, path) in REPLACED.iter().filter(|(chapter, _)| *chapter == name) {
            if let Some(mut before) = files.remove(Path::new(path)) {
                before.copies.truncate(index - before.first);
                replaced.push(before);
            }
        }
        for file in files::written(chapter)? {
            let path = file.strip_prefix(chapter).unwrap_or(&file).to_owned();
            if is_written_anew(&path) {
                continue;
            }
            let content = files::read(&file)?;
            let shared = files.entry(path.clone()).or_insert_with(|| Shared {
                path,
                first: index,
                copies: vec![None; chapters.len() - index],
            });
            shared.copies[index - shared.first] = Some(content);
        }
    }
    replaced.extend(files.into_values());
    Ok(replaced)
}

/// Returns whether each chapter writes the file for itself.
pub fn is_written_anew(path: &Path) -> bool {
    WRITTEN_ANEW.iter().any(|anew| path == Path::new(anew))
}

/// Returns whether `cargo book contracts` lays the file: the wasm of a contract that the chapters call.
pub fn is_laid(path: &Path) -> bool {
    path.starts_with("tests/partners") && path.extension().is_some_and(|kind| kind == "wasm")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    /// The folders of chapters that have the file `src/a.rs` with these contents.
    fn chapters(copies: &[Option<&str>]) -> (TempDir, Vec<PathBuf>) {
        let folder = tempfile::tempdir().unwrap();
        let mut chapters = Vec::new();
        for (index, copy) in copies.iter().enumerate() {
            let chapter = folder.path().join(index.to_string());
            if let Some(text) = copy {
                files::write(&chapter.join("src/a.rs"), text).unwrap();
            }
            chapters.push(chapter);
        }
        (folder, chapters)
    }

    #[test]
    fn a_file_is_shared_from_the_first_chapter_that_has_it() {
        let (_folder, chapters) = chapters(&[None, Some("a"), Some("a")]);

        let shared = shared(&chapters).unwrap();

        assert_eq!(shared[0].first, 1);
        assert!(shared[0].unlike(1).is_empty());
    }

    #[test]
    fn a_later_chapter_without_the_file_is_unlike_the_first() {
        let (_folder, chapters) = chapters(&[Some("a"), None, Some("a")]);

        assert_eq!(shared(&chapters).unwrap()[0].unlike(0), [1]);
    }

    #[test]
    fn a_file_that_a_chapter_replaces_is_shared_from_there_on() {
        let folder = tempfile::tempdir().unwrap();
        let (chapter, path) = REPLACED[1];
        let chapters = ["before", "until", chapter, "after"].map(|name| folder.path().join(name));
        for (chapter, text) in chapters.iter().zip(["old", "old", "new", "new"]) {
            files::write(&chapter.join(path), text).unwrap();
        }

        let shared = shared(&chapters).unwrap();

        let firsts: Vec<_> = shared.iter().map(|file| file.first).collect();
        assert_eq!(firsts, [0, 2]);
        assert!(shared.iter().all(|file| file.unlike(file.first).is_empty()));
    }

    #[test]
    fn a_file_that_each_chapter_writes_for_itself_is_not_shared() {
        let (_folder, chapters) = chapters(&[None]);
        files::write(&chapters[0].join(WRITTEN_ANEW[0]), "").unwrap();

        assert_eq!(shared(&chapters).unwrap().len(), 0);
    }
}
