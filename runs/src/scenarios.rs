//! The scenarios of the book by their names, which `cargo book explore` takes, and what a search finds in each.
//!
//! `money` has those of the vault and of the other methods of chapter 4, `operated` those of chapter 2 and of the owner of
//! chapter 5.

mod money;
mod operated;

use std::sync::LazyLock;

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
enum Finds {
    Nothing,
    /// Nothing without congestion. With it, the scenario is too large for a test.
    NothingInFifo,
    /// A schedule that breaks this invariant.
    Loss(&'static str),
    /// The same, only if messages overtake each other.
    LossInCongestion(&'static str),
}

/// All scenarios, in the order of the list that the reader gets.
pub static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    [money::scenarios(), operated::scenarios()]
        .into_iter()
        .flatten()
        .collect()
});

impl Scenario {
    /// Returns a scenario that no schedule breaks.
    fn new(
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
    fn finds(self, finds: Finds) -> Self {
        Self { finds, ..self }
    }

    /// Returns the scenario of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SCENARIOS.iter().find(|scenario| scenario.name == name)
    }

    /// Returns the scenario on a chain of its own, ready to be explored. Builds its contracts first.
    pub fn build(&self) -> Explore {
        (self.build)().named(&self.name)
    }

    /// Returns the modes in which a test explores the scenario, each with the invariant that a schedule breaks there.
    pub fn expected(&self) -> Vec<(Delivery, Option<&'static str>)> {
        let (fifo, overtaking) = (Delivery::Fifo, Delivery::Overtaking);
        match self.finds {
            Finds::Nothing => vec![(fifo, None), (overtaking, None)],
            Finds::NothingInFifo => vec![(fifo, None)],
            Finds::Loss(invariant) => vec![(fifo, Some(invariant))],
            Finds::LossInCongestion(invariant) => {
                vec![(fifo, None), (overtaking, Some(invariant))]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_scenario_has_a_name_of_its_own() {
        let names: BTreeSet<_> = SCENARIOS.iter().map(|scenario| &scenario.name).collect();

        assert_eq!(names.len(), SCENARIOS.len());
    }

    #[test]
    fn each_name_is_in_lower_case_with_hyphens() {
        for Scenario { name, .. } in &*SCENARIOS {
            let mut words = name.split('-');
            let is_word = |word: &str| {
                !word.is_empty()
                    && word
                        .chars()
                        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
            };
            assert!(words.all(is_word), "{name}");
        }
    }

    #[test]
    fn each_summary_is_one_line() {
        for Scenario { name, summary, .. } in &*SCENARIOS {
            assert!(
                !summary.contains('\n') && summary.len() <= 100,
                "{name}: {summary}"
            );
        }
    }
}
