//! The kept schedules: one for each scenario of the book in which a search finds a loss.
//!
//! They are in `schedules.txt`, one a line. A replay is much faster than a search, and says at which step a schedule no
//! longer fits. `BLESS=1` searches anew, and writes the file.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use chain::explore::Schedule;
use runs::scenarios::{SCENARIOS, Scenario};

use crate::recorded::is_blessing;

static KEPT: LazyLock<Vec<Schedule>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules.txt");
    if is_blessing() {
        let found = losses().map(|(scenario, _)| format!("{}\n", searched(scenario)));
        fs::write(&path, found.collect::<String>()).expect("the file can be written");
    }
    let text = fs::read_to_string(&path).expect("cargo book bless writes the kept schedules");
    let schedule = |line: &str| {
        line.parse()
            .unwrap_or_else(|error| panic!("`{line}` is no schedule: {error}"))
    };
    text.lines().map(schedule).collect()
});

/// Returns the kept schedule of a scenario.
///
/// # Panics
/// There is none: the scenario is new.
pub fn kept(name: &str) -> &'static Schedule {
    let schedule = KEPT.iter().find(|schedule| schedule.scenario == name);
    schedule.unwrap_or_else(|| panic!("{name} has no kept schedule: cargo book bless"))
}

/// Replays all kept schedules.
///
/// # Panics
/// A schedule no longer fits, or its invariant holds.
pub fn check() {
    for (scenario, invariant) in losses() {
        let schedule = kept(&scenario.name);
        let explored = scenario.build().delivery(schedule.delivery);
        let replay = explored
            .replay(schedule)
            .unwrap_or_else(|error| panic!("{schedule}\n{error}: cargo book bless"));
        let broken = replay.violation.map(|found| found.invariant);
        assert_eq!(broken.as_deref(), Some(invariant), "{schedule}");
    }
}

/// Returns the scenarios with a loss, each with the invariant that it breaks.
fn losses() -> impl Iterator<Item = (&'static Scenario, &'static str)> {
    SCENARIOS.iter().filter_map(|scenario| {
        let mut modes = scenario.expected().into_iter();
        modes.find_map(|(_, invariant)| Some((scenario, invariant?)))
    })
}

fn searched(scenario: &Scenario) -> Schedule {
    let mut modes = scenario.expected().into_iter();
    let delivery = modes.find_map(|(delivery, invariant)| invariant.map(|_| delivery));
    let explored = scenario.build().delivery(delivery.unwrap_or_default());
    let report = explored.run().expect("it can be explored");
    let found = report.counterexample.expect("an invariant does not hold");
    found.schedule
}
