//! The rule that the table of contents has every page, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use regex::Regex;

use super::book::Book;
use crate::{Problem, text};

const SUMMARY: &str = "src/SUMMARY.md";

pub fn check(book: &Book) -> Result<Vec<Problem>> {
    let path = book.root.join(SUMMARY);
    if !path.exists() {
        return Ok(vec![Problem::of(
            SUMMARY,
            "the book has no table of contents: write it",
        )]);
    }
    let link = Regex::new(r"\]\(([^)\s]+)\)")?;
    let mut problems = Vec::new();
    let mut listed = BTreeSet::new();
    for (number, line) in (1..).zip(text::read(&path)?.lines()) {
        for found in link.captures_iter(line) {
            let page = text::plain(&Path::new("src").join(&found[1]));
            if !book.pages.contains_key(&page) {
                let fault = format!(
                    "there is no page {}: write it, or remove the line",
                    page.display()
                );
                problems.push(Problem::at(SUMMARY, number, fault));
            }
            listed.insert(page);
        }
    }
    let missing = book.pages.keys().filter(|page| !listed.contains(*page));
    problems.extend(missing.map(|page| {
        Problem::of(
            page,
            format!("this page is not in {SUMMARY}: add it there, or remove it"),
        )
    }));
    Ok(problems)
}
