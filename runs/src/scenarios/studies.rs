//! The scenarios of the field studies.

use super::scenario::Finds::Loss;
use super::scenario::Scenario;
use crate::studies::swap::orders::{Way, swaps, vulnerable};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new(
            "vulnerable-difference",
            "mallory swaps at a vulnerable pool, and bob before her swap is taken back",
            || vulnerable(Way::Difference),
        )
        .finds(Loss("k never falls")),
        Scenario::new(
            "swap",
            "alice, who may have no room for silver, and bob swap at the pool with bounds",
            swaps,
        ),
    ]
}
