//! Every order at the pool: the machine finds each mistake of the vulnerable one, and none in the other.

use chain::explore::Delivery;
use runs::studies::swap::orders::{Way, addition, vulnerable};

/// Checks that a schedule breaks this invariant.
fn assert_found(way: Way, invariant: &str) {
    let report = vulnerable(way).run().expect("it can be explored");
    let found = report.counterexample.expect("an invariant does not hold");
    assert_eq!(found.invariant, invariant);
}

#[test]
fn the_loss_by_an_answer_before_the_payout_is_found() {
    assert_found(Way::Early, "mallory has traded, or has all her gold");
}

#[test]
fn the_theft_by_a_copy_of_the_reserves_is_found() {
    assert_found(Way::Copy, "the pool holds what its reserves say");
}

#[test]
fn the_theft_by_a_difference_is_found() {
    assert_found(Way::Difference, "k never falls");
}

#[test]
fn no_order_of_a_swap_and_an_addition_loses_a_token() {
    for delivery in Delivery::ALL {
        let report = addition().delivery(delivery).run();
        report.expect("it can be explored").assert_complete();
    }
}
