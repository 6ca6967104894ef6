//! The pages of the book, and the files of their listings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use manuscript::anchors::Anchors;
use manuscript::layout::STUDIES;
use manuscript::listings;

use super::directives::Markdown;
use crate::text;

/// The folders whose files the pages include.
pub const SOURCES: [&str; 8] = [
    "chapters",
    "contract",
    "runs/src",
    SOLUTIONS,
    STUDIES,
    "tests/browser/tests",
    "tests/clients/tests",
    "tests/tests/runs",
];

/// The folder of solutions. For each chapter with solutions it has a folder with the chapter's layout.
pub const SOLUTIONS: &str = "tests/solutions";

/// Returns `true` for a file whose pieces the pages show.
pub fn is_source(path: &Path) -> bool {
    SOURCES.iter().any(|folder| path.starts_with(folder))
}

/// The input of the checks. Every path is from the root of the book.
pub struct Book {
    pub root: PathBuf,
    /// The pages, with their fences and directives.
    pub pages: BTreeMap<PathBuf, Markdown>,
    /// The source files, with their anchors.
    pub sources: BTreeMap<PathBuf, Anchors>,
}

impl Book {
    pub fn read(root: &Path) -> Result<Self> {
        let relative = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_owned();
        let mut pages = BTreeMap::new();
        for path in text::files(&root.join("src"))? {
            let is_page = text::is(&path, "md")
                && !path.ends_with("src/SUMMARY.md")
                && !path.starts_with(root.join("src/figures"))
                && !path.starts_with(root.join(listings::FOLDER));
            if is_page {
                pages.insert(relative(&path), Markdown::parse(&text::read(&path)?));
            }
        }
        let mut sources = BTreeMap::new();
        for folder in SOURCES {
            for path in text::files(&root.join(folder))? {
                if let Some(content) = text::read_if_text(&path)? {
                    sources.insert(relative(&path), Anchors::parse(&content));
                }
            }
        }
        Ok(Self {
            root: root.to_owned(),
            pages,
            sources,
        })
    }
}
