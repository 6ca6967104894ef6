//! What mdBook should have replaced, and did not.

use super::Book;
use crate::Problem;
use anyhow::Result;
use manuscript::layout::Tree;
use manuscript::pages;
use std::path::Path;

/// Directives in the pages as the reader gets them, without those whose reason is `known` already.
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
                "mdBook leaves `{}` as it is: mend or remove it",
                line.trim()
            );
            problems.push(Problem::at(&path, typed.unwrap_or(number), fault));
        }
    }
    Ok(problems)
}

/// Where a line of the expanded page stands in the page itself.
fn typed_in(book: &Book, path: &Path, line: &str) -> Option<usize> {
    let lines = &book.pages.get(path)?.lines;
    // mdBook takes the backslash from an escaped one.
    let escaped = lines
        .iter()
        .position(|typed| typed != line && typed.replace('\\', "") == line);
    let place = escaped.or_else(|| lines.iter().position(|typed| typed == line));
    place.map(|place| place + 1)
}
