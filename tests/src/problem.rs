//! The report of a broken rule: the file, the line, and the remedy.

use std::fmt;
use std::path::{Path, PathBuf};

/// A line in the book that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, from the root of the book.
    pub file: PathBuf,
    /// The line number, from one on.
    pub line: usize,
    /// The description of the problem, and the remedy.
    pub message: String,
}

impl Problem {
    /// Returns a problem at a line.
    pub fn at(file: impl AsRef<Path>, line: usize, message: impl Into<String>) -> Self {
        Self {
            file: file.as_ref().to_owned(),
            line,
            message: message.into(),
        }
    }

    /// Returns a problem of a whole file.
    pub fn of(file: impl AsRef<Path>, message: impl Into<String>) -> Self {
        Self::at(file, 1, message)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// Checks that there is no problem.
///
/// # Panics
/// There is a problem. The message has every one on a line of its own.
#[track_caller]
pub fn assert_none(mut problems: Vec<Problem>) {
    problems.sort();
    problems.dedup();
    let lines: Vec<_> = problems.iter().map(Problem::to_string).collect();
    assert!(
        problems.is_empty(),
        "{} problem(s)\n{}",
        lines.len(),
        lines.join("\n")
    );
}

/// Checks that there is exactly one problem, at this line and with this message.
///
/// # Panics
/// There is none, another or one more.
#[track_caller]
pub fn assert_one(problems: &[Problem], file: &str, line: usize, message: &str) {
    let [problem] = problems else {
        panic!("not exactly one problem: {problems:#?}");
    };
    assert_eq!(
        (problem.file.as_path(), problem.line),
        (Path::new(file), line),
        "{problem}"
    );
    assert!(
        problem.message.contains(message),
        "`{message}` is not in `{problem}`"
    );
}
