//! The council in every order: approved calls run at most once, and each bond is in one place.

use chain::explore::Delivery;
use runs::studies::council::orders;

/// Checks that no schedule of the scenario breaks a property, in both modes.
fn assert_no_order_breaks(scenario: impl Fn() -> chain::explore::Explore) {
    for delivery in Delivery::ALL {
        let report = scenario().delivery(delivery).run();
        report.expect("it can be explored").assert_complete();
    }
}

#[test]
fn no_order_of_two_executions_and_late_votes_executes_twice() {
    assert_no_order_breaks(orders::executors);
}

#[test]
fn no_order_of_votes_and_an_execution_loses_a_bond() {
    assert_no_order_breaks(orders::voters);
}

#[test]
fn no_order_around_the_deadline_pays_a_bond_twice() {
    assert_no_order_breaks(orders::expiry);
}

#[test]
fn no_order_of_a_refund_and_an_execution_spends_a_bond() {
    assert_no_order_breaks(orders::refund);
}
