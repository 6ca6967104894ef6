//! The rule that a number with a unit on a page has its source beside it: a figure, a listing, or a comment of the same
//! section.

use std::path::Path;
use std::sync::LazyLock;

use anyhow::Result;
use manuscript::layout::Tree;
use manuscript::pages;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use regex::Regex;

use crate::{Problem, text};

/// A number with a unit, as prose writes it: `1,024 bytes`, `0.25 Tgas`.
static IN_PROSE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\d[\d,]*(?:\.\d+)?) (Tgas|bytes|blocks|ms)\b").expect("a valid expression")
});

/// A number as figures and code write it: `1.406`, `1_024`.
static IN_SOURCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d[\d_,]*(?:\.\d+)?").expect("a valid expression"));

/// A part of a page, from one heading of the second level to the next.
#[derive(Default)]
struct Section {
    prose: String,
    /// The code, the drawings and the comments.
    sources: String,
}

/// Finds numbers with a unit that no figure, listing or comment of their section has.
pub fn check(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for page in pages::expanded(&Tree::at(root))? {
        let path = Path::new("src").join(&page.path);
        let typed = text::read(&root.join(&path))?;
        for number in unsourced(&page.text) {
            let line = typed.lines().position(|line| line.contains(&number));
            let fault = format!(
                "no figure, listing or comment of this section has `{number}`: show it, or name its source in a comment"
            );
            problems.push(Problem::at(&path, line.map_or(1, |line| line + 1), fault));
        }
    }
    Ok(problems)
}

/// Returns the numbers with a unit that have no source in their section.
pub fn unsourced(page: &str) -> Vec<String> {
    let sections = sections(page).into_iter();
    let numbers = sections.flat_map(|section| {
        let known = numbers(&section.sources);
        let written = IN_PROSE.captures_iter(&section.prose);
        written
            .filter(|found| !has_source(&found[1], &found[2], &known))
            .map(|found| found[0].to_owned())
            .collect::<Vec<_>>()
    });
    numbers.collect()
}

fn sections(page: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let (mut is_code, mut is_heading) = (false, false);
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        let Some(section) = sections.last_mut() else {
            break;
        };
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                is_heading = true;
                if level == HeadingLevel::H2 {
                    sections.push(Section::default());
                }
            }
            Event::End(TagEnd::Heading(_)) => is_heading = false,
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Html(html) | Event::InlineHtml(html) => section.sources.push_str(&html),
            Event::Text(text) | Event::Code(text) if is_code => section.sources.push_str(&text),
            Event::Text(text) | Event::Code(text) if !is_heading => section.prose.push_str(&text),
            Event::SoftBreak | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell) => {
                section.prose.push(' ');
            }
            _ => {}
        }
    }
    sections
}

fn numbers(sources: &str) -> Vec<f64> {
    let found = IN_SOURCE.find_iter(sources);
    found.filter_map(|number| value(number.as_str())).collect()
}

fn value(number: &str) -> Option<f64> {
    number.replace(['_', ','], "").parse().ok()
}

/// Returns true if a known number is this one after rounding. Code has gas in Ggas, too: `Gas::from_ggas(250)`.
fn has_source(number: &str, unit: &str, known: &[f64]) -> bool {
    let Some(written) = value(number) else {
        return false;
    };
    let digits = number.split_once('.').map_or(0, |(_, digits)| digits.len());
    let half = 0.5 * 0.1f64.powi(i32::try_from(digits).unwrap_or(i32::MAX)) + f64::EPSILON;
    let is_written = |known: f64| (known - written).abs() <= half;
    known
        .iter()
        .any(|known| is_written(*known) || (unit == "Tgas" && is_written(*known / 1_000.0)))
}
