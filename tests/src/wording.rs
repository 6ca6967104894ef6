//! The words of the tree: documentation begins with a verb or a noun, one thing has one name, and a document that a
//! comment names is there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use proc_macro2::{TokenStream, TokenTree};
use regex::Regex;

use crate::{Problem, hygiene, text};

/// The first words that documentation avoids. The documentation of a function begins with a verb, any other with a noun.
const QUESTIONS: [&str; 9] = [
    "How", "What", "When", "Where", "Whether", "Which", "Who", "Whose", "Why",
];

/// The share of documentation in a room that may begin with a question word, in percent.
const QUESTIONS_AT_MOST: usize = 2;

/// Names that are not used in code, each with the name to use.
const NAMES: [(&str, &str); 18] = [
    ("Fate", "ActionStatus"),
    ("Made", "ApplyResult"),
    ("Moment", "Position"),
    ("Pace", "BlockTiming"),
    ("Played", "TxHash"),
    ("Shelf", "Server"),
    ("Surroundings", "Environment"),
    ("fate", "status"),
    ("gas_left_over", "gas_unspent"),
    ("heartbeat", "block_timing"),
    ("laboratory", "gas_experiments"),
    ("miner", "block_producer"),
    ("mocked", "test_utils"),
    ("place", "index, or position"),
    ("puppet", "probe"),
    ("scene", "chain"),
    ("sign_books", "sign_guestbooks"),
    ("unnoticed_failures", "unhandled_failures"),
];

/// Words that no source, comment or page has, each with what to write. A part of a longer word counts, too.
const WORDS: [(&str, &str); 1] = [(
    concat!("stran", "ger"),
    "`untrusted contract` where our contract calls it, `any account` or `another account` where it calls ours",
)];

/// Returns the files of Rust, from the root of the book.
fn sources(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = hygiene::files(root)?;
    files.retain(|path| text::is(path, "rs"));
    Ok(files)
}

/// Finds documentation that begins with a question word, in rooms with too much of it.
pub fn questions(root: &Path) -> Result<Vec<Problem>> {
    let mut rooms: BTreeMap<PathBuf, (usize, Vec<Problem>)> = BTreeMap::new();
    for path in sources(root)? {
        let room = path.iter().next().map(PathBuf::from).unwrap_or_default();
        let (count, found) = rooms.entry(room).or_default();
        for (line, sentence) in first_lines(&text::read(&root.join(&path))?) {
            *count += 1;
            let word = sentence
                .split(|letter: char| !letter.is_alphabetic())
                .next();
            if let Some(word) = word.filter(|word| QUESTIONS.contains(word)) {
                let fault = format!(
                    "documentation begins with `{word}`: begin with a verb (\"Returns\") or with a noun"
                );
                found.push(Problem::at(&path, line, fault));
            }
        }
    }
    let too_many = rooms
        .into_values()
        .filter(|(count, found)| found.len() * 100 > count * QUESTIONS_AT_MOST);
    Ok(too_many.flat_map(|(_, found)| found).collect())
}

/// Returns the first line of each piece of documentation, with its number.
fn first_lines(source: &str) -> Vec<(usize, &str)> {
    let mut before = None;
    let mut first = Vec::new();
    for (number, line) in (1..).zip(source.lines()) {
        let line = line.trim_start();
        let mark = ["///", "//!"]
            .into_iter()
            .find(|mark| line.starts_with(mark));
        if let Some(mark) = mark.filter(|mark| before != Some(*mark)) {
            first.push((number, line[mark.len()..].trim_start()));
        }
        before = mark;
    }
    first
}

/// Finds names that are not those of the field.
pub fn names(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for path in sources(root)? {
        let source = text::read(&root.join(&path))?;
        let tokens: TokenStream = source
            .parse()
            .map_err(|error| anyhow::anyhow!("{error}"))
            .with_context(|| format!("cannot parse {}", path.display()))?;
        in_tokens(tokens, &path, &mut problems);
    }
    Ok(problems)
}

fn in_tokens(tokens: TokenStream, path: &Path, problems: &mut Vec<Problem>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => in_tokens(group.stream(), path, problems),
            TokenTree::Ident(name) => {
                if let Some((_, better)) = NAMES.iter().find(|(known, _)| name == known) {
                    let fault = format!("`{name}` is not the name of this: write {better}");
                    problems.push(Problem::at(path, name.span().start().line, fault));
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Finds words that sources and pages do not use.
pub fn words(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for path in hygiene::files(root)? {
        if !text::is(&path, "rs") && !text::is(&path, "md") {
            continue;
        }
        for (number, line) in (1..).zip(text::read(&root.join(&path))?.lines()) {
            let line = line.to_lowercase();
            for (word, better) in WORDS.iter().filter(|(word, _)| line.contains(word)) {
                let fault = format!("`{word}` is not a word of this book: write {better}");
                problems.push(Problem::at(&path, number, fault));
            }
        }
    }
    Ok(problems)
}

/// Finds comments that name a document, or a section of one, that does not exist.
///
/// A document is searched in the folders from that of the file up to the root.
pub fn documents(root: &Path) -> Result<Vec<Problem>> {
    let named = Regex::new(r"([\w./-]+\.md)\b(?: §([\d.]*\d))?")?;
    let mut problems = Vec::new();
    for path in sources(root)? {
        for (number, line) in (1..).zip(text::read(&root.join(&path))?.lines()) {
            for found in named.captures_iter(comment(line)) {
                let name = &found[1];
                let folders = path.ancestors().skip(1);
                let document = folders
                    .map(|folder| root.join(folder).join(name))
                    .find(|path| path.is_file());
                let Some(document) = document else {
                    let fault = format!("there is no `{name}`: name a document that is there");
                    problems.push(Problem::at(&path, number, fault));
                    continue;
                };
                if let Some(section) = found.get(2).map(|section| section.as_str())
                    && !has_section(&text::read(&document)?, section)
                {
                    let fault = format!("`{name}` has no §{section}");
                    problems.push(Problem::at(&path, number, fault));
                }
            }
        }
    }
    Ok(problems)
}

/// Returns the comment of a line. Two slashes after a quotation mark may be part of a text.
fn comment(line: &str) -> &str {
    let comment = line
        .find("//")
        .filter(|start| !line[..*start].contains('"'));
    comment.map_or("", |start| &line[start..])
}

/// Returns true if a heading of a document has this number.
fn has_section(document: &str, section: &str) -> bool {
    let headings = document.lines().filter(|line| line.starts_with('#'));
    let mut numbers =
        headings.filter_map(|line| line.trim_start_matches('#').trim_start().split(' ').next());
    numbers.any(|number| number.trim_matches(|mark| matches!(mark, '§' | '.')) == section)
}
