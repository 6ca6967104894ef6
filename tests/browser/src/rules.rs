//! The rules: each a function from what was seen to the [`Problem`]s in it.
//!
//! * [`figures`]: every figure is on its page, and whole;
//! * [`places`]: nothing in a figure lies where it cannot be read;
//! * [`contrast`]: every text stands out from its ground in every theme;
//! * [`weight`]: no page is heavy;
//! * [`network`]: no page needs a network, misses a file or complains;
//! * [`width`]: no page is wider than a telephone.

pub mod contrast;
pub mod figures;
pub mod network;
pub mod places;
pub mod weight;
pub mod width;

use crate::seen::Figure;
use crate::survey::{Survey, Visit};
use std::fmt;

/// A place in the book where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The page.
    pub page: String,
    /// What is wrong there.
    pub what: String,
}

impl Problem {
    fn on(visit: &Visit, what: impl Into<String>) -> Self {
        Self {
            page: visit.page.path.clone(),
            what: what.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.page, self.what)
    }
}

/// Fails a test with every problem on a line of its own.
///
/// # Panics
/// When there is one.
#[track_caller]
pub fn assert_none(problems: &[Problem]) {
    let lines: Vec<_> = problems.iter().map(Problem::to_string).collect();
    assert!(
        problems.is_empty(),
        "{} problem(s)\n{}",
        lines.len(),
        lines.join("\n")
    );
}

/// Fails a test unless a page has problems, and all of them are this one.
///
/// # Panics
/// When there is none, or another.
#[track_caller]
pub fn assert_found(problems: &[Problem], page: &str, what: &str) {
    let here: Vec<_> = problems
        .iter()
        .filter(|problem| problem.page == page)
        .collect();
    assert!(
        !here.is_empty(),
        "nothing was found on {page}: {problems:#?}"
    );
    for problem in here {
        assert!(
            problem.what.contains(what),
            "`{what}` is not in `{problem}`"
        );
    }
}

/// What a rule finds in the figures of every page, on either screen.
fn in_figures(survey: &Survey, rule: impl Fn(&Figure) -> Vec<String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for visit in &survey.pages {
        for (screen, layout) in [("wide", &visit.wide.layout), ("narrow", &visit.narrow)] {
            for figure in &layout.figures {
                let found = rule(figure).into_iter();
                problems.extend(found.map(|what| {
                    let title = &figure.title;
                    Problem::on(visit, format!("{screen}, figure \"{title}\": {what}"))
                }));
            }
        }
    }
    problems
}
