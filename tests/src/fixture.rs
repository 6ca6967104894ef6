//! Small books in a temporary folder, for the tests of the rules: correct ones, which a test breaks in one
//! place.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

const BOOK_TOML: &str = "[book]\ntitle = \"A small book\"\n\n[build]\ncreate-missing = false\n";

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

/// A book in a folder of its own, which is deleted with the value.
#[derive(Debug)]
pub struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// Creates a correct book with one page, one chapter and one listing.
    pub fn book() -> Self {
        let book = Self::empty();
        book.write("book.toml", BOOK_TOML);
        book.write("src/SUMMARY.md", SUMMARY);
        book.write("src/one.md", PAGE);
        book.write("chapters/setup/src/lib.rs", LIB);
        book
    }

    /// Creates two chapters' crates, the second a copy of the first.
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

    /// Creates an empty folder.
    ///
    /// # Panics
    /// The system cannot create a temporary folder.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder }
    }

    /// Returns the folder of the book.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders above it.
    ///
    /// # Panics
    /// The file cannot be written.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        let folder = path.parent().expect("the path has a folder");
        fs::create_dir_all(folder).expect("the folder can be created");
        fs::write(path, text).expect("the file can be written");
    }

    /// Replaces a text in a file.
    ///
    /// # Panics
    /// The text is not in the file.
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root().join(path)).expect("the file exists");
        assert!(text.contains(from), "{path} has no `{from}`");
        self.write(path, &text.replace(from, to));
    }

    /// Appends a line to a file.
    ///
    /// # Panics
    /// The file does not exist.
    pub fn append(&self, path: &str, line: &str) {
        let text = fs::read_to_string(self.root().join(path)).expect("the file exists");
        self.write(path, &format!("{text}{line}\n"));
    }

    /// Removes a file.
    ///
    /// # Panics
    /// The file does not exist.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).expect("the file exists");
    }
}
