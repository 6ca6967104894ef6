//! Makes a test of each Rust program on the pages, as the reader gets them: with every include replaced.

use anyhow::{Result, ensure};
use manuscript::layout::Tree;
use manuscript::pages::{self, Page};
use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Where skeptic writes the tests.
const TESTS: &str = "skeptic-tests.rs";

fn main() -> Result<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let tree = Tree::here();
    watch(&tree);
    match pages(&tree, &out.join("pages")) {
        Ok(pages) if pages.is_empty() => fs::write(out.join(TESTS), "")?,
        Ok(pages) => skeptic::generate_doc_tests(&pages),
        // Everything else in this package still runs, and this fails as a test.
        Err(error) => fs::write(
            out.join(TESTS),
            format!(
                "#[test] fn the_pages_can_be_read() {{ panic!({:?}); }}",
                format!("{error:#}")
            ),
        )?,
    }
    Ok(())
}

/// What the pages are made from. skeptic watches only what it is given.
fn watch(tree: &Tree) {
    for source in [
        "book.toml",
        "src",
        "chapters",
        "contract",
        "tests/solutions",
    ] {
        println!(
            "cargo:rerun-if-changed={}",
            tree.root().join(source).display()
        );
    }
}

/// Writes the pages into a folder of their own.
fn pages(tree: &Tree, folder: &Path) -> Result<Vec<PathBuf>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let mut names = BTreeSet::new();
    let mut written = Vec::new();
    for page in pages::expanded(tree)? {
        let name = name(&page);
        ensure!(
            names.insert(name.clone()),
            "two pages would be tested as {name}: rename one"
        );
        let path = folder.join(name).with_extension("md");
        fs::write(&path, without_pieces(&page.text))?;
        // cargo would run this again for a file that is newer than the run that wrote it.
        File::options()
            .write(true)
            .open(&path)?
            .set_modified(SystemTime::UNIX_EPOCH)?;
        written.push(path);
    }
    Ok(written)
}

/// A block that is marked `ignore` is a piece of a chapter, which `tests/snippets.rs` sees to. skeptic
/// would count it among the tests.
fn without_pieces(page: &str) -> String {
    let lines = page.lines().map(|line| match line.trim_start() {
        "```rust,ignore" => line.replace("rust,ignore", "text") + "\n",
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// The page's path as the beginning of a function's name: skeptic takes it for one, and a digit cannot
/// come first.
fn name(page: &Page) -> String {
    let path = page.path.with_extension("");
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    let path: String = path.to_string_lossy().chars().map(plain).collect();
    format!("page_{path}")
}
