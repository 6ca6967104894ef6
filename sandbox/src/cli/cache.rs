//! The cache of compiled contracts, in the user's cache folder: later starts, and the many sandboxes of a
//! test run, compile nothing again.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chain::Vm;
use tracing::warn;

/// The folder's name, with the version that makes older entries useless.
const NAME: &str = "embedded-sandbox/near-vm-runner-0.38";

/// Returns a machine that keeps compiled contracts in the user's cache folder. If that cannot be written,
/// it keeps them in the node's home.
///
/// # Errors
/// Neither can be written.
pub fn open(home: &Path) -> anyhow::Result<Vm> {
    if let Some(directory) = user_cache().map(|cache| cache.join(NAME)) {
        match open_in(&directory) {
            Ok(vm) => return Ok(vm),
            Err(error) => warn!(directory = %directory.display(), %error, "no shared cache"),
        }
    }
    let directory = home.join("data");
    open_in(&directory).with_context(|| {
        let directory = directory.display();
        format!("no folder for compiled contracts in {directory}; name one in XDG_CACHE_HOME")
    })
}

fn open_in(directory: &Path) -> io::Result<Vm> {
    fs::create_dir_all(directory)?;
    // The folder may exist and belong to another user.
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
