//! The end of `cargo book test`: the suites with their results, and the commands that run the failed ones again.

use std::fmt;
use std::time::Duration;

/// The result of a suite.
#[derive(Debug, Clone, Copy)]
pub enum Outcome {
    /// The suite has not changed since it passed, and did not run.
    Unchanged,
    /// The suite ran.
    Ran {
        /// True if all its tests passed.
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

/// The results of all suites, by their names.
pub struct Summary(pub Vec<(String, Outcome)>);

impl Summary {
    /// Returns whether no suite failed.
    pub fn has_passed(&self) -> bool {
        self.failed().next().is_none()
    }

    fn failed(&self) -> impl Iterator<Item = &str> {
        let failed = self.0.iter().filter(|(_, outcome)| outcome.has_failed());
        failed.map(|(suite, _)| suite.as_str())
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|(suite, _)| suite.len()).max();
        let width = width.unwrap_or(0);
        let mut unchanged = 0;
        for (suite, outcome) in &self.0 {
            match outcome {
                Outcome::Unchanged => {
                    unchanged += 1;
                    writeln!(f, "{suite:width$}  unchanged")?;
                }
                Outcome::Ran { passed, time } => {
                    let result = if *passed { "passed" } else { "FAILED" };
                    let (minutes, seconds) = (time.as_secs() / 60, time.as_secs() % 60);
                    writeln!(
                        f,
                        "{suite:width$}  {result:<9}  {minutes:>2}m {seconds:02}s"
                    )?;
                }
            }
        }
        if unchanged > 0 {
            writeln!(
                f,
                "\nWhat is unchanged since it passed was not run. To run all: cargo book test --again"
            )?;
        }
        if !self.has_passed() {
            writeln!(f, "\nTo run again what failed:")?;
        }
        for suite in self.failed() {
            writeln!(f, "  cargo book test {suite}")?;
        }
        let failed = self.failed().count();
        writeln!(
            f,
            "\nsuites: {} passed, {failed} failed",
            self.0.len() - failed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(outcome: Outcome) -> String {
        let rows = [
            ("workspace", Outcome::Unchanged),
            ("chapters/batch", outcome),
        ];
        Summary(
            rows.map(|(suite, outcome)| (suite.to_owned(), outcome))
                .into(),
        )
        .to_string()
    }

    fn ran(passed: bool) -> Outcome {
        let time = Duration::from_secs(72);
        Outcome::Ran { passed, time }
    }

    #[test]
    fn the_summary_has_each_suite_with_its_result_and_its_time() {
        assert_eq!(
            summary(ran(true)),
            "workspace       unchanged\nchapters/batch  passed      1m 12s\n\n\
             What is unchanged since it passed was not run. To run all: cargo book test --again\n\n\
             suites: 2 passed, 0 failed\n"
        );
    }

    #[test]
    fn a_failed_suite_has_the_command_that_runs_it_again() {
        let summary = summary(ran(false));

        assert!(
            summary.contains("\nTo run again what failed:\n  cargo book test chapters/batch\n"),
            "{summary}"
        );
        assert!(
            summary.ends_with("suites: 1 passed, 1 failed\n"),
            "{summary}"
        );
    }
}
