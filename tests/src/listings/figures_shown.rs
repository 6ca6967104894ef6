//! The rule that every recorded figure is on a page, and every figure on a page is recorded.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use regex::Regex;

use super::book::Book;
use super::directives::Markdown;
use super::includes::target;
use crate::{Problem, text};

const FOLDER: &str = "src/figures";

/// Returns the files that a run includes.
fn parts(book: &Book, file: &Path) -> Result<Vec<PathBuf>> {
    let path = book.root.join(file);
    if !text::is(file, "md") || !path.is_file() {
        return Ok(Vec::new());
    }
    let run = Markdown::parse(&text::read(&path)?);
    let parts = run.directives.iter().filter(|include| include.is_include());
    Ok(parts.map(|include| target(file, include)).collect())
}

pub fn check(book: &Book) -> Result<Vec<Problem>> {
    let mention = Regex::new(r"(?:\.\./)*figures/[\w./-]*\w")?;
    let mut problems = Vec::new();
    let mut shown = BTreeSet::new();
    for (path, page) in &book.pages {
        let folder = path.parent().unwrap_or(path);
        // A missing include is reported already.
        let included = |file: &Path| {
            let mut includes = page
                .directives
                .iter()
                .filter(|include| include.is_include());
            includes.any(|include| target(path, include) == file)
        };
        for (number, line) in (1..).zip(&page.lines) {
            for found in mention.find_iter(line) {
                let file = text::plain(&folder.join(found.as_str()));
                if !book.root.join(&file).exists() && !included(&file) {
                    let fault = format!(
                        "there is no figure {}: correct its name, or record it",
                        file.display()
                    );
                    problems.push(Problem::at(path, number, fault));
                }
                shown.extend(parts(book, &file)?);
                shown.insert(file);
            }
        }
    }
    for path in text::files(&book.root.join(FOLDER))? {
        let path = path.strip_prefix(&book.root)?;
        if !shown.contains(path) {
            problems.push(Problem::of(
                path,
                "no page shows this figure: include it, or remove its run",
            ));
        }
    }
    Ok(problems)
}
