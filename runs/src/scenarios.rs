//! The scenarios of the book by their names, which `cargo book explore` takes.

use chain::explore::Explore;

use crate::money::orders::{alice_signs, alice_spends, batches, rogue_spends};
use crate::studies::trade::orders as trade;

/// A scenario of the book.
pub struct Scenario {
    /// The name. Its schedules begin with it.
    pub name: &'static str,
    /// The content, in one line.
    pub summary: &'static str,
    build: fn() -> Explore,
}

/// All scenarios, in the order of the list that the reader gets.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "vulnerable_spend",
        summary: "alice spends twice from the vulnerable vault; the guestbook may fail",
        build: || alice_spends("vulnerable_spend"),
    },
    Scenario {
        name: "vulnerable_spend_rogue",
        summary: "the rogue spends from the vulnerable vault, and is the guestbook",
        build: || rogue_spends("vulnerable_spend", 0),
    },
    Scenario {
        name: "vulnerable_sign",
        summary: "alice pays the guestbook through a method that believes its result; it may fail",
        build: alice_signs,
    },
    Scenario {
        name: "vault_spend",
        summary: "alice spends twice from the vault that debits first; the guestbook may fail",
        build: || alice_spends("vault_spend"),
    },
    Scenario {
        name: "vault_spend_rogue",
        summary: "the rogue spends from the vault that debits first, and is the guestbook",
        build: || rogue_spends("vault_spend", 0),
    },
    Scenario {
        name: "vault_spend_locked",
        summary: "alice spends twice from the vault that locks; the guestbook may fail",
        build: || alice_spends("vault_spend_locked"),
    },
    Scenario {
        name: "vault_spend_locked_rogue",
        summary: "the rogue spends from the vault that locks, and is the guestbook",
        build: || rogue_spends("vault_spend_locked", 0),
    },
    Scenario {
        name: "two-launches",
        summary: "alice and bob each launch a token with 5 NEAR, which may fail; app.near has 10 NEAR",
        build: || batches::two_launch("responses", 10),
    },
    Scenario {
        name: "trade",
        summary: "alice offers a sword, bob pays for it or comes too late, carol resumes",
        build: trade::resumed,
    },
    Scenario {
        name: "trade-items",
        summary: "the same; the contract of the sword may fail",
        build: trade::items_may_fail,
    },
];

impl Scenario {
    /// Returns the scenario of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SCENARIOS.iter().find(|scenario| scenario.name == name)
    }

    /// Returns the scenario on a chain of its own, ready to be explored. Builds its contracts first.
    pub fn build(&self) -> Explore {
        (self.build)().named(self.name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_scenario_has_a_name_of_its_own() {
        let names: BTreeSet<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();

        assert_eq!(names.len(), SCENARIOS.len());
    }
}
