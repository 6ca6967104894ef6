//! The report of an exploration.

use std::fmt;

use super::scenario::{Delivery, Time};
use super::schedule::Schedule;
use super::search::Bound;
use super::view::Violation;

/// The way in which schedules were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// All of them, by breadth-first search over merged states.
    Exhaustive,
    /// Random walks: each possible step of a state has the same chance. A seed gives the same walks again.
    Random {
        /// The seed.
        seed: u64,
    },
}

/// The result of an exploration.
#[derive(Clone, Debug)]
#[must_use = "it says if the invariants hold: `assert_holds`"]
pub struct Report {
    /// The name of the scenario.
    pub scenario: String,
    /// The order in which messages may be delivered.
    pub delivery: Delivery,
    /// The time at which steps run.
    pub time: Time,
    /// The way in which schedules were chosen.
    pub search: Search,
    /// The bound that has ended the search, `None` if none was hit.
    pub bound: Option<Bound>,
    /// The number of distinct states.
    pub states: usize,
    /// The number of distinct states in which nothing more can happen.
    pub end_states: usize,
    /// The number of steps from one state to another.
    pub steps: u64,
    /// The number of steps that ran. A step whose account and message were seen before has the same effect.
    pub executions: usize,
    /// The number of schedules: of ways from a start to an end. If a bound was hit or an invariant does not hold, there
    /// are more. A number that does not fit into 128 bits is the greatest that does.
    pub schedules: u128,
    /// The number of checks of invariants.
    pub checks: u64,
    /// The first violation that was found, made as simple as possible.
    pub counterexample: Option<Counterexample>,
}

/// A schedule after which an invariant does not hold.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// The sentence of the invariant.
    pub invariant: String,
    /// The reason.
    pub violation: Violation,
    /// The schedule. Its text can be kept, and replayed with [`Explore::replay`](super::Explore::replay).
    pub schedule: Schedule,
    /// The steps of the schedule in words, one a line.
    pub steps: Vec<String>,
}

impl Report {
    /// Returns `true` if every schedule of the scenario was explored, and all invariants hold.
    pub fn is_complete(&self) -> bool {
        self.search == Search::Exhaustive && self.bound.is_none() && self.counterexample.is_none()
    }

    /// Checks that no violation was found. The report says if it has seen every schedule: [`Report::is_complete`].
    ///
    /// # Panics
    /// An invariant does not hold. The message has the schedule.
    pub fn assert_holds(&self) {
        assert!(self.counterexample.is_none(), "{self}");
    }

    /// Checks that every schedule was explored, and that no violation was found.
    ///
    /// # Panics
    /// An invariant does not hold, or a bound was hit, or the search was random.
    pub fn assert_complete(&self) {
        self.assert_holds();
        assert!(
            self.is_complete(),
            "not every schedule was explored: {self}"
        );
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let coverage = match (self.search, &self.counterexample, self.bound) {
            (_, Some(_), _) => "an invariant does not hold".to_owned(),
            (Search::Random { seed }, ..) => format!("random walks, seed {seed}"),
            (_, _, Some(Bound::States(states))) => format!("bounded by {states} states"),
            (_, _, Some(Bound::Steps(steps))) => format!("bounded by {steps} steps"),
            (Search::Exhaustive, None, None) => "complete: all orders".to_owned(),
        };
        let at_least = match self.is_complete() {
            true => "",
            false if matches!(self.search, Search::Random { .. }) => "",
            false => "at least ",
        };
        let schedules = match self.schedules {
            u128::MAX => "more than 10^38".to_owned(),
            schedules => format!("{at_least}{schedules}"),
        };
        writeln!(
            f,
            "{}: {coverage} (delivery {}, time {})",
            self.scenario, self.delivery, self.time
        )?;
        writeln!(
            f,
            "{schedules} schedules, {} states ({} at the end), {} steps ({} ran), {} checks",
            self.states, self.end_states, self.steps, self.executions, self.checks
        )?;
        match &self.counterexample {
            Some(counterexample) => write!(f, "{counterexample}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "\n{}: {}\n", self.invariant, self.violation.0)?;
        for (step, words) in self.schedule.steps.iter().zip(&self.steps) {
            writeln!(f, "    {:<24} {words}", step.to_string())?;
        }
        writeln!(f, "\nReplay it: {}", self.schedule)
    }
}
