//! What passed is remembered, and not run again as long as nothing has changed that can make it come out
//! otherwise.
//!
//! For each suite there is a record in cargo's target folder: what its targets came to, under the fingerprint
//! of the suite as it was before and after. A record that cannot be read, or is not one, is none.

use super::fingerprint::{Fingerprint, Surroundings};
use super::{Outcome, Suite, Target, TestError};
use crate::files::{self, FileError};
use crate::tree::Tree;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use tempfile::NamedTempFile;

/// What a run has to do with the runs before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// What passed and has not changed is not run again.
    Used,
    /// Everything is run, and remembered.
    Renewed,
    /// A part of a suite says nothing of the whole.
    Untouched,
}

/// The suites that passed.
pub struct Passed<'a> {
    tree: &'a Tree,
    /// Nothing is remembered where not all is known.
    surroundings: Option<Surroundings>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    fingerprint: Fingerprint,
    targets: Vec<Target>,
}

impl<'a> Passed<'a> {
    /// Those of a tree.
    pub fn of(tree: &'a Tree, surroundings: Option<Surroundings>) -> Self {
        Self { tree, surroundings }
    }

    /// The outcome of a suite: what it came to before, or a run.
    pub fn outcome(
        &self,
        suite: Suite,
        memory: Memory,
        run: impl FnOnce(Suite) -> Outcome,
    ) -> Result<Outcome, TestError> {
        if memory == Memory::Untouched {
            return Ok(run(suite));
        }
        if memory == Memory::Used
            && let Some(targets) = self.recall(&suite)
        {
            return Ok(Outcome::unchanged(suite, targets));
        }
        self.renew(suite, run)
    }

    /// Runs a suite, and remembers it if it passes and nothing has changed meanwhile.
    fn renew(
        &self,
        suite: Suite,
        run: impl FnOnce(Suite) -> Outcome,
    ) -> Result<Outcome, TestError> {
        let Some(before) = self.fingerprint(&suite) else {
            return Ok(run(suite));
        };
        self.forget(&suite)?;
        let outcome = run(suite);
        let after = self.fingerprint(&outcome.suite);
        if outcome.has_passed() && after.is_some_and(|after| after == before) {
            self.remember(&outcome, before)?;
        }
        Ok(outcome)
    }

    fn fingerprint(&self, suite: &Suite) -> Option<Fingerprint> {
        self.surroundings.as_ref()?.fingerprint(self.tree, suite)
    }

    /// What a suite came to when it was what it is now.
    fn recall(&self, suite: &Suite) -> Option<Vec<Target>> {
        let record = files::read(&self.path(suite)).ok()?;
        let record: Record = serde_json::from_slice(&record).ok()?;
        (record.fingerprint == self.fingerprint(suite)?).then_some(record.targets)
    }

    /// Writes a record, whole or not at all.
    fn remember(&self, outcome: &Outcome, fingerprint: Fingerprint) -> Result<(), FileError> {
        let path = self.path(&outcome.suite);
        let record = Record {
            fingerprint,
            targets: outcome.targets.clone(),
        };
        let written = serde_json::to_vec(&record).map_err(io::Error::from);
        let folder = path.parent().unwrap_or(self.tree.target());
        let written = written.and_then(|record| {
            fs::create_dir_all(folder)?;
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(&record)?;
            file.persist(&path)?;
            Ok(())
        });
        written.map_err(FileError::at(&path))
    }

    fn forget(&self, suite: &Suite) -> Result<(), FileError> {
        let path = self.path(suite);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(FileError::at(&path)(error))
            }
            _ => Ok(()),
        }
    }

    fn path(&self, suite: &Suite) -> PathBuf {
        let file = format!("{}.json", suite.name);
        self.tree.target().join("passed").join(file)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;
    use std::cell::Cell;
    use std::panic::{self, AssertUnwindSafe};
    use std::path::Path;
    use std::time::Duration;
    use tempfile::TempDir;

    const SOURCE: &str = "chapters/setup/src/lib.rs";

    /// A tree with one chapter, and how often its suite has run.
    struct House {
        folder: TempDir,
        tree: Tree,
        runs: Cell<usize>,
    }

    impl House {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let tree = Tree::at(folder.path());
            let house = Self {
                folder,
                tree,
                runs: Cell::new(0),
            };
            house.write(SOURCE, "before");
            house
        }

        fn write(&self, path: &str, text: &str) {
            files::write(&self.folder.path().join(path), text).unwrap();
        }

        fn suite(&self) -> Suite {
            let chapter = self.tree.chapter("setup");
            Suite::new(Kind::Starter, "chapters/setup".to_owned(), &chapter)
        }

        fn passed(&self) -> Passed<'_> {
            Passed::of(&self.tree, Some(Surroundings::none()))
        }

        fn record(&self) -> PathBuf {
            self.passed().path(&self.suite())
        }

        /// The suite of the chapter, whose tests end like this.
        fn run_to(&self, memory: Memory, success: bool) -> Outcome {
            self.run_with(memory, || success)
        }

        fn run_with(&self, memory: Memory, tests: impl FnOnce() -> bool) -> Outcome {
            let run = |suite| {
                self.runs.set(self.runs.get() + 1);
                let success = tests();
                outcome(suite, success)
            };
            self.passed().outcome(self.suite(), memory, run).unwrap()
        }

        /// Whether a run that uses what is remembered runs the suite.
        fn runs_again(&self) -> bool {
            let before = self.runs.get();
            self.run_to(Memory::Used, true);
            self.runs.get() > before
        }
    }

    fn outcome(suite: Suite, success: bool) -> Outcome {
        let target = Target {
            source: "tests/setup.rs".to_owned(),
            passed: 4,
            failed: usize::from(!success),
            ..Target::default()
        };
        Outcome {
            suite,
            targets: vec![target],
            success,
            time: Some(Duration::from_secs(1)),
        }
    }

    #[test]
    fn what_passed_and_has_not_changed_is_not_run_again() {
        let house = House::new();
        house.run_to(Memory::Used, true);

        assert!(!house.runs_again());
    }

    #[test]
    fn the_tests_that_passed_are_known_without_another_run() {
        let house = House::new();
        let ran = house.run_to(Memory::Used, true);

        let recalled = house.run_to(Memory::Used, true);

        assert_eq!(recalled.targets, ran.targets);
        assert_eq!(recalled.time, None);
    }

    #[test]
    fn what_never_ran_is_run() {
        assert!(House::new().runs_again());
    }

    #[test]
    fn what_has_changed_is_run_again() {
        let house = House::new();
        house.run_to(Memory::Used, true);
        house.write(SOURCE, "after");

        assert!(house.runs_again());
    }

    #[test]
    fn what_failed_is_run_again() {
        let house = House::new();
        house.run_to(Memory::Used, false);

        assert!(house.runs_again());
    }

    #[test]
    fn what_passed_once_and_then_failed_is_run_again() {
        let house = House::new();
        house.run_to(Memory::Used, true);
        house.run_to(Memory::Renewed, false);

        assert!(house.runs_again());
    }

    #[test]
    fn a_test_that_failed_though_cargo_ended_well_is_run_again() {
        let house = House::new();
        let run = |suite| {
            let failed = outcome(suite, false);
            Outcome {
                success: true,
                ..failed
            }
        };
        let passed = house.passed();
        passed.outcome(house.suite(), Memory::Used, run).unwrap();

        assert!(house.runs_again());
    }

    #[test]
    fn what_changed_during_the_run_is_run_again_even_when_it_is_as_before() {
        let house = House::new();
        house.run_with(Memory::Used, || {
            house.write(SOURCE, "after");
            true
        });
        house.write(SOURCE, "before");

        assert!(house.runs_again());
    }

    #[test]
    fn a_run_that_did_not_come_to_its_end_leaves_nothing() {
        let house = House::new();
        house.run_to(Memory::Used, true);
        let ended = panic::catch_unwind(AssertUnwindSafe(|| {
            house.run_with(Memory::Renewed, || panic!("killed"));
        }));
        assert!(ended.is_err());

        assert!(house.runs_again());
    }

    #[test]
    fn what_is_to_be_renewed_is_run_again() {
        let house = House::new();
        house.run_to(Memory::Used, true);

        house.run_to(Memory::Renewed, true);

        assert_eq!(house.runs.get(), 2);
    }

    #[test]
    fn what_was_renewed_is_remembered() {
        let house = House::new();
        house.run_to(Memory::Renewed, true);

        assert!(!house.runs_again());
    }

    #[test]
    fn a_part_is_run_though_the_whole_has_passed() {
        let house = House::new();
        house.run_to(Memory::Used, true);

        house.run_to(Memory::Untouched, true);

        assert_eq!(house.runs.get(), 2);
    }

    #[test]
    fn a_part_that_passes_is_not_the_whole() {
        let house = House::new();
        house.run_to(Memory::Untouched, true);

        assert!(house.runs_again());
    }

    #[test]
    fn nothing_is_remembered_where_not_all_is_known() {
        let house = House::new();
        let passed = Passed::of(&house.tree, None);
        let run = |suite| outcome(suite, true);
        passed.outcome(house.suite(), Memory::Used, run).unwrap();

        assert!(!house.record().exists());
    }

    #[track_caller]
    fn is_no_record(change: impl FnOnce(&Path)) {
        let house = House::new();
        house.run_to(Memory::Used, true);
        change(&house.record());

        assert!(house.runs_again());
    }

    #[test]
    fn half_a_record_is_none() {
        is_no_record(|record| {
            let text = files::read_text(record).unwrap();
            files::write(record, &text[..text.len() / 2]).unwrap();
        });
    }

    #[test]
    fn a_record_of_another_shape_is_none() {
        is_no_record(|record| {
            let text = files::read_text(record).unwrap();
            files::write(record, text.replacen('{', "{\"time\":1,", 1)).unwrap();
        });
    }

    #[test]
    fn a_record_that_is_gone_is_none() {
        is_no_record(|record| fs::remove_file(record).unwrap());
    }

    #[test]
    fn beside_a_record_nothing_is_left() {
        let house = House::new();
        house.run_to(Memory::Used, true);

        let folder = house.record().parent().unwrap().to_owned();
        assert_eq!(files::written(&folder).unwrap(), [house.record()]);
    }
}
