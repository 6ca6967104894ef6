//! What a rule says when it is broken: where, what, and what to do.

use std::fmt;
use std::path::{Path, PathBuf};

/// A place in the book where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, from the root of the book.
    pub file: PathBuf,
    /// The line in it, from one on.
    pub line: usize,
    /// What is wrong, and what to do about it.
    pub message: String,
}

impl Problem {
    /// A problem at a line.
    pub fn at(file: impl AsRef<Path>, line: usize, message: impl Into<String>) -> Self {
        Self {
            file: file.as_ref().to_owned(),
            line,
            message: message.into(),
        }
    }

    /// A problem of a whole file.
    pub fn of(file: impl AsRef<Path>, message: impl Into<String>) -> Self {
        Self::at(file, 1, message)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// Fails a test with every problem on a line of its own.
///
/// # Panics
/// When there is one.
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

/// Fails a test unless there is one problem, and that one there.
///
/// # Panics
/// When there is none, another or one more.
#[track_caller]
pub fn assert_one(problems: &[Problem], file: &str, line: usize, message: &str) {
    let [problem] = problems else {
        panic!("not one problem: {problems:#?}");
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
