//! The rules for what `cargo book sync` writes: the listings, and the lists of whole files. A chapter shows no code in
//! another way.

use anyhow::Result;
use manuscript::anchors::WHOLE;
use manuscript::appendix::appendix;
use manuscript::derived::Derived;
use manuscript::layout::Tree;
use manuscript::listings::{chapter, listings};

use super::book::{Book, is_source};
use super::directives::Cut;
use super::includes::target;
use crate::Problem;

/// The number of characters of a line that a page shows without scrolling. rustfmt breaks code there.
const WIDTH: usize = 100;

pub fn check(book: &Book) -> Result<Vec<Problem>> {
    let tree = Tree::at(&book.root);
    let listings = listings(&tree)?;
    let faults = listings.faults.into_iter();
    let mut problems: Vec<_> = faults
        .map(|fault| Problem::at(fault.page, fault.line, fault.message))
        .collect();
    let pieces = listings.files.iter();
    let pieces = pieces.filter(|file| !book.pages.contains_key(&file.path));
    problems.extend(pieces.flat_map(wide));
    let files = appendix(&tree)?.into_iter().chain(listings.files);
    problems.extend(files.filter(Derived::is_stale).map(|file| {
        let line = first_difference(&file);
        Problem::at(
            file.path,
            line,
            "this is stale: `cargo book sync` writes it",
        )
    }));
    problems.extend(unmarked(book));
    Ok(problems)
}

/// Finds comments in a listing that are too long for its page.
fn wide(listing: &Derived) -> Vec<Problem> {
    let text = listing.text.as_deref().unwrap_or_default();
    let is_comment = |line: &str| ["//", "# "].iter().any(|mark| line.starts_with(mark));
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| is_comment(line.trim_start()) && line.chars().count() > WIDTH);
    let fault = format!(
        "a reader has to scroll this comment: break it after {WIDTH} characters in its source"
    );
    lines
        .map(|(number, _)| Problem::at(&listing.path, number, &fault))
        .collect()
}

/// Returns the line from which on a file is not as it should be.
fn first_difference(file: &Derived) -> usize {
    let [text, wanted] = [&file.text, &file.wanted].map(|text| text.as_deref().unwrap_or_default());
    let same = text.lines().zip(wanted.lines());
    1 + same.take_while(|(text, wanted)| text == wanted).count()
}

/// Finds code that the page of a chapter includes without a mark.
fn unmarked(book: &Book) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, page) in book
        .pages
        .iter()
        .filter(|(path, _)| chapter(path).is_some())
    {
        for include in page
            .directives
            .iter()
            .filter(|directive| directive.is_include())
        {
            let target = target(path, include);
            if let Cut::Anchor(name) = &include.cut
                && name != WHOLE
                && is_source(&target)
            {
                let fault = format!(
                    "this listing has no number: write `<!-- listing {} {name}: CAPTION -->` instead, and \
                     `cargo book sync` writes the rest",
                    target.display()
                );
                problems.push(Problem::at(path, include.line, fault));
            }
        }
    }
    problems
}
