//! The rule that links inside the book lead to something.

use std::path::{Path, PathBuf};

use scraper::Html;

use super::site::{Built, Site, all};
use crate::{Problem, text};

/// The elements that link to something, and the attribute with the target.
const POINTERS: [(&str, &str); 4] = [
    ("a[href]", "href"),
    ("link[href]", "href"),
    ("img[src]", "src"),
    ("script[src]", "src"),
];

/// The texts of links that only make sense on the same page.
const PLACES: [&str; 2] = ["above", "below"];

/// Finds links of the pages that lead nowhere, or not where they say.
pub fn check(site: &Site) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in &site.pages {
        let Some(html) = site.html.get(&page.html) else {
            continue;
        };
        for link in links(html) {
            if let Some(fault) = fault_of(site, page, &link) {
                problems.push(Problem::at(&page.source, line_of(page, &link), fault));
            }
        }
        for (text, link) in places(html) {
            if target(&page.html, parts(&link).0) != page.html {
                let fault = format!("the link `{text}` leads to another page: name that page");
                problems.push(Problem::at(&page.source, line_of(page, &link), fault));
            }
        }
    }
    problems
}

/// Returns the text and the target of the links to a place above or below.
fn places(html: &Html) -> Vec<(String, String)> {
    let links = all(html, "a[href]").filter_map(|link| {
        let text: String = link.text().collect();
        let target = link.attr("href")?;
        Some((text.trim().to_owned(), target.to_owned()))
    });
    links
        .filter(|(text, _)| PLACES.contains(&text.as_str()))
        .collect()
}

/// Returns the targets of a page's links inside the book.
fn links(html: &Html) -> Vec<String> {
    let mut links = Vec::new();
    for (selector, attribute) in POINTERS {
        let targets =
            all(html, selector).filter_map(|element| element.attr(attribute).map(str::to_owned));
        links.extend(targets.filter(|target| !is_elsewhere(target)));
    }
    links
}

/// Returns true for `https:`, `mailto:`, `data:` and the like, and for another host.
pub fn is_elsewhere(target: &str) -> bool {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        !scheme.is_empty() && scheme.chars().all(|letter| letter.is_ascii_alphanumeric())
    };
    target.starts_with("//") || scheme.is_some_and(is_scheme)
}

fn fault_of(site: &Site, page: &Built, link: &str) -> Option<String> {
    let (path, fragment) = parts(link);
    let target = target(&page.html, path);
    let file = site.folder.join(&target);
    if !file.is_file() {
        return Some(format!(
            "the link `{link}` leads nowhere: there is no {} in the book",
            target.display()
        ));
    }
    let is_page = site.html.contains_key(&target);
    (is_page && !fragment.is_empty() && !site.has_id(&target, fragment)).then(|| {
        format!(
            "the link `{link}` leads to no heading: {} has no `#{fragment}`",
            target.display()
        )
    })
}

/// Returns the path of a link and its fragment, which may be empty.
pub fn parts(link: &str) -> (&str, &str) {
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    (path.split('?').next().unwrap_or_default(), fragment)
}

/// Returns the file of the built book that a path on a page names.
pub fn target(page: &Path, path: &str) -> PathBuf {
    let folder = page.parent().unwrap_or(page);
    match path {
        "" => page.to_owned(),
        folder_only if folder_only.ends_with('/') => {
            text::plain(&folder.join(path).join("index.html"))
        }
        path => text::plain(&folder.join(path)),
    }
}

/// Returns the line of the Markdown with a link.
fn line_of(page: &Built, link: &str) -> usize {
    let typed = link.replace(".html", ".md");
    match page.line_with(&typed) {
        1 => page.line_with(link),
        line => line,
    }
}
