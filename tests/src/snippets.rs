//! The rule that every Rust block on a page is tested: skeptic compiles and runs it, or, if it is a piece of a
//! chapter, the chapter's own tests do.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use manuscript::anchors::without_anchors;
use manuscript::layout::Tree;
use manuscript::pages;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::listings::SOURCES;
use crate::{Problem, text};

/// The indentations of code in a module, in an item of it, and so on.
const INDENTATIONS: [&str; 4] = ["", "    ", "        ", "            "];

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
        let typed = typed_lines(&root.join(&path))?;
        for (index, snippet) in of_page(&page.text).iter().enumerate() {
            if let Some(fault) = fault_of(snippet, &sources) {
                let line = typed.get(index).copied().unwrap_or(snippet.line);
                problems.push(Problem::at(&path, line, fault));
            }
        }
    }
    Ok(problems)
}

/// Returns the lines in which the Rust blocks of a page begin, in the order of the blocks. A block of a file that the
/// page includes begins at the include.
fn typed_lines(path: &Path) -> Result<Vec<usize>> {
    let page = text::read(path)?;
    let mut lines: Vec<_> = of_page(&page).iter().map(|snippet| snippet.line).collect();
    let folder = path.parent().unwrap_or(path);
    for (number, line) in (1..).zip(page.lines()) {
        let include = line
            .strip_prefix("{{#include ")
            .and_then(|rest| rest.strip_suffix("}}"));
        let file = include.map(|file| folder.join(file));
        if let Some(file) = file.filter(|file| text::is(file, "md") && file.is_file()) {
            let blocks = of_page(&text::read(&file)?).len();
            lines.extend(std::iter::repeat_n(number, blocks));
        }
    }
    lines.sort_unstable();
    Ok(lines)
}

fn fault_of(snippet: &Snippet, sources: &BTreeSet<String>) -> Option<String> {
    let info = &snippet.info;
    if !snippet.says("rust") {
        return Some(format!("skeptic does not know `{info}`: write `rust`"));
    }
    if snippet.says("compile_fail") {
        let fault = "skeptic does not know `compile_fail`, it would want this to compile: \
                     record the compiler's error as a figure, and show the code by an include";
        return Some(fault.to_owned());
    }
    if snippet.says("ignore") && !is_in_one_of(sources, &snippet.code) {
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

/// Returns true if a file contains this code, in whole lines. A block may consist of several pieces of the file, with
/// an empty line between them, and each may have lost the indentation that all its lines have.
fn is_in_one_of(sources: &BTreeSet<String>, code: &str) -> bool {
    let whole = indented(code);
    let pieces: Vec<_> = code.split("\n\n").map(indented).collect();
    sources.iter().any(|source| {
        let has = |piece: &[String]| piece.iter().any(|piece| source.contains(piece));
        has(&whole) || pieces.iter().all(|piece| has(piece))
    })
}

/// Returns some code with each indentation that it may have in its file, after a line break.
fn indented(code: &str) -> [String; 4] {
    INDENTATIONS.map(|indentation| {
        let lines = code.trim_matches('\n').lines();
        let lines = lines.map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("{indentation}{line}\n"),
        });
        format!("\n{}", lines.collect::<String>())
    })
}

/// Returns the Rust files that other tests compile, without anchors, each between two line breaks. A file that several
/// chapters have is there once.
fn sources(root: &Path) -> Result<BTreeSet<String>> {
    let mut sources = BTreeSet::new();
    for folder in SOURCES {
        for path in text::files(&root.join(folder))? {
            if text::is(&path, "rs") {
                sources.insert(format!("\n{}", without_anchors(&text::read(&path)?)));
            }
        }
    }
    Ok(sources)
}
