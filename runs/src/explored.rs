//! The recordings of the explorations: reports, a replay, and numbers.

mod table;

use chain::explore::{Delivery, Explore, Report};
use near_primitives::types::Balance;
use serde_json::json;

pub use self::table::{in_both_modes, table};
use crate::claim::claim;
use crate::figure::Figure;
use crate::scenarios;
use crate::test_chain::{TestChain, gains, loses, returns};

/// Returns the scenario of this name.
fn scenario(name: &str) -> Explore {
    let scenario = scenarios::named(name);
    scenario.expect("there is such a scenario").build()
}

/// Returns the report of an exhaustive search.
fn report_of(scenario: &Explore) -> Report {
    scenario.run().expect("the scenario can be explored")
}

/// Shows the report about the vulnerable vault.
pub fn theft_report() -> Figure {
    let report = report_of(&scenario("vulnerable-spend"));
    let found = report.counterexample.as_ref();
    let needs_no_failure = found.is_some_and(|found| !found.schedule.to_string().contains("fails"));
    Figure::table(
        report.to_string(),
        [claim("it is a theft without a failure", needs_no_failure)],
    )
}

/// Shows the run of the schedule that the report names.
pub fn theft() -> Figure {
    let scenario = scenario("vulnerable-spend");
    let found = report_of(&scenario).counterexample;
    let found = found.expect("the vault is vulnerable");
    let replay = scenario.replay(&found.schedule).expect("it fits");
    let transactions = replay.transactions.clone();
    let spent = Balance::from_millinear(200);
    TestChain::of_replay(replay).figure_of_blocks(
        &transactions,
        returns(json!(true))
            .then_returns(json!(true))
            .moves([loses("app.near", spent), gains("guestbook.near", spent)]),
    )
}

/// Shows the report about two launches by the contract of chapter 2, whose refunds are late.
pub fn late_refund_report() -> Figure {
    let launches = scenario("two-launches-without-debts");
    let report = report_of(&launches.delivery(Delivery::Overtaking));
    let found = report.counterexample.as_ref();
    let is_kept = found.is_some_and(|found| found.violation.0.contains("owes to nobody"));
    Figure::table(
        report.to_string(),
        [claim("a deposit stays with the contract", is_kept)],
    )
}

/// Shows the numbers of the same two launches by the contracts that record debts.
pub fn late_refund_is_owed() -> Figure {
    numbers_of(&["two-launches", "two-launches-in-chapter-5"])
}

/// Shows the report about a method that believes the result of a partner.
pub fn partner_report() -> Figure {
    let report = report_of(&scenario("vulnerable-sign"));
    let found = report.counterexample.as_ref();
    let acts_then_fails =
        found.is_some_and(|found| found.schedule.to_string().contains(":acts-then-fails"));
    Figure::table(
        report.to_string(),
        [claim("the partner acts, and then fails", acts_then_fails)],
    )
}

/// Shows the numbers of the guarded vaults.
pub fn guarded() -> Figure {
    numbers_of(&[
        "vault-spend",
        "vault-spend-rogue",
        "vault-spend-locked",
        "vault-spend-locked-rogue",
    ])
}

/// Shows the numbers of scenarios that no order breaks, in both modes.
fn numbers_of(names: &[&str]) -> Figure {
    let reports = names
        .iter()
        .flat_map(|name| in_both_modes(|| scenario(name)).map(|report| (name, report)));
    table("", reports)
}
