//! The rule that mdBook replaces every directive.

use std::path::Path;

use anyhow::Result;
use manuscript::layout::Tree;
use manuscript::pages;

use super::book::Book;
use crate::Problem;

/// Finds directives in the expanded pages, except those that are in `known` already.
pub fn check(book: &Book, tree: &Tree, known: &[Problem]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for page in pages::expanded(tree)? {
        let path = Path::new("src").join(&page.path);
        for (number, line) in (1..).zip(page.text.lines()) {
            if !line.contains("{{#") {
                continue;
            }
            let typed = typed_in(book, &path, line);
            if known
                .iter()
                .any(|known| known.file == path && Some(known.line) == typed)
            {
                continue;
            }
            let fault = format!(
                "mdBook does not replace `{}`: fix or remove it",
                line.trim()
            );
            problems.push(Problem::at(&path, typed.unwrap_or(number), fault));
        }
    }
    Ok(problems)
}

/// Returns the line of the page itself for a line of the expanded page.
fn typed_in(book: &Book, path: &Path, line: &str) -> Option<usize> {
    let lines = &book.pages.get(path)?.lines;
    // mdBook removes the backslash of an escaped directive.
    let escaped = lines
        .iter()
        .position(|typed| typed != line && typed.replace('\\', "") == line);
    let index = escaped.or_else(|| lines.iter().position(|typed| typed == line));
    index.map(|index| index + 1)
}
