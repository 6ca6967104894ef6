//! The lists of whole files are what `cargo book sync` writes.

use super::Book;
use crate::Problem;
use anyhow::Result;
use manuscript::layout::Tree;
use manuscript::listings::listings;

pub fn check(book: &Book) -> Result<Vec<Problem>> {
    let pages = listings(&Tree::at(&book.root))?.into_iter();
    let stale = pages.filter(|page| page.text != page.wanted);
    let fault = "this does not list the files that there are: `cargo book sync` writes it";
    Ok(stale.map(|page| Problem::of(page.path, fault)).collect())
}
