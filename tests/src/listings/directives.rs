//! What mdBook replaces in a page, and the code fences around it.

use regex::Regex;
use std::path::PathBuf;
use std::sync::LazyLock;

/// As mdBook reads them; an escaped one is none.
static DIRECTIVE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\\?\{\{\s*#([a-zA-Z0-9_]+)\s+([^}]+)\}\}"));
static FENCE: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(`{3,}|~{3,})(.*)$"));
static LABEL: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"^<span class="filename">(File|Recorded): (.+)</span>$"#));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is one")
}

/// A page, as far as listings go.
#[derive(Debug, Default)]
pub struct Markdown {
    /// Its lines, as they were typed.
    pub lines: Vec<String>,
    /// Its code blocks.
    pub fences: Vec<Fence>,
    /// Its directives.
    pub directives: Vec<Directive>,
}

/// A fenced code block.
#[derive(Debug)]
pub struct Fence {
    /// Where it begins.
    pub line: usize,
    /// What the line above says it is.
    pub label: Option<Label>,
}

/// `<span class="filename">File: …</span>`.
#[derive(Debug)]
pub struct Label {
    /// `File` for what people wrote, `Recorded` for what a run said.
    pub kind: String,
    /// The file, from the root of the book.
    pub file: PathBuf,
}

/// A `{{#…}}`.
#[derive(Debug)]
pub struct Directive {
    /// Where it stands.
    pub line: usize,
    /// The fence that it stands in, as its place in [`Markdown::fences`].
    pub fence: Option<usize>,
    /// What it does: `include`, `title`.
    pub kind: String,
    /// The file that it takes, from the page's folder.
    pub file: String,
    /// What it takes of the file.
    pub cut: Cut,
}

/// What an include takes of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Cut {
    /// All of it.
    Whole,
    /// What an anchor wraps.
    Anchor(String),
    /// Lines by their numbers.
    Lines(String),
}

impl Cut {
    /// A number before or after the first colon makes it a range of lines, as mdBook has it.
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
    /// Whether it puts a file into the page.
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
