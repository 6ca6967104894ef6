//! Creates a test of each Rust program on the pages, as the reader gets them: with every include expanded. And lays the
//! tests of `starters/explore` where they find what they find in a copy.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Result, ensure};
use manuscript::layout::Tree;
use manuscript::pages::{self, Page};

/// The file in which skeptic writes the tests.
const TESTS: &str = "skeptic-tests.rs";

/// The file with the modules of the explored tests.
const EXPLORED: &str = "explored.rs";

/// The crates of which copies are explored, each with its test in `starters/explore`.
const COPIES: [(&str, &str); 2] = [("bare", "starters/bare"), ("chapters", "chapters/setup")];

fn main() -> Result<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let tree = Tree::here();
    watch(&tree);
    lay_explored_tests(&tree, &out)?;
    match pages(&tree, &out.join("pages")) {
        Ok(pages) if pages.is_empty() => fs::write(out.join(TESTS), "")?,
        Ok(pages) => skeptic::generate_doc_tests(&pages),
        // Everything else in this package still runs, and this fails as a test.
        Err(error) => fs::write(
            out.join(TESTS),
            format!(
                "#[test] fn the_pages_are_readable() {{ panic!({:?}); }}",
                format!("{error:#}")
            ),
        )?,
    }
    Ok(())
}

/// Declares the inputs of the pages. skeptic declares only the files that it reads.
fn watch(tree: &Tree) {
    for source in [
        "book.toml",
        "src",
        "chapters",
        "contract",
        "starters",
        "studies",
        "tests/solutions",
    ] {
        println!(
            "cargo:rerun-if-changed={}",
            tree.root().join(source).display()
        );
    }
}

/// Copies the tests of `starters/explore`, each with the partners of a crate beside it. In place of `it/wasm.rs`, which
/// builds the contract of the crate around it, there is a module that builds the contract of that crate.
fn lay_explored_tests(tree: &Tree, out: &Path) -> Result<()> {
    let mut modules = String::new();
    for (name, original) in COPIES {
        let folder = out.join("explored").join(name);
        let partners = folder.join("partners");
        fs::create_dir_all(folder.join("it"))?;
        fs::create_dir_all(&partners)?;
        let test = folder.join("explore.rs");
        fs::copy(
            tree.root()
                .join("starters/explore")
                .join(name)
                .with_extension("rs"),
            &test,
        )?;
        let wasm = format!(
            "pub fn contract_wasm() -> &'static [u8] {{ crate::explored::wasm_of({original:?}) }}\n"
        );
        fs::write(folder.join("it/wasm.rs"), wasm)?;
        for partner in fs::read_dir(tree.root().join(original).join("tests/partners"))? {
            let partner = partner?;
            fs::copy(partner.path(), partners.join(partner.file_name()))?;
        }
        modules += &format!("#[path = {test:?}]\nmod {name};\n");
    }
    fs::write(out.join(EXPLORED), modules)?;
    Ok(())
}

/// Writes the expanded pages into a folder, and returns their paths.
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
            "two pages have the test name {name}: rename one"
        );
        let path = folder.join(name).with_extension("md");
        fs::write(&path, without_pieces(&page.text))?;
        // cargo runs a build script again for a file that is newer than its last run.
        File::options()
            .write(true)
            .open(&path)?
            .set_modified(SystemTime::UNIX_EPOCH)?;
        written.push(path);
    }
    Ok(written)
}

/// Removes the blocks that are marked `ignore`. They are pieces of a chapter, which `tests/rules/snippets.rs`
/// checks. skeptic would count them among its tests.
fn without_pieces(page: &str) -> String {
    let lines = page.lines().map(|line| match line.trim_start() {
        "```rust,ignore" => line.replace("rust,ignore", "text") + "\n",
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// Returns a function name for the page's path. skeptic uses the path as one, and a name cannot begin with a
/// digit.
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
