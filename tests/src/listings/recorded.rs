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

pub fn check(book: &Book) -> Result<Vec<Problem>> {
    let tree = Tree::at(&book.root);
    let listings = listings(&tree)?;
    let faults = listings.faults.into_iter();
    let mut problems: Vec<_> = faults
        .map(|fault| Problem::at(fault.page, fault.line, fault.message))
        .collect();
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
