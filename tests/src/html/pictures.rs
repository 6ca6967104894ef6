//! The rule that pictures have a description for readers who cannot see them.

use std::path::Path;

use anyhow::Result;
use scraper::{ElementRef, Html};

use super::site::{Built, all};
use crate::{Problem, text};

/// Returns the pictures on a page without a description, by line.
pub fn faults(page: &Built, html: &Html) -> Vec<(usize, String)> {
    let mut faults = Vec::new();
    for image in all(html, "main img") {
        if image.attr("alt").is_none_or(|alt| alt.trim().is_empty()) {
            let name = image.attr("src").unwrap_or_default();
            let fault = format!("the image `{name}` has no description: write one in its `[]`");
            faults.push((page.line_with(name), fault));
        }
    }
    for svg in all(html, "main svg").filter(|svg| !is_decoration(*svg)) {
        for part in ["title", "desc"] {
            let mut children = svg.children().filter_map(ElementRef::wrap);
            let words = children.find(|child| child.value().name() == part);
            if words.is_none_or(|words| words.text().all(|text| text.trim().is_empty())) {
                let fault = format!("a figure has no <{part}>: write one as a child of its <svg>");
                faults.push((page.line_with("<svg"), fault));
            }
        }
    }
    faults
}

/// Returns true for pictures that screen readers skip, and for the icons of mdBook's alerts.
fn is_decoration(svg: ElementRef<'_>) -> bool {
    let outer = svg.ancestors().filter_map(ElementRef::wrap);
    let mut elements = std::iter::once(svg).chain(outer);
    elements.any(|element| {
        let title = element
            .value()
            .classes()
            .any(|class| class == "blockquote-tag-title");
        title || element.attr("aria-hidden") == Some("true")
    })
}

/// Finds figures in files of their own without a description.
pub fn files(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for path in text::files(&root.join("src"))? {
        if !text::is(&path, "svg") {
            continue;
        }
        let svg = text::read(&path)?;
        for part in ["title", "desc"] {
            if !svg.contains(&format!("<{part}")) {
                let fault =
                    format!("the figure has no <{part}>: write one as a child of its <svg>");
                problems.push(Problem::of(path.strip_prefix(root)?, fault));
            }
        }
    }
    Ok(problems)
}
