//! The table of explorations in which no order breaks an invariant.

use std::borrow::Borrow;

use chain::explore::{Delivery, Explore, Report};

use crate::claim::claim;
use crate::figure::Figure;
use crate::text;

/// Explores a scenario in both modes.
///
/// # Panics
/// The scenario cannot be explored.
pub fn in_both_modes(scenario: impl Fn() -> Explore) -> [Report; 2] {
    Delivery::ALL.map(|delivery| {
        let report = scenario().delivery(delivery).run();
        report.unwrap_or_else(|error| panic!("{error}"))
    })
}

/// Returns the numbers of these reports, each with its title, and the claims that they are complete. The first column has
/// a title too. A report that is not complete is below the numbers.
pub fn table<T: AsRef<str>, R: Borrow<Report>>(
    titles: &str,
    reports: impl IntoIterator<Item = (T, R)>,
) -> Figure {
    let header = [titles, "delivery", "schedules", "states", "steps"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let (mut claims, mut broken) = (Vec::new(), String::new());
    for (title, report) in reports {
        let (title, report) = (title.as_ref(), report.borrow());
        let sentence = format!(
            "no order breaks an invariant in “{title}”, {}",
            report.delivery
        );
        claims.push(claim(&sentence, report.is_complete()));
        if !report.is_complete() {
            broken.push_str(&format!("\n{report}"));
        }
        rows.push(vec![
            title.to_owned(),
            report.delivery.to_string(),
            report.schedules.to_string(),
            report.states.to_string(),
            report.steps.to_string(),
        ]);
    }
    Figure::table(text::table(&rows) + &broken, claims)
}
