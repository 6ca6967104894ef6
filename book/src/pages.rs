//! The book as mdBook sees it.

use crate::tree::Tree;
use mdbook_driver::MDBook;
use mdbook_driver::builtin_renderers::MarkdownRenderer;
use std::path::{Path, PathBuf};

/// A book that mdBook could not load or build.
#[derive(Debug, thiserror::Error)]
#[error("mdBook: {0:#}")]
pub struct PagesError(anyhow::Error);

/// A page as the reader gets it, before it is HTML.
#[derive(Debug, Clone)]
pub struct Page {
    /// The Markdown file, from `src`.
    pub path: PathBuf,
    /// What the table of contents calls it.
    pub title: String,
    /// Its Markdown, every include replaced by what it includes.
    pub text: String,
}

/// Every page that the table of contents leads to, in its order.
pub fn expanded(tree: &Tree) -> Result<Vec<Page>, PagesError> {
    let book = load(tree)?;
    let (book, _) = book
        .preprocess_book(&MarkdownRenderer::new())
        .map_err(PagesError)?;
    let pages = book.chapters().filter_map(|chapter| {
        Some(Page {
            path: chapter.source_path.clone()?,
            title: chapter.name.clone(),
            text: chapter.content.clone(),
        })
    });
    Ok(pages.collect())
}

/// Builds the HTML into a folder of the caller's choice: the same as `mdbook build` makes.
pub fn build(tree: &Tree, folder: &Path) -> Result<(), PagesError> {
    let mut book = load(tree)?;
    book.config.build.build_dir = folder.to_owned();
    book.build().map_err(PagesError)
}

/// What the book is made from: a change in one of these makes it another book.
pub fn sources(tree: &Tree) -> Result<Vec<PathBuf>, PagesError> {
    let book = load(tree)?;
    let listings = book.config.build.extra_watch_dirs.iter();
    let folders = [book.source_dir(), book.theme_dir()]
        .into_iter()
        .chain(listings.map(|folder| tree.root().join(folder)));
    Ok(folders.chain([tree.root().join("book.toml")]).collect())
}

fn load(tree: &Tree) -> Result<MDBook, PagesError> {
    MDBook::load(tree.root()).map_err(PagesError)
}
