//! The scenarios of the book by their names, which `cargo book explore` takes, and what a search finds in each.
//!
//! `money` has those of the vault and of the other methods of chapter 4, `operated` those of chapter 2 and of the owner of
//! chapter 5, `studies` those of the field studies.

mod money;
mod operated;
mod scenario;
mod studies;

use std::sync::LazyLock;

pub use self::scenario::Scenario;

/// All scenarios, in the order of the list that the reader gets.
pub static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    [
        money::scenarios(),
        operated::scenarios(),
        studies::scenarios(),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// Returns the scenario of this name.
pub fn named(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
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
