//! The rule that a page is short enough to be read at a sitting, and the time that a chapter takes.

use std::path::Path;

use anyhow::Result;
use manuscript::layout::Tree;
use manuscript::pages;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

use crate::Problem;

/// The greatest number of words in the paragraphs and lists of a page, with its details closed.
pub const MAX_WORDS: usize = 1_500;

/// The pages in which a reader looks something up.
const LOOKED_UP: [&str; 4] = ["errors.md", "files-", "glossary.md", "solutions.md"];

/// Finds pages that are too long.
pub fn check(root: &Path) -> Result<Vec<Problem>> {
    let pages = pages::expanded(&Tree::at(root))?.into_iter();
    let read = pages.filter(|page| {
        let path = page.path.to_string_lossy();
        !LOOKED_UP
            .iter()
            .any(|looked_up| path.starts_with(looked_up))
    });
    let long = read.filter_map(|page| {
        let words = words(&page.text);
        let fault = format!("{words} words are more than {MAX_WORDS}: split the page, or say less");
        let path = Path::new("src").join(&page.path);
        (words > MAX_WORDS).then(|| Problem::of(path, fault))
    });
    Ok(long.collect())
}

/// The number of words that a reader reads in a minute, with their code and their runs.
const WORDS_A_MINUTE: usize = 150;

/// The first page, which has the time of each chapter.
const FIRST_PAGE: &str = "introduction.md";

/// Finds chapters whose reading time on the first page is not that of their words, rounded to five minutes.
pub fn times(root: &Path) -> Result<Vec<Problem>> {
    let pages = pages::expanded(&Tree::at(root))?;
    let card = Regex::new(r#"<a href="((\d)-[^"]+)\.html">.*<small>(\d+) min</small>"#)?;
    let mut problems = Vec::new();
    let first = pages.iter().find(|page| page.path.ends_with(FIRST_PAGE));
    for card in first.iter().flat_map(|page| card.captures_iter(&page.text)) {
        let (_, [name, chapter, minutes]) = card.extract();
        let of_chapter = pages.iter().filter(|page| {
            let path = page.path.to_string_lossy();
            path.starts_with(&format!("{chapter}-"))
        });
        let words = of_chapter.map(|page| words(&page.text)).sum();
        let wanted = minutes_of(words);
        if minutes != wanted.to_string() {
            let fault = format!("{name} takes {wanted} min, and the page says {minutes} min");
            problems.push(Problem::of(Path::new("src").join(FIRST_PAGE), fault));
        }
    }
    Ok(problems)
}

/// Returns the time for a number of words, in minutes, rounded to five minutes.
pub fn minutes_of(words: usize) -> usize {
    let minutes = words.div_ceil(WORDS_A_MINUTE);
    (minutes + 2) / 5 * 5
}

/// Counts the words in the paragraphs and lists of a page that are visible while its details are closed.
pub fn words(page: &str) -> usize {
    let (mut words, mut closed, mut skipped) = (0, 0usize, 0usize);
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Heading { .. } | Tag::Table(_)) => skipped += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Heading(_) | TagEnd::Table) => skipped -= 1,
            Event::Html(html) => {
                closed += html.matches("<details").count();
                closed = closed.saturating_sub(html.matches("</details").count());
            }
            Event::Text(text) | Event::Code(text) if closed == 0 && skipped == 0 => {
                words += text.split_whitespace().filter(|word| is_word(word)).count();
            }
            _ => {}
        }
    }
    words
}

/// Returns `true` for text that is not punctuation alone.
fn is_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}
