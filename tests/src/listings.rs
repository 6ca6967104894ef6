//! Every listing is a piece of a file that compiles.
//!
//! mdBook forgives what a reader would not: an include of a missing anchor is an empty block, one of a
//! missing file stays in the page as it was typed. Here each of these is a [`Problem`].

mod anchors;
mod appendix;
mod directives;
mod figures_shown;
mod includes;
mod leftovers;
mod summary;
mod unused;

pub use anchors::without_anchors;

use crate::{Problem, text};
use anchors::Anchors;
use anyhow::Result;
use directives::Markdown;
use manuscript::layout::Tree;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folders whose files the pages cut listings from.
pub const SOURCES: [&str; 4] = ["chapters", "contract", SOLUTIONS, "tests/clients/tests"];

/// The folder of solutions: for each chapter that has some, a folder that mirrors the chapter's.
const SOLUTIONS: &str = "tests/solutions";

/// Everything that is wrong with the listings of the book at `root`.
pub fn check(root: &Path) -> Result<Vec<Problem>> {
    let book = Book::read(root)?;
    let mut problems = anchors::check(&book);
    problems.extend(includes::check(&book)?);
    problems.extend(unused::check(&book));
    problems.extend(appendix::check(&book)?);
    problems.extend(figures_shown::check(&book)?);
    let summary = summary::check(&book)?;
    if summary.is_empty() {
        problems.extend(leftovers::check(&book, &Tree::at(root), &problems)?);
    }
    problems.extend(summary);
    problems.sort();
    Ok(problems)
}

/// What the checks look at. Every path is from the root of the book.
struct Book {
    root: PathBuf,
    /// The pages, and how each is put together.
    pages: BTreeMap<PathBuf, Markdown>,
    /// The files that listings are cut from, and their anchors.
    sources: BTreeMap<PathBuf, Anchors>,
}

impl Book {
    fn read(root: &Path) -> Result<Self> {
        let relative = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_owned();
        let mut pages = BTreeMap::new();
        for path in text::files(&root.join("src"))? {
            let is_page = text::is(&path, "md")
                && !path.ends_with("src/SUMMARY.md")
                && !path.starts_with(root.join("src/figures"));
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
