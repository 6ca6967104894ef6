//! The rule that the lists of whole files are those that `cargo book sync` writes.

use anyhow::Result;
use manuscript::layout::Tree;
use manuscript::listings::listings;

use super::book::Book;
use crate::Problem;

pub fn check(book: &Book) -> Result<Vec<Problem>> {
    let pages = listings(&Tree::at(&book.root))?.into_iter();
    let stale = pages.filter(|page| page.text != page.wanted);
    let fault = "this list of files is stale: `cargo book sync` writes it";
    Ok(stale.map(|page| Problem::of(page.path, fault)).collect())
}
