//! Files that follow from others. `cargo book sync` writes them, and a rule compares them.

use std::path::PathBuf;

/// A file that follows from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The path from the root of the tree.
    pub path: PathBuf,
    /// The text of the file, if it exists.
    pub text: Option<String>,
    /// The text that the file should have, if it should exist.
    pub wanted: Option<String>,
}

impl Derived {
    /// Returns `true` if the file is not as it should be.
    pub fn is_stale(&self) -> bool {
        self.text != self.wanted
    }
}
