//! The rule that every listing is a piece of a file that compiles.
//!
//! mdBook does not report everything: an include of a missing anchor is an empty block, an include of a missing
//! file stays in the page as it was typed. Here each of these is a [`Problem`].

mod book;
mod directives;
mod figures_shown;
mod includes;
mod leftovers;
mod recorded;
mod sources;
mod summary;
mod unused;

use std::path::Path;

use anyhow::Result;
use manuscript::layout::Tree;

use self::book::Book;
pub use self::book::SOURCES;
use crate::Problem;

/// Finds the problems in the listings of the book at `root`.
pub fn check(root: &Path) -> Result<Vec<Problem>> {
    let book = Book::read(root)?;
    let mut problems = sources::check(&book);
    problems.extend(includes::check(&book)?);
    problems.extend(unused::check(&book));
    problems.extend(recorded::check(&book)?);
    problems.extend(figures_shown::check(&book)?);
    let summary = summary::check(&book)?;
    if summary.is_empty() {
        problems.extend(leftovers::check(&book, &Tree::at(root), &problems)?);
    }
    problems.extend(summary);
    problems.sort();
    Ok(problems)
}
