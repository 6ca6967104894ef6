//! The recording of listings: their marked lines, and the functions that they call.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::changes::Lines;
use super::helpers::{Helper, Helpers, function};
use super::html::{Parts, inline};
use super::listing::{Listing, Number, SOLUTIONS, chapter};
use super::mark::Pieces;
use super::sources::Sources;
use crate::files::FileError;
use crate::layout::Tree;

/// The largest number of functions that one listing explains.
const MAX_HELPERS: usize = 2;

/// All listings, and what their recorded form depends on.
pub struct Recorder<'a> {
    tree: &'a Tree,
    /// The links to whole files.
    links: BTreeMap<PathBuf, String>,
    listings: &'a [Listing],
    /// The functions of each crate.
    crates: BTreeMap<PathBuf, Helpers>,
    /// The functions that each page has explained.
    explained: BTreeSet<(&'a Path, String)>,
}

impl<'a> Recorder<'a> {
    pub fn new(tree: &'a Tree, links: BTreeMap<PathBuf, String>, listings: &'a [Listing]) -> Self {
        Self {
            tree,
            links,
            listings,
            crates: BTreeMap::new(),
            explained: BTreeSet::new(),
        }
    }

    /// Returns the recorded listings with their paths from the root of the tree.
    pub fn texts(mut self, sources: &mut Sources) -> Result<Vec<(PathBuf, String)>, FileError> {
        let mut texts = Vec::new();
        for (index, listing) in self.listings.iter().enumerate() {
            let helpers = self.helpers(index)?;
            let parts = Parts {
                listing,
                file: self.links.get(&listing.mark.shown.file).map(String::as_str),
                marked: self.marked(listing, sources)?,
                helpers,
            };
            texts.push((Path::new("src").join(listing.path()), parts.text()));
        }
        Ok(texts)
    }

    /// Returns an explanation of the functions that a listing calls and its page has not shown.
    fn helpers(&mut self, index: usize) -> Result<Vec<String>, FileError> {
        let (before, listing) = (&self.listings[..index], &self.listings[index]);
        let page = listing.page.as_path();
        let Some((folder, _)) = listing.mark.shown.in_crate().filter(|_| !listing.is_test()) else {
            return Ok(Vec::new());
        };
        if !self.crates.contains_key(&folder) {
            self.crates
                .insert(folder.clone(), Helpers::read(self.tree, &folder)?);
        }
        let mut explanations = Vec::new();
        for helper in self.crates[&folder].called_in(&listing.code) {
            let is_shown = before
                .iter()
                .any(|listing| listing.page == page && has(listing, helper));
            if explanations.len() < MAX_HELPERS
                && !is_shown
                && self.explained.insert((page, helper.name.clone()))
            {
                explanations.push(self.explanation(helper, page));
            }
        }
        Ok(explanations)
    }

    /// Returns the first sentence about a function, with a link to its listing.
    fn explanation(&self, helper: &Helper, page: &Path) -> String {
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

    /// Returns the lines of a listing that are marked, and the reason.
    fn marked(
        &self,
        listing: &Listing,
        sources: &mut Sources,
    ) -> Result<Option<(Lines, String)>, FileError> {
        let mut others = self.listings.iter();
        if let Some(against) = &listing.mark.against {
            let other = others.find(|other| other.mark.shown == *against);
            return Ok(other.and_then(|other| compared(listing, other)));
        }
        if listing.is_vulnerable() {
            let shown = Some(&listing.mark.shown);
            let safe = others.find(|other| other.mark.against.as_ref() == shown);
            return Ok(safe.and_then(|safe| compared(listing, safe)));
        }
        let Some((file, reason)) = self.file_before(&listing.mark.shown)? else {
            return Ok(None);
        };
        let anchors = listing.mark.shown.anchors.clone();
        let before = sources.code(&Pieces { file, anchors })?.ok();
        let lines = before.map(|before| Lines::new_in(&listing.code, &before));
        let lines = lines.filter(|lines| !lines.is_empty());
        Ok(lines.map(|lines| (lines, reason)))
    }

    /// Returns the file of which a listing's file is a later state, and the words for what is new. It need not exist.
    fn file_before(&self, shown: &Pieces) -> Result<Option<(PathBuf, String)>, FileError> {
        if let Ok(file) = shown.file.strip_prefix(SOLUTIONS) {
            let reason = "new in the solution".to_owned();
            let mut parts = file.iter();
            let name = parts.next().unwrap_or_default().to_string_lossy();
            let folder = self.tree.chapter_or_study(&name);
            let folder = self.tree.relative(&folder);
            return Ok(Some((folder.join(parts.as_path()), reason)));
        }
        let Some((folder, path)) = shown.in_crate() else {
            return Ok(None);
        };
        let chapters = self.tree.chapters()?;
        let mut pairs = (1..).zip(chapters.windows(2));
        let pair = pairs.find(|(_, pair)| self.tree.relative(&pair[1]) == folder);
        Ok(pair.map(|(number, pair)| {
            let file = self.tree.relative(&pair[0]).join(path);
            (file, format!("new since chapter {number}"))
        }))
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
    let file = listing.mark.shown.in_crate();
    let mut functions = listing.code.lines().filter_map(function);
    file.is_some_and(|(_, path)| path == helper.file) && functions.any(|name| name == helper.name)
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
