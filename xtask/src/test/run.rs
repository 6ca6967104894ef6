//! The run of the suites: those that stand alone two at once, all others one by one.
//!
//! A suite that stands alone compiles its contract with one thread for a good part of its time, so a second one
//! finds a core without work. Its output is printed when it has ended.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::Result;
use manuscript::layout::Tree;

use super::environment::Environment;
use super::memory::Memory;
use super::suite::Suite;
use super::summary::Outcome;
use crate::step::{self, Step};

/// How many suites that stand alone run at once.
const AT_ONCE: usize = 2;

/// The run of a list of suites.
pub struct Run<'a> {
    /// The tree with the suites.
    pub tree: &'a Tree,
    /// The environment of their commands.
    pub environment: Environment,
    /// The memory of the suites that passed.
    pub memory: Memory<'a>,
    /// True if a suite that has not changed since it passed does not run again.
    pub skips_unchanged: bool,
    /// True if what runs is a part of a suite. It says nothing about the whole.
    pub is_partial: bool,
}

impl Run<'_> {
    /// Runs the suites, and returns their results in the same order.
    pub fn all(&self, suites: &[Suite]) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::new();
        for group in suites.chunk_by(|one, next| stand_alone(one) && stand_alone(next)) {
            if let [suite] = group {
                outcomes.push(self.one(suite)?);
            } else {
                outcomes.extend(in_order(AT_ONCE, group, |suite| self.one_quietly(suite))?);
            }
        }
        Ok(outcomes)
    }

    /// Runs a suite, with the output of its command.
    fn one(&self, suite: &Suite) -> Result<Outcome> {
        println!("\n── {} ──\n", suite.name);
        if self.is_unchanged(suite) {
            println!("{UNCHANGED}");
            return Ok(Outcome::Unchanged);
        }
        self.timed(suite, || suite.run(self.tree, &self.environment))
    }

    /// Runs a suite, and prints the output of its command when it has ended.
    fn one_quietly(&self, suite: &Suite) -> Result<Outcome> {
        if self.is_unchanged(suite) {
            print(suite, UNCHANGED);
            return Ok(Outcome::Unchanged);
        }
        let step = Step::begin(&suite.name, "its tests");
        let outcome = self.timed(suite, || {
            let on_line = |line: &str| step.progress(line);
            let (passed, output) = suite.run_quietly(self.tree, &self.environment, on_line)?;
            print(suite, &output);
            Ok(passed)
        })?;
        if let Outcome::Ran { passed: true, .. } = outcome {
            step.done();
        }
        Ok(outcome)
    }

    fn is_unchanged(&self, suite: &Suite) -> bool {
        self.skips_unchanged && self.memory.has(suite)
    }

    fn timed(&self, suite: &Suite, run: impl FnOnce() -> Result<bool>) -> Result<Outcome> {
        let started = Instant::now();
        let run = || {
            // The others run all the same.
            run().unwrap_or_else(|error| {
                step::tell(&format!("error: {error:#}"));
                false
            })
        };
        let passed = match self.is_partial {
            true => run(),
            false => self.memory.record(suite, run)?,
        };
        let time = started.elapsed();
        Ok(Outcome::Ran { passed, time })
    }
}

const UNCHANGED: &str = "not run: unchanged since it passed";

fn stand_alone(suite: &Suite) -> bool {
    suite.kind.stands_alone()
}

/// Prints what a suite has to say, in one piece.
fn print(suite: &Suite, output: &str) {
    step::suspend(|| println!("\n── {} ──\n\n{output}", suite.name));
}

/// Calls `run` with each item, in `threads` threads, and returns the results in the order of the items.
fn in_order<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    run: impl Fn(&T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let next = Mutex::new(items.iter().enumerate());
    let take = || next.lock().unwrap_or_else(PoisonError::into_inner).next();
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((index, item)) = take() {
                    let result = run(item);
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    results.push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use anyhow::bail;

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_whatever_ends_first() {
        let both_run = Barrier::new(2);

        let results = in_order(2, &[1, 2, 3], |item| {
            if *item < 3 {
                both_run.wait();
            }
            Ok(item * 10)
        });

        assert_eq!(results.unwrap(), [10, 20, 30]);
    }

    #[test]
    fn an_item_that_fails_keeps_no_other_from_its_run() {
        let run = Mutex::new(Vec::new());

        let results = in_order(2, &[1, 2, 3], |item| {
            run.lock().unwrap().push(*item);
            if *item == 1 {
                bail!("one");
            }
            Ok(())
        });

        run.lock().unwrap().sort();
        assert!(results.is_err());
        assert_eq!(*run.lock().unwrap(), [1, 2, 3]);
    }
}
