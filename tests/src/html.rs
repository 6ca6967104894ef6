//! The built HTML: every page is there, has a name, describes its pictures, and its links lead
//! somewhere. Nothing outside of the book is fetched.

mod links;
mod pictures;

use crate::{Problem, text};
use anyhow::Result;
use manuscript::layout::Tree;
use manuscript::pages::{self, Page};
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Everything that is wrong with the book at `root` once it is HTML. It is built into `folder`.
pub fn check(root: &Path, folder: &Path) -> Result<Vec<Problem>> {
    let tree = Tree::at(root);
    pages::build(&tree, folder)?;
    let site = Site::read(root, folder, &pages::expanded(&tree)?)?;
    let mut problems = Vec::new();
    for page in &site.pages {
        match site.html.get(&page.html) {
            None => problems.push(Problem::of(
                &page.source,
                "mdBook made no HTML of this page: see what it logs",
            )),
            Some(html) => problems.extend(page.check(html)),
        }
    }
    problems.extend(same_titles(&site));
    problems.extend(links::check(&site));
    problems.extend(pictures::files(root)?);
    problems.sort();
    problems.dedup();
    Ok(problems)
}

/// The built book.
struct Site {
    folder: PathBuf,
    pages: Vec<Built>,
    /// Every HTML file, by its path in the built book.
    html: BTreeMap<PathBuf, Html>,
}

/// A page of the book, and what became of it.
struct Built {
    /// Its Markdown, from the root of the book.
    source: PathBuf,
    /// The lines of its Markdown, to say where something stands.
    lines: Vec<String>,
    /// Its HTML, in the built book.
    html: PathBuf,
}

impl Site {
    fn read(root: &Path, folder: &Path, pages: &[Page]) -> Result<Self> {
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
}

impl Built {
    fn of(root: &Path, page: &Page) -> Result<Self> {
        let source = Path::new("src").join(&page.path);
        let lines = text::read(&root.join(&source))?
            .lines()
            .map(str::to_owned)
            .collect();
        // As mdBook names it.
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

    fn check(&self, html: &Html) -> Vec<Problem> {
        let mut faults = Vec::new();
        if title(html).is_none() {
            faults.push((
                1,
                "the page has no title: name it in src/SUMMARY.md".to_owned(),
            ));
        }
        let headings = all(html, "main h1").count();
        if headings != 1 {
            faults.push((
                1,
                format!("the page has {headings} headings of the first level: let it have one"),
            ));
        }
        for main in all(html, "main") {
            if let Some(left) = main.text().find(|text| text.contains("{{#")) {
                faults.push((
                    self.line_with(left.trim()),
                    "mdBook left a directive: mend or remove it".to_owned(),
                ));
            }
        }
        faults.extend(pictures::faults(self, html));
        let problems = faults.into_iter();
        problems
            .map(|(line, fault)| Problem::at(&self.source, line, fault))
            .collect()
    }

    /// The first line of the Markdown that has this, or the first line where none has.
    fn line_with(&self, what: &str) -> usize {
        let found = self.lines.iter().position(|line| line.contains(what));
        found.map_or(1, |place| place + 1)
    }
}

fn title(html: &Html) -> Option<String> {
    let title: String = all(html, "head title").next()?.text().collect();
    Some(title.trim().to_owned()).filter(|title| !title.is_empty())
}

fn same_titles(site: &Site) -> Vec<Problem> {
    let mut first = BTreeMap::new();
    let mut problems = Vec::new();
    for page in &site.pages {
        let Some(title) = site.html.get(&page.html).and_then(title) else {
            continue;
        };
        if let Some(other) = first.insert(title.clone(), &page.source) {
            let fault = format!(
                "{} is called `{title}` too: name one otherwise in src/SUMMARY.md",
                other.display()
            );
            problems.push(Problem::of(&page.source, fault));
        }
    }
    problems
}

/// The elements of a page that a selector picks.
fn all<'a>(html: &'a Html, selector: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("the selector is one");
    html.select(&selector).collect::<Vec<_>>().into_iter()
}
