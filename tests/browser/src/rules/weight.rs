//! The rule that no page is too large.

use std::fmt::Write;

use super::Problem;
use crate::server::Sent;
use crate::survey::{Survey, Visit};

/// The largest size of a page with everything that it loads, in bytes without compression.
pub const MOST: usize = 500_000;

/// The files that do not count. The index of the search has every word of the book, and loads with the first
/// search. The icon loads when the browser wants, and not with each page.
const APART: [&str; 2] = ["searchindex", "favicon"];

/// Finds pages that are larger than this, in bytes.
pub fn heavier_than(most: usize, survey: &Survey) -> Vec<Problem> {
    let heavy = survey.pages.iter().filter(|visit| total(visit) > most);
    heavy
        .map(|visit| {
            let message = format!("{} bytes are more than {most}{}", total(visit), list(visit));
            Problem::on(visit, message)
        })
        .collect()
}

/// Returns a table of the sizes of all pages.
pub fn table(survey: &Survey) -> String {
    let rows = survey.pages.iter().map(|visit| {
        let own = parts(visit).find(|part| part.path == visit.page.path);
        let own = own.and_then(|part| part.bytes).unwrap_or_default();
        format!("{:>8}  {:>8}  {}\n", total(visit), own, visit.page.path)
    });
    format!("   whole      HTML  page\n{}", rows.collect::<String>())
}

fn total(visit: &Visit) -> usize {
    parts(visit).filter_map(|part| part.bytes).sum()
}

fn parts(visit: &Visit) -> impl Iterator<Item = &Sent> {
    let parts = visit.wide.sent.iter();
    parts.filter(|part| !APART.iter().any(|apart| part.path.starts_with(apart)))
}

/// Returns the files of a page, the largest first.
fn list(visit: &Visit) -> String {
    let mut parts: Vec<_> = parts(visit).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.bytes));
    let mut list = String::new();
    for part in parts {
        // Writing to a string cannot fail.
        let _ = write!(
            list,
            "\n{:>10}  {}",
            part.bytes.unwrap_or_default(),
            part.path
        );
    }
    list
}
