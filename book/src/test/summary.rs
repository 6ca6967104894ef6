//! What ran, how many, how long, and how to run again what failed.

use super::{Outcome, Target};
use crate::child;
use crate::tree::Tree;
use std::fmt;
use std::time::Duration;

/// The end of `cargo book test`.
pub struct Summary {
    rows: Vec<Row>,
    again: Vec<String>,
}

struct Row {
    suite: String,
    passed: usize,
    failed: usize,
    ignored: usize,
    time: Option<Duration>,
}

impl Summary {
    /// Sums up.
    pub fn of(tree: &Tree, outcomes: &[Outcome]) -> Self {
        Self {
            rows: outcomes.iter().map(Row::of).collect(),
            again: outcomes
                .iter()
                .flat_map(|outcome| {
                    let again = outcome.again().into_iter();
                    again.map(|part| outcome.suite.command(tree, &part))
                })
                .collect(),
        }
    }

    /// Whether everything passed.
    pub fn success(&self) -> bool {
        self.rows.iter().all(|row| row.failed == 0)
    }

    /// How many tests passed in an earlier run, and were not run in this one.
    fn unchanged(&self) -> usize {
        let unchanged = self.rows.iter().filter(|row| row.time.is_none());
        unchanged.map(|row| row.passed).sum()
    }

    fn sum(&self, of: impl Fn(&Row) -> usize) -> usize {
        self.rows.iter().map(of).sum()
    }
}

impl Row {
    fn of(outcome: &Outcome) -> Self {
        Self {
            suite: outcome.suite.name.clone(),
            passed: outcome.passed(),
            failed: outcome.failed(),
            ignored: outcome.sum(|target| target.ignored),
            time: outcome.time,
        }
    }
}

impl Outcome {
    /// Whether nothing failed.
    pub fn has_passed(&self) -> bool {
        self.failed() == 0
    }

    /// How many tests passed.
    pub fn passed(&self) -> usize {
        self.sum(|target| target.passed)
    }

    fn failed(&self) -> usize {
        // What does not compile, or ends without a word, has one failure that no test reported.
        let unreported = self.failing().filter(|target| target.failed == 0).count();
        let failed = self.sum(|target| target.failed) + unreported;
        failed.max(usize::from(!self.success))
    }

    fn sum(&self, of: fn(&Target) -> usize) -> usize {
        self.targets.iter().map(of).sum()
    }

    fn failing(&self) -> impl Iterator<Item = &Target> {
        let failing = |target: &&Target| target.failed > 0 || target.again.is_some();
        self.targets.iter().filter(failing)
    }

    /// What `cargo test` takes to run each failing thing again, and nothing else.
    fn again(&self) -> Vec<String> {
        let mut again = Vec::new();
        for target in self.failing() {
            let part = target.again.as_deref().unwrap_or_default();
            let part = if part.is_empty() {
                String::new()
            } else {
                format!(" {part}")
            };
            if target.failures.is_empty() {
                again.push(part.clone());
            }
            for name in &target.failures {
                again.push(format!("{part} -- {}", only(name)));
            }
        }
        if again.is_empty() && !self.success {
            again.push(String::new());
        }
        again
    }
}

/// What selects a test by its name.
///
/// rustdoc takes the words of a name for several names, so a test in documentation is selected by
/// the item that it stands at, or else by its file.
fn only(test: &str) -> String {
    match test.split_once(" - ") {
        None => format!("--exact {}", child::quoted(test)),
        Some((file, item)) => {
            let item = item.split_once(" (line").map_or(item, |(item, _)| item);
            let item = if item.contains("(line") { file } else { item };
            child::quoted(item)
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .rows
            .iter()
            .map(|row| row.suite.len())
            .max()
            .unwrap_or(0);
        writeln!(f, "{:width$}  passed  failed  ignored       time", "suite")?;
        for Row {
            suite,
            passed,
            failed,
            ignored,
            time,
        } in &self.rows
        {
            let time = time.map_or_else(|| "unchanged".to_owned(), minutes);
            writeln!(
                f,
                "{suite:width$}  {passed:>6}  {failed:>6}  {ignored:>7}  {time:>9}"
            )?;
        }
        let unchanged = self.unchanged();
        if unchanged > 0 {
            writeln!(
                f,
                "\n{unchanged} of these tests passed in an earlier run, and nothing has changed since; \
                 to run them too: cargo book test --again"
            )?;
        }
        if !self.again.is_empty() {
            writeln!(
                f,
                "\nto run again what failed, at the root of the book's tree:"
            )?;
            for command in &self.again {
                writeln!(f, "  {command}")?;
            }
        }
        let (passed, failed) = (self.sum(|row| row.passed), self.sum(|row| row.failed));
        writeln!(f, "\n{passed} passed, {failed} failed")
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
    use super::super::{Kind, Suite};
    use super::*;
    use std::path::Path;

    fn batch(targets: Vec<Target>, success: bool) -> Outcome {
        Outcome {
            suite: Suite::new(
                Kind::Starter,
                "chapters/batch".to_owned(),
                Path::new("/book/chapters/batch"),
            ),
            targets,
            success,
            time: Some(Duration::from_secs(72)),
        }
    }

    fn failing() -> Target {
        Target {
            source: "tests/batch.rs".to_owned(),
            passed: 4,
            failed: 1,
            ignored: 0,
            failures: vec!["deposits_return".to_owned()],
            again: Some("--test batch".to_owned()),
        }
    }

    fn summary(outcome: Outcome) -> String {
        Summary::of(&Tree::at("/book"), &[outcome]).to_string()
    }

    #[test]
    fn the_last_line_says_how_many() {
        let summary = summary(batch(vec![failing()], false));

        assert_eq!(summary.lines().last(), Some("4 passed, 1 failed"));
    }

    #[test]
    fn a_row_says_what_ran_and_how_long() {
        let summary = summary(batch(vec![failing()], false));

        let row = "chapters/batch       4       1        0     1m 12s";
        assert!(summary.lines().any(|line| line == row), "{summary}");
    }

    fn unchanged() -> Outcome {
        let passing = Target {
            passed: 4,
            ..Target::default()
        };
        Outcome::unchanged(batch(vec![], true).suite, vec![passing])
    }

    #[test]
    fn a_row_says_what_was_not_run_because_it_has_not_changed() {
        let summary = summary(unchanged());

        let row = "chapters/batch       4       0        0  unchanged";
        assert!(summary.lines().any(|line| line == row), "{summary}");
    }

    #[test]
    fn it_says_how_many_tests_passed_in_an_earlier_run() {
        let summary = summary(unchanged());

        assert!(
            summary.contains("\n4 of these tests passed in an earlier run"),
            "{summary}"
        );
    }

    #[test]
    fn it_says_nothing_of_an_earlier_run_when_all_ran_in_this_one() {
        let summary = summary(batch(vec![failing()], false));

        assert!(!summary.contains("earlier run"), "{summary}");
    }

    #[test]
    fn the_last_line_counts_what_has_not_changed_since_it_passed() {
        let summary = summary(unchanged());

        assert_eq!(summary.lines().last(), Some("4 passed, 0 failed"));
    }

    #[test]
    fn a_failing_test_has_the_command_that_runs_it_alone() {
        let summary = summary(batch(vec![failing()], false));

        let command = "  (cd chapters/batch && cargo test --test batch -- --exact deposits_return)";
        assert!(summary.lines().any(|line| line == command), "{summary}");
    }

    #[test]
    fn a_failing_solution_has_a_command_that_lays_it_over_its_chapter_again() {
        let overlay = Path::new("/book/tests/solutions/batch");
        let outcome = Outcome {
            suite: Suite::new(Kind::Solutions, "solutions/batch".to_owned(), overlay),
            ..batch(vec![failing()], false)
        };

        let summary = summary(outcome);

        let command = "  cargo book test solutions/batch --test batch -- --exact deposits_return";
        assert!(summary.lines().any(|line| line == command), "{summary}");
    }

    #[test]
    fn a_failing_example_is_run_again_by_the_item_that_it_stands_at() {
        assert_eq!(only("src/lib.rs - Batch::count (line 3)"), "Batch::count");
    }

    #[test]
    fn a_failing_example_of_a_whole_file_is_run_again_with_its_file() {
        assert_eq!(only("src/lib.rs - (line 2)"), "src/lib.rs");
    }

    #[test]
    fn a_suite_that_does_not_compile_has_failed() {
        let summary = summary(batch(vec![], false));

        assert_eq!(summary.lines().last(), Some("0 passed, 1 failed"));
    }

    #[test]
    fn a_suite_that_does_not_compile_is_run_again_whole() {
        let summary = summary(batch(vec![], false));

        let command = "  (cd chapters/batch && cargo test)";
        assert!(summary.lines().any(|line| line == command), "{summary}");
    }

    #[test]
    fn nothing_is_to_be_run_again_when_all_passed() {
        let passing = Target {
            passed: 4,
            ..Target::default()
        };

        let summary = summary(batch(vec![passing], true));

        assert!(!summary.contains("again"), "{summary}");
    }
}
