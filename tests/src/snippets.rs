//! The rule that every Rust block on a page is tested: skeptic compiles and runs it, or, if it is a piece of a
//! chapter, the chapter's own tests do.

use std::path::Path;

use anyhow::Result;
use manuscript::anchors::without_anchors;
use manuscript::layout::Tree;
use manuscript::pages;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::listings::SOURCES;
use crate::{Problem, text};

/// A Rust block of a page, as the reader sees it.
#[derive(Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The line of its first fence.
    pub line: usize,
    /// The info string of the fence: `rust,ignore`.
    pub info: String,
    /// The code of the block.
    pub code: String,
}

impl Snippet {
    fn says(&self, word: &str) -> bool {
        words(&self.info).any(|part| part == word)
    }
}

/// Splits an info string as rustdoc and skeptic do.
fn words(info: &str) -> impl Iterator<Item = &str> {
    info.split(|letter: char| !(letter == '_' || letter == '-' || letter.is_alphanumeric()))
}

/// Returns the Rust blocks of a page.
pub fn of_page(page: &str) -> Vec<Snippet> {
    let mut snippets = Vec::new();
    let mut open: Option<Snippet> = None;
    for (event, range) in Parser::new(page).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let is_rust = words(&info).any(|word| ["rust", "rs"].contains(&word));
                open = is_rust.then(|| Snippet {
                    line: text::line_of(page, range.start),
                    info: info.into_string(),
                    code: String::new(),
                });
            }
            Event::Text(code) => {
                if let Some(snippet) = &mut open {
                    snippet.code.push_str(&code);
                }
            }
            Event::End(TagEnd::CodeBlock) => snippets.extend(open.take()),
            _ => {}
        }
    }
    snippets
}

/// Finds Rust blocks that nothing tests.
pub fn check(root: &Path) -> Result<Vec<Problem>> {
    let sources = sources(root)?;
    let mut problems = Vec::new();
    for page in pages::expanded(&Tree::at(root))? {
        let path = Path::new("src").join(&page.path);
        // An include contains no block of its own, so the order of blocks is the same before and after.
        let typed = of_page(&text::read(&root.join(&path))?);
        for (index, snippet) in of_page(&page.text).iter().enumerate() {
            if let Some(fault) = fault_of(snippet, &sources) {
                let line = typed.get(index).map_or(snippet.line, |typed| typed.line);
                problems.push(Problem::at(&path, line, fault));
            }
        }
    }
    Ok(problems)
}

fn fault_of(snippet: &Snippet, sources: &[String]) -> Option<String> {
    let info = &snippet.info;
    if !snippet.says("rust") {
        return Some(format!("skeptic does not know `{info}`: write `rust`"));
    }
    if snippet.says("compile_fail") {
        let fault = "skeptic does not know `compile_fail`, it would want this to compile: \
                     record the compiler's error as a figure, and show the code by an include";
        return Some(fault.to_owned());
    }
    if snippet.says("ignore") && !sources.iter().any(|source| has(source, &snippet.code)) {
        let first = snippet
            .code
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        return Some(format!(
            "nothing tests the ignored block that begins with `{}`: include it from a chapter, \
             or make it a program and drop `ignore`",
            first.trim()
        ));
    }
    None
}

/// Returns true if a file contains this code, in whole lines and with the same indentation. A block may consist
/// of several pieces of the file, with an empty line between them.
fn has(source: &str, code: &str) -> bool {
    let lines = |code: &str| source.contains(&format!("\n{}\n", code.trim_matches('\n')));
    lines(code) || code.split("\n\n").all(lines)
}

/// Returns the Rust files that other tests compile, without anchors, each between two line breaks.
fn sources(root: &Path) -> Result<Vec<String>> {
    let mut sources = Vec::new();
    for folder in SOURCES {
        for path in text::files(&root.join(folder))? {
            if text::is(&path, "rs") {
                sources.push(format!("\n{}", without_anchors(&text::read(&path)?)));
            }
        }
    }
    Ok(sources)
}
