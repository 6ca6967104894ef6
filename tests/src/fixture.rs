//! Small books in a temporary folder, for the rules' own tests: whole as they come, and broken by the
//! test in one place.

use std::fs;
use std::path::Path;
use tempfile::TempDir;

const BOOK: &str = "[book]\ntitle = \"A small book\"\n\n[build]\ncreate-missing = false\n";

const SUMMARY: &str = "# Summary\n\n- [One](one.md)\n";

const PAGE: &str = r#"# One

<span class="filename">File: chapters/setup/src/lib.rs</span>

```rust,ignore
{{#include ../chapters/setup/src/lib.rs:answer}}
```
"#;

const LIB: &str = "\
// ANCHOR: answer
pub fn answer() -> u8 {
    42
}
// ANCHOR_END: answer
";

const MANIFEST: &str = r#"[package]
name = "starter"
license = "MIT OR Apache-2.0"

[workspace]
"#;

const LOCK: &str = "version = 4\n\n[[package]]\nname = \"near-sdk\"\nversion = \"5.30.0\"\n";

/// A book in a folder of its own, gone when it is dropped.
#[derive(Debug)]
pub struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// One page, one chapter, one listing, and nothing wrong.
    pub fn book() -> Self {
        let book = Self::empty();
        book.write("book.toml", BOOK);
        book.write("src/SUMMARY.md", SUMMARY);
        book.write("src/one.md", PAGE);
        book.write("chapters/setup/src/lib.rs", LIB);
        book
    }

    /// The crates of two chapters, the second as the first left it.
    pub fn chapters() -> Self {
        let book = Self::empty();
        for chapter in ["setup", "batch"] {
            book.write(&format!("chapters/{chapter}/Cargo.toml"), MANIFEST);
            book.write(&format!("chapters/{chapter}/Cargo.lock"), LOCK);
            book.write(&format!("chapters/{chapter}/README.md"), "# Starter\n");
            book.write(&format!("chapters/{chapter}/.cargo/config.toml"), "");
            book.write(&format!("chapters/{chapter}/src/lib.rs"), LIB);
            book.write(&format!("chapters/{chapter}/src/greeting.rs"), "// hello\n");
        }
        book
    }

    /// A folder with nothing in it.
    ///
    /// # Panics
    /// When the system gives none.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder }
    }

    /// Where the book lies.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders above it.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        let folder = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// Replaces a text in a file.
    ///
    /// # Panics
    /// When it is not there.
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root().join(path)).expect("the file is there");
        assert!(text.contains(from), "{path} has no `{from}`");
        self.write(path, &text.replace(from, to));
    }

    /// Writes one more line at the end of a file.
    ///
    /// # Panics
    /// When the file is not there.
    pub fn append(&self, path: &str, line: &str) {
        let text = fs::read_to_string(self.root().join(path)).expect("the file is there");
        self.write(path, &format!("{text}{line}\n"));
    }

    /// Removes a file.
    ///
    /// # Panics
    /// When it is not there.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).expect("the file is there");
    }
}
