//! Reading and writing, with the path in every error.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", path.display())]
pub struct FileError {
    path: PathBuf,
    why: io::Error,
}

impl FileError {
    /// Says which path an error of the system belongs to.
    pub fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |why| Self {
            path: path.to_owned(),
            why,
        }
    }
}

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(FileError::at(path))
}

/// The text of a file.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    fs::read_to_string(path).map_err(FileError::at(path))
}

/// Writes a file, and the folders above it.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), FileError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(FileError::at(folder))?;
    }
    fs::write(path, content).map_err(FileError::at(path))
}

/// The folders directly in `folder`, sorted; none when it is not there.
pub fn folders(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(FileError::at(folder))?,
    };
    let mut folders = Vec::new();
    for entry in entries {
        let path = entry.map_err(FileError::at(folder))?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// Every file below `folder` that people wrote, sorted: what cargo built is left out. A folder that is
/// not there holds no files.
pub fn written(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut files = Vec::new();
    if !folder.exists() {
        return Ok(files);
    }
    let written_by_people = |entry: &DirEntry| entry.file_name() != "target";
    let entries = WalkDir::new(folder).sort_by_file_name();
    for entry in entries.into_iter().filter_entry(written_by_people) {
        let entry = entry.map_err(not_walked(folder))?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

fn not_walked(folder: &Path) -> impl FnOnce(walkdir::Error) -> FileError {
    move |error| FileError {
        path: error.path().unwrap_or(folder).to_owned(),
        why: error.into(),
    }
}

/// All that lies at a path and below it: each file with the SHA-256 of its content, each folder without.
///
/// What a symbolic link leads to lies there too. One that leads nowhere, or in a circle, is an error.
pub fn inventory(
    path: &Path,
    is_left_out: impl Fn(&Path) -> bool,
) -> Result<BTreeMap<PathBuf, Option<String>>, FileError> {
    let mut inventory = BTreeMap::new();
    if !path.exists() {
        return Ok(inventory);
    }
    let is_meant = |entry: &DirEntry| entry.depth() == 0 || !is_left_out(entry.path());
    let entries = WalkDir::new(path).follow_links(true).into_iter();
    for entry in entries.filter_entry(is_meant) {
        let entry = entry.map_err(not_walked(path))?;
        let is_file = entry.file_type().is_file();
        let content = is_file.then(|| read(entry.path())).transpose()?;
        inventory.insert(entry.into_path(), content.map(sha256));
    }
    Ok(inventory)
}

/// The same with the SHA-256 of each content, by its path from `folder`.
pub fn fingerprints(folder: &Path) -> Result<BTreeMap<PathBuf, String>, FileError> {
    let fingerprint = |path: PathBuf| {
        let from_folder = path.strip_prefix(folder).unwrap_or(&path).to_owned();
        Ok((from_folder, sha256(read(&path)?)))
    };
    written(folder)?.into_iter().map(fingerprint).collect()
}

/// Where cargo keeps what it needs for every crate.
pub fn cargo_home() -> Option<PathBuf> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn an_inventory_has_files_with_their_content_and_folders_without() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("a/b.txt"), "b").unwrap();

        let inventory = inventory(folder.path(), |_| false).unwrap();

        let contents: Vec<_> = inventory.into_values().collect();
        assert_eq!(contents, [None, None, Some(sha256("b"))]);
    }

    #[test]
    fn an_inventory_has_nothing_of_a_folder_that_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("a/b.txt"), "b").unwrap();

        let inventory = inventory(folder.path(), |path| path.ends_with("a")).unwrap();

        assert!(inventory.into_keys().eq([folder.path()]));
    }

    #[test]
    fn an_inventory_has_what_a_link_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        write(&elsewhere.path().join("b.txt"), "b").unwrap();
        let link = folder.path().join("link");
        symlink(elsewhere.path(), &link).unwrap();

        let inventory = inventory(folder.path(), |_| false).unwrap();

        assert_eq!(inventory[&link.join("b.txt")], Some(sha256("b")));
    }

    #[test]
    fn there_is_no_inventory_where_a_link_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        symlink("nowhere", folder.path().join("link")).unwrap();

        assert!(inventory(folder.path(), |_| false).is_err());
    }
}
