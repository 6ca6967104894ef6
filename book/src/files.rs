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
        let entry = entry.map_err(|error| FileError {
            path: error.path().unwrap_or(folder).to_owned(),
            why: error.into(),
        })?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
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
