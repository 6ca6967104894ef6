//! Reading and writing, with the path in every error.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

/// An error of a file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}", path.display())]
pub struct FileError {
    path: PathBuf,
    source: io::Error,
}

impl FileError {
    /// Returns a function that adds the path to an error of the system.
    pub fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self {
            path: path.to_owned(),
            source,
        }
    }

    /// Returns the error of a file whose content is not valid.
    pub fn invalid(path: &Path, fault: impl ToString) -> Self {
        Self::at(path)(io::Error::new(
            io::ErrorKind::InvalidData,
            fault.to_string(),
        ))
    }
}

/// Returns the bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(FileError::at(path))
}

/// Returns the text of a file.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    fs::read_to_string(path).map_err(FileError::at(path))
}

/// Returns the table that a TOML file holds.
pub fn read_toml(path: &Path) -> Result<toml::Table, FileError> {
    let table = read_text(path)?.parse::<toml::Table>();
    table.map_err(|error| FileError::invalid(path, error))
}

/// Writes a file, and creates the folders above it.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), FileError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(FileError::at(folder))?;
    }
    fs::write(path, content).map_err(FileError::at(path))
}

/// Removes a file if it exists.
pub fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::at(path)(error)),
        _ => Ok(()),
    }
}

/// Returns the folders directly in `folder`, sorted; none if it does not exist.
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

/// Returns every file below `folder` that people wrote, sorted; none if it does not exist. Symbolic links are followed.
pub fn written(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut files = Vec::new();
    if !folder.exists() {
        return Ok(files);
    }
    let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name();
    let is_written = |entry: &DirEntry| entry.depth() == 0 || !is_built_or_kept(entry.path());
    for entry in entries.into_iter().filter_entry(is_written) {
        let entry = entry.map_err(|error| FileError {
            path: error.path().unwrap_or(folder).to_owned(),
            source: error.into(),
        })?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Returns whether cargo, npm or a version control keeps a folder. cargo marks its target folder.
fn is_built_or_kept(path: &Path) -> bool {
    let kept = ["target", "node_modules", ".git", ".hg", ".jj", ".svn"];
    kept.iter().any(|kept| path.ends_with(kept)) || path.join("CACHEDIR.TAG").is_file()
}

/// Returns the same files by their path from `folder`, each with the SHA-256 of its content.
pub fn fingerprints(folder: &Path) -> Result<BTreeMap<PathBuf, String>, FileError> {
    let fingerprint = |path: PathBuf| {
        let from_folder = path.strip_prefix(folder).unwrap_or(&path).to_owned();
        Ok((from_folder, sha256(read(&path)?)))
    };
    written(folder)?.into_iter().map(fingerprint).collect()
}

/// Returns cargo's home folder.
pub fn cargo_home() -> Option<PathBuf> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// Returns the SHA-256 in hexadecimal.
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_cargo_npm_and_git_keep_was_not_written_by_people() {
        let folder = tempfile::tempdir().unwrap();
        let path = |path: &str| folder.path().join(path);
        for file in [
            "src/lib.rs",
            "target/lib.rlib",
            "node_modules/near-kit/package.json",
            ".git/index",
            "out/CACHEDIR.TAG",
        ] {
            write(&path(file), "").unwrap();
        }

        assert_eq!(written(folder.path()).unwrap(), [path("src/lib.rs")]);
    }

    #[test]
    fn a_symbolic_link_is_followed_and_must_lead_somewhere() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        write(&elsewhere.path().join("b.txt"), "b").unwrap();
        symlink(elsewhere.path(), folder.path().join("link")).unwrap();
        let fingerprints = fingerprints(folder.path()).unwrap();
        assert_eq!(fingerprints[Path::new("link/b.txt")], sha256("b"));

        symlink("nowhere", folder.path().join("dangling")).unwrap();

        assert!(written(folder.path()).is_err());
    }
}
