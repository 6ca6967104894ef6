//! The listings of the pages: pieces of source files, each in a file of its own in `src/listings`. A person writes a
//! mark, and `cargo book sync` writes the include below it, and the file:
//!
//! ```text
//! <!-- listing chapters/responses/src/money/vault.rs spend take: Change state before the call -->
//! {{#include listings/…}}
//! ```
//!
//! A mark names a file and the anchors of one or more pieces. `against FILE ANCHORS` behind them names the code with
//! which it is compared: the listing marks the lines in which it differs, and so does the other if it is vulnerable. Without it, a listing is compared with
//! the same pieces in the chapter before. The listings of a chapter have numbers, and captions: only a test needs none,
//! because its name says what it shows.

mod changes;
mod helpers;
mod html;
mod listing;
mod mark;
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use changes::Lines;
use helpers::{Helper, Helpers, function};
use html::{Parts, inline};
use listing::{Listing, Number};
pub use mark::{Mark, Pieces};
use sources::Sources;

use crate::appendix::{self, AppendixError};
use crate::derived::Derived;
use crate::files::{self, FileError};
use crate::layout::Tree;

/// The folder of the recorded listings, from the root of the tree.
pub const FOLDER: &str = "src/listings";

/// The beginning of the line that includes a recorded listing.
const INCLUDE: &str = "{{#include listings/";

/// The largest number of functions that one listing explains.
const MAX_HELPERS: usize = 2;

/// The listings of the book.
#[derive(Debug)]
pub struct Listings {
    /// The pages with marks, and the recorded listings.
    pub files: Vec<Derived>,
    /// The faults of marks. A listing with a fault is not recorded.
    pub faults: Vec<Fault>,
}

/// A fault of a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The page, from the root of the tree.
    pub page: PathBuf,
    /// The line of the mark, from one on.
    pub line: usize,
    /// The fault, with a remedy.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.page.display(), self.line, self.message)
    }
}

/// Returns the listings that follow from the marks of the pages.
pub fn listings(tree: &Tree) -> Result<Listings, AppendixError> {
    let links = appendix::links(&appendix::appendix(tree)?);
    let pages = pages(tree)?;
    let mut sources = Sources::new(tree);
    let mut faults = Vec::new();
    let listings = found(&pages, &mut sources, &mut faults)?;
    let mut files = Vec::new();
    for (path, text) in &pages {
        let wanted = with_includes(path, text, &listings);
        files.push(derived(tree, path.clone(), Some(wanted))?);
    }
    let texts = Recorder {
        tree,
        links,
        listings: &listings,
    }
    .texts(&mut sources, &mut faults)?;
    for (path, text) in &texts {
        files.push(derived(tree, path.clone(), Some(text.clone()))?);
    }
    for path in files::written(&tree.root().join(FOLDER))? {
        let path = tree.relative(&path);
        if !texts.contains_key(path) {
            files.push(derived(tree, path.to_owned(), None)?);
        }
    }
    Ok(Listings { files, faults })
}

fn derived(tree: &Tree, path: PathBuf, wanted: Option<String>) -> Result<Derived, FileError> {
    let full = tree.root().join(&path);
    let text = match full.is_file() {
        true => Some(files::read_text(&full)?),
        false => None,
    };
    Ok(Derived { path, text, wanted })
}

/// Returns the pages with marks, in the order of the table of contents.
fn pages(tree: &Tree) -> Result<Vec<(PathBuf, String)>, FileError> {
    let summary = tree.root().join("src/SUMMARY.md");
    let summary = match summary.is_file() {
        true => files::read_text(&summary)?,
        false => String::new(),
    };
    let links = summary.split("](").skip(1);
    let mut pages = Vec::new();
    for link in links.filter_map(|rest| rest.split(')').next()) {
        let path = Path::new("src").join(link);
        let full = tree.root().join(&path);
        if full.is_file() {
            let text = files::read_text(&full)?;
            if text.lines().any(Mark::is_meant_in) {
                pages.push((path, text));
            }
        }
    }
    Ok(pages)
}

/// Returns the number of the chapter of a page, with which its name begins.
pub fn chapter(page: &Path) -> Option<usize> {
    let name = page.file_name().and_then(OsStr::to_str)?;
    name.split_once('-')?.0.parse().ok()
}

/// Returns the listings of all pages, in their order.
fn found(
    pages: &[(PathBuf, String)],
    sources: &mut Sources,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Listing>, FileError> {
    let mut counts = BTreeMap::new();
    let mut paths = BTreeSet::new();
    let mut listings = Vec::new();
    for (page, text) in pages {
        for (line, typed) in (1..).zip(text.lines()) {
            if !Mark::is_meant_in(typed) {
                continue;
            }
            let mut fault = |message: String| {
                let page = page.clone();
                faults.push(Fault {
                    page,
                    line,
                    message,
                });
            };
            let Some(mark) = Mark::parse(typed) else {
                fault("write `<!-- listing FILE ANCHORS: CAPTION -->`".to_owned());
                continue;
            };
            let code = match sources.code(&mark.shown)? {
                Ok(code) => code,
                Err(message) => {
                    fault(message);
                    continue;
                }
            };
            let number = chapter(page).map(|chapter| {
                let index = counts.entry(chapter).or_insert(0);
                *index += 1;
                let index = *index;
                Number { chapter, index }
            });
            let page = page.clone();
            let listing = Listing {
                page,
                line,
                mark,
                number,
                code,
            };
            if listing.number.is_some() && listing.caption().is_none() {
                fault("a listing of a chapter needs a caption: write it behind the anchors and a colon".to_owned());
            }
            if paths.insert(listing.path()) {
                listings.push(listing);
            } else {
                fault(format!(
                    "the page has a listing `{}` already: show it once",
                    listing.name()
                ));
            }
        }
    }
    Ok(listings)
}

/// Returns a page with the include of each of its listings below the mark.
fn with_includes(path: &Path, text: &str, listings: &[Listing]) -> String {
    let mut page = String::new();
    let mut lines = (1..).zip(text.lines()).peekable();
    while let Some((number, line)) = lines.next() {
        page.push_str(line);
        page.push('\n');
        let here = |listing: &&Listing| listing.page == path && listing.line == number;
        if let Some(listing) = listings.iter().find(here) {
            lines.next_if(|(_, line)| line.starts_with(INCLUDE));
            page.push_str(&format!("{{{{#include {}}}}}\n", listing.path().display()));
        }
    }
    page
}

/// What the recorded form of a listing depends on.
struct Recorder<'a> {
    tree: &'a Tree,
    /// The links to whole files.
    links: BTreeMap<PathBuf, String>,
    listings: &'a [Listing],
}

impl Recorder<'_> {
    /// Returns the recorded listings by their paths.
    fn texts(
        &self,
        sources: &mut Sources,
        faults: &mut Vec<Fault>,
    ) -> Result<BTreeMap<PathBuf, String>, FileError> {
        let mut crates = BTreeMap::new();
        let mut explained = BTreeSet::new();
        let mut texts = BTreeMap::new();
        for (index, listing) in self.listings.iter().enumerate() {
            let marked = match self.marked(listing, sources)? {
                Ok(marked) => marked,
                Err(message) => {
                    let (page, line) = (listing.page.clone(), listing.line);
                    faults.push(Fault {
                        page,
                        line,
                        message,
                    });
                    continue;
                }
            };
            let mut helpers = Vec::new();
            if let Some((folder, _)) = listing
                .mark
                .shown
                .in_chapter()
                .filter(|_| !listing.is_test())
            {
                if !crates.contains_key(&folder) {
                    crates.insert(folder.clone(), Helpers::read(self.tree, &folder)?);
                }
                let called = crates[&folder].called_in(&listing.code);
                let mut new = called.into_iter().filter(|helper| {
                    !self.is_shown(helper, &self.listings[..index], &listing.page)
                        && explained.insert((&listing.page, helper.name.clone()))
                });
                helpers.extend(
                    new.by_ref()
                        .take(MAX_HELPERS)
                        .map(|helper| self.explained(helper, &listing.page)),
                );
            }
            let file = self.links.get(&listing.mark.shown.file).map(String::as_str);
            let text = Parts {
                listing,
                file,
                marked,
                helpers,
            }
            .text();
            texts.insert(Path::new("src").join(listing.path()), text);
        }
        Ok(texts)
    }

    /// Returns the lines of a listing that are marked and the reason, or the fault of its mark.
    fn marked(
        &self,
        listing: &Listing,
        sources: &mut Sources,
    ) -> Result<Result<Option<(Lines, String)>, String>, FileError> {
        if let Some(against) = &listing.mark.against {
            let other = self
                .listings
                .iter()
                .find(|other| other.mark.shown == *against);
            return Ok(match other {
                Some(other) => Ok(compared(listing, other)),
                None => Err(
                    "no page shows the code after `against`: name the pieces of a listing"
                        .to_owned(),
                ),
            });
        }
        let is_safe = |other: &&Listing| other.mark.against.as_ref() == Some(&listing.mark.shown);
        if listing.is_vulnerable() {
            let safe = self.listings.iter().find(is_safe);
            return Ok(Ok(safe.and_then(|safe| compared(listing, safe))));
        }
        let Some((folder, path)) = listing.mark.shown.in_chapter() else {
            return Ok(Ok(None));
        };
        let chapters = self.tree.chapters()?;
        let is_here = |chapter: &PathBuf| self.tree.relative(chapter) == folder;
        let Some(index) = chapters
            .iter()
            .position(is_here)
            .and_then(|index| index.checked_sub(1))
        else {
            return Ok(Ok(None));
        };
        let before = Pieces {
            file: self.tree.relative(&chapters[index]).join(path),
            anchors: listing.mark.shown.anchors.clone(),
        };
        let Ok(before) = sources.code(&before)? else {
            return Ok(Ok(None));
        };
        let lines = Lines::new_in(&listing.code, &before);
        let reason = format!("new since chapter {}", index + 1);
        Ok(Ok(
            Some((lines, reason)).filter(|(lines, _)| !lines.is_empty())
        ))
    }

    /// Returns `true` if a listing before this one on the same page has the function.
    fn is_shown(&self, helper: &Helper, before: &[Listing], page: &Path) -> bool {
        before
            .iter()
            .any(|listing| listing.page == page && has(listing, helper))
    }

    /// Returns the explanation of a function, with a link to its listing.
    fn explained(&self, helper: &Helper, page: &Path) -> String {
        let about = format!("<code>{}</code>: {}", helper.name, inline(&helper.about));
        // A later chapter may have changed the function, and may show it again.
        let mut shown = self.listings.iter().filter(|listing| has(listing, helper));
        let first = shown.clone().next();
        let listing = shown
            .find(|listing| chapter(&listing.page) == chapter(page))
            .or(first);
        match listing.and_then(|listing| Some((listing.number?, listing))) {
            Some((number, listing)) => format!("{about} {}", link(number, listing, page)),
            None => format!(
                "{about} <span class=\"filename\">{}</span>",
                helper.file.display()
            ),
        }
    }
}

/// Returns a link to a listing from a page.
fn link(number: Number, listing: &Listing, page: &Path) -> String {
    let target = match listing.page == page {
        true => format!("#{}", listing.id()),
        false => listing.link(),
    };
    format!("<a href=\"{target}\">{number}</a>")
}

/// Returns `true` if a listing has a function of a chapter.
fn has(listing: &Listing, helper: &Helper) -> bool {
    let file = listing.mark.shown.in_chapter();
    file.is_some_and(|(_, path)| path == helper.file)
        && listing
            .code
            .lines()
            .filter_map(function)
            .any(|name| name == helper.name)
}

/// Returns the lines of a listing that another does not have, and the words for that.
fn compared(listing: &Listing, other: &Listing) -> Option<(Lines, String)> {
    let lines = Lines::new_in(&listing.code, &other.code);
    let kind = match (listing.is_vulnerable(), other.is_vulnerable()) {
        (false, true) => "the vulnerable ",
        (true, false) => "the safe ",
        _ => "",
    };
    let name = match other.number {
        Some(number) => link(number, other, &listing.page),
        None => format!("<code>{}</code>", other.mark.shown.file.display()),
    };
    (!lines.is_empty()).then(|| (lines, format!("different from {kind}{name}")))
}

#[cfg(test)]
mod tests;
