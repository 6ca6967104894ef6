//! The directives that mdBook replaces in a page, and the code fences around them.

use std::path::PathBuf;
use std::sync::LazyLock;

use regex::Regex;

/// The syntax of a directive in mdBook. An escaped one is no directive.
static DIRECTIVE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\\?\{\{\s*#([a-zA-Z0-9_]+)\s+([^}]+)\}\}"));
static FENCE: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(`{3,}|~{3,})(.*)$"));
static LABEL: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"^<span class="filename">(File|Recorded): (.+)</span>$"#));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// A page with its listings.
#[derive(Debug, Default)]
pub struct Markdown {
    /// The lines as they were typed.
    pub lines: Vec<String>,
    /// The code blocks.
    pub fences: Vec<Fence>,
    /// The directives.
    pub directives: Vec<Directive>,
}

/// A fenced code block.
#[derive(Debug)]
pub struct Fence {
    /// The line of its first fence.
    pub line: usize,
    /// The label in the line above.
    pub label: Option<Label>,
}

/// A label: `<span class="filename">File: …</span>`.
#[derive(Debug)]
pub struct Label {
    /// The kind: `File` for what people wrote, `Recorded` for the output of a run.
    pub kind: String,
    /// The file, from the root of the book.
    pub file: PathBuf,
}

/// A directive: `{{#…}}`.
#[derive(Debug)]
pub struct Directive {
    /// The line of the directive.
    pub line: usize,
    /// The index in [`Markdown::fences`] of the fence around it.
    pub fence: Option<usize>,
    /// The kind: `include`, `title`.
    pub kind: String,
    /// The file that it includes, from the page's folder.
    pub file: String,
    /// The part of the file.
    pub cut: Cut,
}

/// The part of a file that an include takes.
#[derive(Debug, PartialEq, Eq)]
pub enum Cut {
    /// The whole file.
    Whole,
    /// The piece with this anchor.
    Anchor(String),
    /// Lines by their numbers.
    Lines(String),
}

impl Cut {
    /// Parses the part after the first colon. Numbers make it a range of lines, as in mdBook.
    fn parse(cut: Option<&str>) -> Self {
        let Some(cut) = cut.filter(|cut| !cut.is_empty()) else {
            return Self::Whole;
        };
        match cut.split(':').next() {
            Some(name) if !name.is_empty() && name.parse::<usize>().is_err() => {
                Self::Anchor(name.to_owned())
            }
            _ => Self::Lines(cut.to_owned()),
        }
    }
}

impl Directive {
    /// Returns true if it inserts a file into the page.
    pub fn is_include(&self) -> bool {
        ["include", "rustdoc_include"].contains(&self.kind.as_str())
    }
}

impl Markdown {
    /// Finds the fences and the directives of a page.
    pub fn parse(text: &str) -> Self {
        let mut page = Self::default();
        let mut label = None;
        let mut open: Option<String> = None;
        for (number, line) in (1..).zip(text.lines()) {
            page.directives(number, line, open.is_some());
            match (FENCE.captures(line), &open) {
                (Some(fence), None) => {
                    page.fences.push(Fence {
                        line: number,
                        label: label.take(),
                    });
                    open = Some(fence[1].to_owned());
                }
                (Some(fence), Some(mark))
                    if fence[1].starts_with(mark) && fence[2].trim().is_empty() =>
                {
                    open = None;
                }
                (None, None) if !line.trim().is_empty() => {
                    label = LABEL.captures(line.trim()).map(|label| Label {
                        kind: label[1].to_owned(),
                        file: PathBuf::from(&label[2]),
                    });
                }
                _ => {}
            }
            page.lines.push(line.to_owned());
        }
        page
    }

    fn directives(&mut self, line: usize, text: &str, in_fence: bool) {
        let fence = self.fences.len().checked_sub(1).filter(|_| in_fence);
        for found in DIRECTIVE
            .captures_iter(text)
            .filter(|found| !found[0].starts_with('\\'))
        {
            let target = found[2].split_whitespace().next().unwrap_or_default();
            let (file, cut) = match target.split_once(':') {
                Some((file, cut)) => (file, Some(cut)),
                None => (target, None),
            };
            self.directives.push(Directive {
                line,
                fence,
                kind: found[1].to_owned(),
                file: file.to_owned(),
                cut: Cut::parse(cut),
            });
        }
    }
}
