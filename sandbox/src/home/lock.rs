//! The lock of a home folder: one process at a time runs a chain there.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The file that is locked. It holds the number of the process that has run last.
const LOCK: &str = "sandbox.lock";

/// The error of a home folder in which another process runs a chain.
#[derive(Debug, Error)]
#[error(
    "another sandbox runs in {} (process {process}); stop it, or choose another folder with --home",
    home.display()
)]
pub struct HomeInUse {
    home: PathBuf,
    process: String,
}

/// The lock of a home folder, which ends with the value or with the process.
pub struct HomeLock {
    /// `true` if a chain has run in the folder before.
    pub used_before: bool,
    /// The reason why the folder could not be locked: some file systems have no locks.
    pub problem: Option<io::Error>,
    _file: Option<File>,
}

impl HomeLock {
    /// Locks `home`.
    ///
    /// # Errors
    /// Another process runs a chain there.
    pub fn take(home: &Path) -> Result<Self, HomeInUse> {
        let unlocked = |problem| Self {
            used_before: false,
            problem: Some(problem),
            _file: None,
        };
        let path = home.join(LOCK);
        let mut options = File::options();
        let opened = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let file = match opened {
            Ok(file) => file,
            Err(problem) => return Ok(unlocked(problem)),
        };
        match file.try_lock() {
            Ok(()) => Ok(
                write_process(&file).map_or_else(unlocked, |used_before| Self {
                    used_before,
                    problem: None,
                    _file: Some(file),
                }),
            ),
            Err(TryLockError::WouldBlock) => Err(HomeInUse {
                home: home.to_path_buf(),
                process: fs::read_to_string(&path).unwrap_or_default(),
            }),
            Err(TryLockError::Error(problem)) => Ok(unlocked(problem)),
        }
    }
}

/// Writes the number of this process, and returns `true` if there was one before.
fn write_process(mut file: &File) -> io::Result<bool> {
    let mut last = String::new();
    file.read_to_string(&mut last)?;
    file.rewind()?;
    file.set_len(0)?;
    write!(file, "{}", std::process::id())?;
    Ok(!last.is_empty())
}
