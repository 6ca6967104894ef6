//! The built book: its pages in order, and the figures that their Markdown includes.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The variable with the folder of the built book, if that is not mdBook's default.
pub const BOOK_HTML: &str = "BOOK_HTML";

/// The beginning of the directive with which a page includes a recorded figure.
const INCLUDE: &str = "{{#include figures/";

/// A built book.
pub struct Book {
    /// The folder of the HTML.
    pub html: PathBuf,
    /// The pages, in the order of the table of contents.
    pub pages: Vec<Page>,
}

/// A page of the built book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The path of the HTML, from the folder of the built book.
    pub path: String,
    /// The drawn figures that the Markdown includes.
    pub figures: Vec<Figure>,
}

/// A figure as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The path of the file, from the folder of the pages.
    pub file: String,
    /// The title of the drawing.
    pub title: String,
    /// True if the figure is a diagram of transactions.
    pub is_trace: bool,
    /// The number of texts in the drawing.
    pub texts: usize,
}

impl Book {
    /// Returns the book of this tree.
    ///
    /// # Errors
    /// The book was not built.
    pub fn built() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let html = match env::var_os(BOOK_HTML) {
            Some(named) => PathBuf::from(named),
            None => root.join("target/html"),
        };
        ensure!(
            html.join("toc.html").is_file(),
            "there is no built book in {}: run `mdbook build` or `cargo book test tests/browser`, or name its \
             folder in {BOOK_HTML}",
            html.display()
        );
        Self::at(&html, &root.join("src"))
    }

    /// Returns the book in the folder `html`, which was built from the Markdown in `source`.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn at(html: &Path, source: &Path) -> Result<Self> {
        let pages = listed(&read(&html.join("toc.html"))?)
            .into_iter()
            .map(|path| {
                let markdown = source.join(&path).with_extension("md");
                let figures = figures(source, &read(&markdown)?)?;
                Ok(Page { path, figures })
            });
        Ok(Self {
            html: html.to_owned(),
            pages: pages.collect::<Result<_>>()?,
        })
    }
}

/// Returns the pages in the table of contents.
fn listed(toc: &str) -> Vec<String> {
    let links = toc.split("<a href=\"").skip(1);
    let mut pages: Vec<String> = Vec::new();
    for page in links.filter_map(|link| link.split(['"', '#']).next()) {
        if !pages.iter().any(|known| known == page) {
            pages.push(page.to_owned());
        }
    }
    pages
}

/// Returns the drawn figures that a page includes, in order.
fn figures(source: &Path, markdown: &str) -> Result<Vec<Figure>> {
    let included = markdown.split(INCLUDE).skip(1);
    let files = included.filter_map(|rest| rest.split("}}").next());
    let drawn = files.filter(|file| file.ends_with(".svg") || file.ends_with(".md"));
    drawn
        .map(|file| {
            let file = format!("figures/{file}");
            let text = read(&source.join(&file))?;
            let svg = drawing(&text).with_context(|| format!("{file} has no drawing"))?;
            Ok(Figure::of(file, svg))
        })
        .collect()
}

/// Returns the first drawing in the text of a figure.
fn drawing(text: &str) -> Option<&str> {
    let (_, from) = text.split_at(text.find("<svg")?);
    Some(from.split("</svg>").next().unwrap_or(from))
}

impl Figure {
    fn of(file: String, svg: &str) -> Self {
        let root = svg.split('>').next().unwrap_or_default();
        let title = svg.split_once("<title").and_then(|(_, rest)| {
            let (_, rest) = rest.split_once('>')?;
            Some(rest.split_once("</title>")?.0)
        });
        Self {
            file,
            title: unescaped(title.unwrap_or_default()),
            is_trace: root.contains("class=\"trace\""),
            texts: svg.matches("<text").count(),
        }
    }
}

/// Replaces the escape sequences of HTML.
fn unescaped(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_listed_once_and_in_order() {
        let toc =
            "<a href=\"two.html\">2</a><a href=\"one.html\">1</a><a href=\"two.html#a\">a</a>";

        assert_eq!(listed(toc), ["two.html", "one.html"]);
    }

    #[test]
    fn a_figure_is_read_from_its_file() {
        let svg = "<svg class=\"trace\" width=\"9\"><title id=\"t\">A &amp; B</title><text>a</text></svg>";

        let figure = Figure::of("figures/a.svg".to_owned(), svg);

        let expected = Figure {
            file: "figures/a.svg".to_owned(),
            title: "A & B".to_owned(),
            is_trace: true,
            texts: 1,
        };
        assert_eq!(figure, expected);
    }

    #[test]
    fn only_drawn_figures_of_a_page_are_listed() {
        let source = tempfile::tempdir().unwrap();
        fs::create_dir(source.path().join("figures")).unwrap();
        fs::write(source.path().join("figures/a.svg"), "<svg></svg>").unwrap();
        fs::write(source.path().join("figures/b.md"), "<div><svg></svg></div>").unwrap();
        let markdown =
            "{{#include figures/a.txt}}\n{{#include figures/a.svg}}\n{{#include figures/b.md}}\n";

        let figures = figures(source.path(), markdown).unwrap();

        let files: Vec<_> = figures.into_iter().map(|figure| figure.file).collect();
        assert_eq!(files, ["figures/a.svg", "figures/b.md"]);
    }
}
