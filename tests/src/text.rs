//! Readers of the book's files, with the path in every error.

use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

/// Returns the text of a file.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Returns the text of a file, or nothing if it is binary.
pub fn read_if_text(path: &Path) -> Result<Option<String>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(String::from_utf8(bytes).ok())
}

/// Returns every file below a folder, sorted, without the output of cargo. A folder that does not exist has no
/// files.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    files_but(folder, |entry| entry.file_name() == "target")
}

/// Returns every file below a folder, sorted, without the entries that `skip` selects.
pub fn files_but(folder: &Path, skip: impl Fn(&DirEntry) -> bool) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    let entries = WalkDir::new(folder).into_iter();
    for entry in entries.filter_entry(|entry| entry.depth() == 0 || !skip(entry)) {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    files.sort();
    Ok(files)
}

/// Returns true if a file has this extension.
pub fn is(path: &Path, extension: &str) -> bool {
    path.extension() == Some(OsStr::new(extension))
}

/// Resolves `.` and `..` in a path, by its text alone.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.pop() => {}
            part => plain.push(part),
        }
    }
    plain
}

/// Returns the line number of a byte in a text, from one on.
pub fn line_of(text: &str, byte: usize) -> usize {
    1 + text[..byte].matches('\n').count()
}
