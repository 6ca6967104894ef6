//! The book as mdBook reads and builds it.

use std::path::{Path, PathBuf};

use mdbook_driver::MDBook;
use mdbook_driver::builtin_renderers::MarkdownRenderer;

use crate::layout::Tree;

/// The scripts of the runs that a reader changes, and of contracts that he edits, from the root of the tree. Only a server
/// of the book can play them.
const SCRIPTS_OF_SERVER: [&str; 2] = ["theme/play.js", "theme/edits.js"];

/// An error of mdBook, which could not load or build the book.
#[derive(Debug, thiserror::Error)]
#[error("mdBook: {0:#}")]
pub struct PagesError(anyhow::Error);

/// A page before it becomes HTML.
#[derive(Debug, Clone)]
pub struct Page {
    /// The path of the Markdown file in `src`.
    pub path: PathBuf,
    /// The title in the table of contents.
    pub title: String,
    /// The Markdown, with every include replaced by the text that it includes.
    pub text: String,
}

/// Returns every page in the table of contents, in its order.
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

/// Builds the HTML into `folder`, as `mdbook build` does.
pub fn build(tree: &Tree, folder: &Path) -> Result<(), PagesError> {
    let mut book = load(tree)?;
    book.config.build.build_dir = folder.to_owned();
    book.build().map_err(PagesError)
}

/// Builds the HTML into `folder` for a server, with the scripts of the runs that a reader changes if the book has them.
pub fn build_for_server(tree: &Tree, folder: &Path) -> Result<(), PagesError> {
    const SCRIPTS: &str = "output.html.additional-js";

    let mut book = load(tree)?;
    book.config.build.build_dir = folder.to_owned();
    let scripts: Option<Vec<String>> = book.config.get(SCRIPTS).map_err(PagesError)?;
    let mut scripts = scripts.unwrap_or_default();
    let is_there = |script: &&str| tree.root().join(script).is_file();
    let of_server = SCRIPTS_OF_SERVER.into_iter().filter(is_there);
    scripts.extend(of_server.map(str::to_owned));
    book.config.set(SCRIPTS, scripts).map_err(PagesError)?;
    book.build().map_err(PagesError)
}

/// Returns the files and folders from which the book is built.
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
