//! The built book: its pages, and the HTML that mdBook made from them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use manuscript::pages::Page;
use scraper::{ElementRef, Html, Selector};

use crate::text;

/// The built book.
pub struct Site {
    pub folder: PathBuf,
    pub pages: Vec<Built>,
    /// The HTML files, by their path in the built book.
    pub html: BTreeMap<PathBuf, Html>,
}

/// A page of the book, with its HTML.
pub struct Built {
    /// The path of the Markdown, from the root of the book.
    pub source: PathBuf,
    /// The lines of the Markdown.
    pub lines: Vec<String>,
    /// The path of the HTML, in the built book.
    pub html: PathBuf,
}

impl Site {
    pub fn read(root: &Path, folder: &Path, pages: &[Page]) -> Result<Self> {
        let mut html = BTreeMap::new();
        for path in text::files(folder)? {
            if text::is(&path, "html") {
                let document = Html::parse_document(&text::read(&path)?);
                html.insert(path.strip_prefix(folder)?.to_owned(), document);
            }
        }
        let pages: Result<Vec<_>> = pages.iter().map(|page| Built::of(root, page)).collect();
        Ok(Self {
            folder: folder.to_owned(),
            pages: pages?,
            html,
        })
    }

    /// Returns true if an HTML file of the built book has an element with this id.
    pub fn has_id(&self, file: &Path, id: &str) -> bool {
        let html = self.html.get(file);
        html.is_some_and(|html| all(html, "[id]").any(|element| element.attr("id") == Some(id)))
    }
}

impl Built {
    pub fn of(root: &Path, page: &Page) -> Result<Self> {
        let source = Path::new("src").join(&page.path);
        let lines = text::read(&root.join(&source))?
            .lines()
            .map(str::to_owned)
            .collect();
        // This is the name that mdBook gives the file.
        let html = match page.path.ends_with("README.md") {
            true => page.path.with_file_name("index.html"),
            false => page.path.with_extension("html"),
        };
        Ok(Self {
            source,
            lines,
            html,
        })
    }

    /// Returns the number of the first line of the Markdown with a text, or of its first line.
    pub fn line_with(&self, text: &str) -> usize {
        let found = self.lines.iter().position(|line| line.contains(text));
        found.map_or(1, |index| index + 1)
    }
}

/// Returns the elements of a page that match a selector.
pub fn all<'a>(html: &'a Html, selector: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("the selector is valid");
    html.select(&selector).collect::<Vec<_>>().into_iter()
}
