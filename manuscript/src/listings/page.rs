//! The pages with marks, and the listings on them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::listing::{Listing, Number, chapter};
use super::mark::{Fault, Mark};
use super::sources::Sources;
use crate::files::{self, FileError};
use crate::layout::Tree;

/// The beginning of the line that includes a recorded listing.
const INCLUDE: &str = "{{#include listings/";

/// A page with marks.
pub struct Page {
    /// The path from the root of the tree.
    pub path: PathBuf,
    text: String,
}

/// Returns the pages with marks, in the order of the table of contents.
pub fn pages(tree: &Tree) -> Result<Vec<Page>, FileError> {
    let summary = tree.root().join("src/SUMMARY.md");
    if !summary.is_file() {
        return Ok(Vec::new());
    }
    let summary = files::read_text(&summary)?;
    let links = summary.split("](").skip(1);
    let mut pages = Vec::new();
    for link in links.filter_map(|rest| rest.split(')').next()) {
        let path = Path::new("src").join(link);
        let full = tree.root().join(&path);
        if full.is_file() {
            let text = files::read_text(&full)?;
            pages.push(Page { path, text });
        }
    }
    pages.retain(|page| page.text.lines().any(Mark::is_meant_in));
    Ok(pages)
}

/// Returns the listings of all pages in their order, and the faults of their marks.
pub fn listings_of(
    pages: &[Page],
    sources: &mut Sources,
) -> Result<(Vec<Listing>, Vec<Fault>), FileError> {
    let mut counts = BTreeMap::new();
    let mut listings = Vec::new();
    let mut faults = Vec::new();
    for page in pages {
        for (line, typed) in (1..).zip(page.text.lines()) {
            if !Mark::is_meant_in(typed) {
                continue;
            }
            let (mark, code) = match read(typed, sources)? {
                Ok(read) => read,
                Err(message) => {
                    faults.push(Fault {
                        page: page.path.clone(),
                        line,
                        message,
                    });
                    continue;
                }
            };
            let number = chapter(&page.path).map(|chapter| {
                let count = counts.entry(chapter).or_insert(0);
                *count += 1;
                Number {
                    chapter,
                    index: *count,
                }
            });
            let page = page.path.clone();
            listings.push(Listing {
                page,
                line,
                mark,
                number,
                code,
            });
        }
    }
    faults.extend(faults_of(&listings));
    Ok((listings, faults))
}

/// Returns the mark in a line and its code, or the fault of the mark.
fn read(line: &str, sources: &mut Sources) -> Result<Result<(Mark, String), String>, FileError> {
    let Some(mark) = Mark::parse(line) else {
        return Ok(Err(
            "write `<!-- listing FILE ANCHORS: CAPTION -->`".to_owned()
        ));
    };
    let code = sources.code(&mark.shown)?;
    Ok(code.map(|code| (mark, code)))
}

/// Finds listings that have no caption, or that are compared with nothing, or that are on their page twice.
fn faults_of(listings: &[Listing]) -> Vec<Fault> {
    let mut paths = BTreeSet::new();
    let mut faults = Vec::new();
    for listing in listings {
        let mut fault = |message: &str| {
            let (page, line, message) = (listing.page.clone(), listing.line, message.to_owned());
            faults.push(Fault {
                page,
                line,
                message,
            });
        };
        if listing.number.is_some() && listing.caption().is_none() {
            fault(
                "the listing of a chapter needs a caption: write it behind the anchors and a colon",
            );
        }
        let against = listing.mark.against.as_ref();
        if against.is_some_and(|against| listings.iter().all(|other| other.mark.shown != *against))
        {
            fault("no page shows the code after `against`: name the pieces of a listing");
        }
        if !paths.insert(listing.path()) {
            fault("this listing is on the page already: show it once");
        }
    }
    faults
}

impl Page {
    /// Returns the text with the include of each listing below its mark.
    pub fn with_includes(&self, listings: &[Listing]) -> String {
        let mut page = String::new();
        let mut lines = (1..).zip(self.text.lines()).peekable();
        while let Some((number, line)) = lines.next() {
            page.push_str(&format!("{line}\n"));
            let here = |listing: &&Listing| listing.page == self.path && listing.line == number;
            if let Some(listing) = listings.iter().find(here) {
                lines.next_if(|(_, line)| line.starts_with(INCLUDE));
                page.push_str(&format!("{{{{#include {}}}}}\n", listing.path().display()));
            }
        }
        page
    }
}
