//! The listings of the pages: pieces of source files, each in a file of its own in `src/listings`. A person writes a
//! mark, and `cargo book sync` writes the include below it, and the file:
//!
//! ```text
//! <!-- listing chapters/responses/src/money/vault.rs spend take: Change state before the call -->
//! {{#include listings/…}}
//! ```
//!
//! A mark names a file and the anchors of one or more pieces. `against FILE ANCHORS` behind them names the code with
//! which it is compared: the listing marks the lines in which it differs, and so does the other if it is vulnerable.
//! Without it, a listing is compared with the same pieces in the chapter before. The listings of a chapter have numbers, and captions: only a test needs none,
//! because its name says what it shows.

mod changes;
mod helpers;
mod html;
mod listing;
mod mark;
mod page;
mod recorder;
mod sources;

use std::path::PathBuf;

pub use listing::chapter;
pub use mark::{Fault, Mark, Pieces};
use page::{listings_of, pages};
use recorder::Recorder;
use sources::Sources;

use crate::appendix::{self, AppendixError};
use crate::derived::Derived;
use crate::files::{self, FileError};
use crate::layout::Tree;

/// The folder of the recorded listings, from the root of the tree.
pub const FOLDER: &str = "src/listings";

/// The listings of the book.
#[derive(Debug)]
pub struct Listings {
    /// The pages with marks, and the recorded listings.
    pub files: Vec<Derived>,
    /// The faults of marks. A listing with a fault in its code is not recorded.
    pub faults: Vec<Fault>,
}

/// Returns the listings that follow from the marks of the pages.
pub fn listings(tree: &Tree) -> Result<Listings, AppendixError> {
    let links = appendix::links(&appendix::appendix(tree)?);
    let pages = pages(tree)?;
    let mut sources = Sources::new(tree);
    let (listings, faults) = listings_of(&pages, &mut sources)?;
    let recorded = Recorder::new(tree, links, &listings).texts(&mut sources)?;
    let is_shown = |path: &PathBuf| recorded.iter().any(|(shown, _)| shown == path);
    let mut files = Vec::new();
    for path in files::written(&tree.root().join(FOLDER))? {
        let path = tree.relative(&path).to_owned();
        if !is_shown(&path) {
            files.push(derived(tree, path, None)?);
        }
    }
    for page in &pages {
        files.push(derived(
            tree,
            page.path.clone(),
            Some(page.with_includes(&listings)),
        )?);
    }
    for (path, text) in recorded {
        files.push(derived(tree, path, Some(text))?);
    }
    Ok(Listings { files, faults })
}

fn derived(tree: &Tree, path: PathBuf, wanted: Option<String>) -> Result<Derived, FileError> {
    let full = tree.root().join(&path);
    let text = full.is_file().then(|| files::read_text(&full));
    let text = text.transpose()?;
    Ok(Derived { path, text, wanted })
}

#[cfg(test)]
mod tests;
