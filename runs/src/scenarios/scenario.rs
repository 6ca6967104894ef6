//! A scenario: its name, its content, and what a search finds in it.

use chain::explore::{Delivery, Explore};

/// A scenario of the book.
pub struct Scenario {
    /// The name. Its schedules begin with it.
    pub name: String,
    /// The content, in one line.
    pub summary: String,
    finds: Finds,
    build: Box<dyn Fn() -> Explore + Send + Sync>,
}

/// What a search finds in a scenario.
#[derive(Clone, Copy)]
pub(super) enum Finds {
    Nothing,
    /// Nothing without congestion. With it, the scenario is too large for a test, or the operator in it errs.
    NothingInFifo,
    /// A schedule that breaks this invariant.
    Loss(&'static str),
    /// The figures and the tests of a field study say it.
    SaidByItsStudy,
    /// The same as a loss, only if messages overtake each other.
    LossInCongestion(&'static str),
}

impl Scenario {
    /// Returns a scenario that no schedule breaks.
    pub(super) fn new(
        name: impl Into<String>,
        summary: impl Into<String>,
        build: impl Fn() -> Explore + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            summary: summary.into(),
            finds: Finds::Nothing,
            build: Box::new(build),
        }
    }

    /// Says that a search finds something.
    pub(super) fn finds(self, finds: Finds) -> Self {
        Self { finds, ..self }
    }

    /// Returns the scenario on a chain of its own, ready to be explored. Builds its contracts first.
    pub fn build(&self) -> Explore {
        (self.build)().named(&self.name)
    }

    /// Returns the modes in which a test explores the scenario, each with the invariant that a schedule breaks there. A
    /// scenario of a field study has none here.
    pub fn expected(&self) -> Vec<(Delivery, Option<&'static str>)> {
        let (fifo, overtaking) = (Delivery::Fifo, Delivery::Overtaking);
        match self.finds {
            Finds::Nothing => vec![(fifo, None), (overtaking, None)],
            Finds::SaidByItsStudy => Vec::new(),
            Finds::NothingInFifo => vec![(fifo, None)],
            Finds::Loss(invariant) => vec![(fifo, Some(invariant))],
            Finds::LossInCongestion(invariant) => {
                vec![(fifo, None), (overtaking, Some(invariant))]
            }
        }
    }
}

/// Returns the name of a method with hyphens.
pub(super) fn kebab(method: &str) -> String {
    method.replace('_', "-")
}
