//! Where compiled contracts are kept: in the user's cache folder, so that the next start, and the
//! twenty sandboxes of a test run, compile nothing again.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use tracing::warn;

use chain::Vm;

/// The name of the folder changes with whatever makes old entries useless.
const NAME: &str = "embedded-sandbox/near-vm-runner-0.38";

/// A folder that cannot be made or written.
#[derive(Debug, Error)]
#[error("{}: {source}", directory.display())]
pub struct CacheError {
    directory: PathBuf,
    source: io::Error,
}

/// A machine that keeps compiled contracts in the user's cache folder or, where that cannot be, in the
/// home of the node.
///
/// # Errors
/// Neither can be written.
pub fn open(home: &Path) -> Result<Vm, CacheError> {
    if let Some(directory) = user_cache().map(|cache| cache.join(NAME)) {
        match open_in(&directory) {
            Ok(vm) => return Ok(vm),
            Err(error) => warn!(directory = %directory.display(), %error, "no shared cache"),
        }
    }
    let directory = home.join("data");
    open_in(&directory).map_err(|source| CacheError { directory, source })
}

fn open_in(directory: &Path) -> io::Result<Vm> {
    fs::create_dir_all(directory)?;
    // A folder that is there may still be someone else's.
    fs::write(directory.join(".writable"), [])?;
    Vm::new(Some(directory))
}

fn user_cache() -> Option<PathBuf> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_CACHE_HOME").or_else(|| {
        let home = absolute("HOME")?;
        Some(home.join(if cfg!(target_os = "macos") {
            "Library/Caches"
        } else {
            ".cache"
        }))
    })
}
