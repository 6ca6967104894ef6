//! The folder of a server for the pages that it builds.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use manuscript::{files, layout};
use tempfile::TempDir;

/// The beginning of the folders' names.
const PREFIX: &str = "serve-";

/// The file in each folder that its server keeps locked.
const LOCK: &str = "lock";

/// A folder that no other server uses. It is removed when it is dropped.
pub struct Folder {
    folder: TempDir,
    _lock: File,
}

impl Folder {
    /// Creates a folder in `target`, and removes those of servers that were killed.
    pub fn create(target: &Path) -> io::Result<Self> {
        fs::create_dir_all(target)?;
        // Another server that starts now must not take a folder without its lock for one that is left.
        let starts = File::create(target.join(".serve-lock"))?;
        starts.lock()?;
        remove_abandoned(target)?;
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(target)?;
        let lock = File::create(folder.path().join(LOCK))?;
        lock.lock()?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Returns the path.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders that no server keeps locked.
fn remove_abandoned(target: &Path) -> io::Result<()> {
    let folders = files::folders(target).map_err(io::Error::other)?;
    let of_servers = |folder: &&std::path::PathBuf| layout::name(folder).starts_with(PREFIX);
    for folder in folders.iter().filter(of_servers) {
        let lock = File::open(folder.join(LOCK));
        if lock.is_err() || lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            fs::remove_dir_all(folder)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_killed_server_is_removed_at_the_next_start() {
        let target = tempfile::tempdir().unwrap();
        let left = target.path().join("serve-left");
        files::write(&left.join("0/index.html"), "").unwrap();
        files::write(&left.join(LOCK), "").unwrap();

        Folder::create(target.path()).unwrap();

        assert!(!left.exists());
    }

    #[test]
    fn the_folder_of_a_running_server_stays() {
        let target = tempfile::tempdir().unwrap();
        let running = Folder::create(target.path()).unwrap();

        Folder::create(target.path()).unwrap();

        assert!(running.path().exists());
    }

    #[test]
    fn other_folders_stay() {
        let target = tempfile::tempdir().unwrap();
        fs::create_dir(target.path().join("debug")).unwrap();

        Folder::create(target.path()).unwrap();

        assert!(target.path().join("debug").exists());
    }
}
