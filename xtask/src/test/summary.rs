//! The end of `cargo book test`: the suites with their results, and the commands that run the failed ones again.

use std::fmt;
use std::time::Duration;

use manuscript::layout::Tree;

use super::suite::Suite;

/// The result of a suite.
#[derive(Debug, Clone, Copy)]
pub enum Outcome {
    /// The suite has not changed since it passed, and did not run.
    Unchanged,
    /// The suite ran.
    Ran {
        /// Whether it passed.
        passed: bool,
        /// The time that it took.
        time: Duration,
    },
}

impl Outcome {
    fn has_failed(self) -> bool {
        matches!(self, Self::Ran { passed: false, .. })
    }
}

/// The results of all suites.
pub struct Summary {
    rows: Vec<(String, Outcome)>,
    /// The commands that run the failed suites again.
    again: Vec<String>,
}

impl Summary {
    /// Returns the summary of suites with their outcomes.
    pub fn of(tree: &Tree, suites: &[Suite], outcomes: &[Outcome]) -> Self {
        let rows = suites.iter().zip(outcomes);
        let failed = rows.clone().filter(|(_, outcome)| outcome.has_failed());
        Self {
            again: failed.map(|(suite, _)| suite.command(tree)).collect(),
            rows: rows
                .map(|(suite, outcome)| (suite.name.clone(), *outcome))
                .collect(),
        }
    }

    /// Returns whether no suite failed.
    pub fn has_passed(&self) -> bool {
        self.again.is_empty()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|(suite, _)| suite.len()).max();
        let width = width.unwrap_or(0);
        for (suite, outcome) in &self.rows {
            match outcome {
                Outcome::Unchanged => writeln!(f, "{suite:width$}  unchanged")?,
                Outcome::Ran { passed, time } => {
                    let result = if *passed { "passed" } else { "FAILED" };
                    writeln!(f, "{suite:width$}  {result:<9}  {:>7}", minutes(*time))?;
                }
            }
        }
        let is_unchanged = |outcome: &Outcome| matches!(outcome, Outcome::Unchanged);
        if self.rows.iter().any(|(_, outcome)| is_unchanged(outcome)) {
            writeln!(
                f,
                "\nA suite that is unchanged since it passed was not run; to run all: cargo book test --again"
            )?;
        }
        if !self.again.is_empty() {
            writeln!(f, "\nTo run again what failed, at the root of the tree:")?;
            for command in &self.again {
                writeln!(f, "  {command}")?;
            }
        }
        let failed = self.again.len();
        let passed = self.rows.len() - failed;
        writeln!(f, "\n{passed} suites passed, {failed} failed")
    }
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds / 60 {
        0 => format!("{seconds}s"),
        minutes => format!("{minutes}m {:02}s", seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::super::suite::Kind;
    use super::*;
    use std::path::Path;

    const FAILED: Outcome = Outcome::Ran {
        passed: false,
        time: Duration::from_secs(72),
    };

    fn summary(outcomes: &[Outcome]) -> String {
        let names = ["chapters/setup", "chapters/batch"];
        let suites = names.map(|name| Suite::new(Kind::Copy, name, &Path::new("/book").join(name)));
        Summary::of(&Tree::at("/book"), &suites, outcomes).to_string()
    }

    #[test]
    fn a_row_has_the_result_and_the_time() {
        let summary = summary(&[FAILED]);

        assert!(
            summary.starts_with("chapters/setup  FAILED      1m 12s\n"),
            "{summary}"
        );
    }

    #[test]
    fn a_suite_that_did_not_run_is_unchanged() {
        let summary = summary(&[Outcome::Unchanged]);

        assert!(
            summary.starts_with("chapters/setup  unchanged\n"),
            "{summary}"
        );
        assert!(summary.contains("cargo book test --again"), "{summary}");
    }

    #[test]
    fn the_last_line_has_the_number_of_suites() {
        let summary = summary(&[Outcome::Unchanged, FAILED]);

        assert_eq!(summary.lines().last(), Some("1 suites passed, 1 failed"));
    }

    #[test]
    fn a_failed_suite_has_the_command_that_runs_it_again() {
        let summary = summary(&[Outcome::Unchanged, FAILED]);

        let command = "  (cd chapters/batch && cargo test)";
        assert!(summary.lines().any(|line| line == command), "{summary}");
    }

    #[test]
    fn a_summary_without_failures_has_no_such_command() {
        assert!(!summary(&[Outcome::Unchanged]).contains("run again"));
    }
}
