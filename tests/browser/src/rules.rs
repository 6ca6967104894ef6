//! The rules: each is a function from a survey to the [`Problem`]s in it.
//!
//! * [`figures`]: every figure is complete and on its page;
//! * [`overlaps`]: nothing in a figure is hidden or cut off;
//! * [`contrast`]: every text has enough contrast in every theme;
//! * [`weight`]: no page is too large;
//! * [`screens`]: no page is too long;
//! * [`network`]: no page needs a network, misses a file or logs a problem;
//! * [`width`]: no page is wider than a telephone.

pub mod contrast;
pub mod figures;
pub mod network;
pub mod overlaps;
pub mod screens;
pub mod weight;
pub mod width;

use std::fmt;

use crate::measurements::Figure;
use crate::survey::{Survey, Visit};

/// A page that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The path of the page.
    pub page: String,
    /// The description of the problem.
    pub message: String,
}

impl Problem {
    fn on(visit: &Visit, message: impl Into<String>) -> Self {
        Self {
            page: visit.page.path.clone(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.page, self.message)
    }
}

/// Checks that there is no problem.
///
/// # Panics
/// There is a problem. The message has every one on a line of its own.
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

/// Checks that a page has problems, and that all of them contain this text.
///
/// # Panics
/// There is none, or another one.
#[track_caller]
pub fn assert_found(problems: &[Problem], page: &str, message: &str) {
    let here: Vec<_> = problems
        .iter()
        .filter(|problem| problem.page == page)
        .collect();
    assert!(
        !here.is_empty(),
        "no problem was found on {page}: {problems:#?}"
    );
    for problem in here {
        assert!(
            problem.message.contains(message),
            "`{message}` is not in `{problem}`"
        );
    }
}

/// Applies a rule to the figures of every page, on both screens.
fn in_figures(survey: &Survey, rule: impl Fn(&Figure) -> Vec<String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for visit in &survey.pages {
        for (screen, layout) in [("wide", &visit.wide.layout), ("narrow", &visit.narrow)] {
            for figure in &layout.figures {
                let found = rule(figure).into_iter();
                problems.extend(found.map(|message| {
                    let title = &figure.title;
                    Problem::on(visit, format!("{screen}, figure \"{title}\": {message}"))
                }));
            }
        }
    }
    problems
}
