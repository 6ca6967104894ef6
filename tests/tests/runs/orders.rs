//! Every order of the vault: the machine finds the theft in the vulnerable one, and none in the guarded ones.

use chain::explore::{Delivery, Report};
use runs::money::orders::{alice_closes, alice_signs, alice_spends, rogue_spends};
use runs::test_chain::TestChain;

const GUARDED: [&str; 2] = ["vault_spend", "vault_spend_locked"];
const MODES: [Delivery; 2] = [Delivery::Fifo, Delivery::Overtaking];

fn finds_a_theft(report: Report) -> String {
    let found = report.counterexample.expect("the vault is vulnerable");
    assert_eq!(found.invariant, "app.near holds what its safes say");
    found.schedule.to_string()
}

#[test]
fn the_theft_of_the_vulnerable_vault_is_found() {
    let scenario = alice_spends("vulnerable_spend", 2);
    let schedule = finds_a_theft(scenario.run().expect("it can be explored"));
    // No failure is needed.
    assert!(!schedule.contains("fails"), "{schedule}");

    let schedule = schedule.parse().expect("it was printed");
    let replay = scenario.replay(&schedule).expect("it fits");
    assert!(replay.violation.is_some());
    let transactions = replay.transactions.clone();
    let chain = TestChain::of_replay(replay);
    let drawn = chain.timeline(&transactions);
    assert!(drawn.contains("vulnerable_spend_callback"), "{drawn}");
}

#[test]
fn the_theft_by_a_guestbook_that_calls_back_is_found() {
    let scenario = rogue_spends("vulnerable_spend", 0);
    let schedule = finds_a_theft(scenario.run().expect("it can be explored"));
    assert!(
        schedule.contains("rogue.near=calls-back-vulnerable_spend"),
        "{schedule}"
    );
}

#[test]
fn a_guestbook_that_acts_and_then_fails_takes_the_money_of_a_vulnerable_method() {
    let schedule = finds_a_theft(alice_signs().run().expect("it can be explored"));
    assert!(schedule.contains(":acts-then-fails"), "{schedule}");
}

#[test]
fn no_order_of_two_calls_breaks_a_guarded_vault() {
    for method in GUARDED {
        for delivery in MODES {
            let scenario = alice_spends(method, 2).delivery(delivery);
            let report = scenario.run().expect("it can be explored");
            report.assert_complete();
        }
    }
}

#[test]
fn no_behaviour_of_the_guestbook_breaks_a_guarded_vault() {
    for method in GUARDED {
        for delivery in MODES {
            let scenario = rogue_spends(method, 0).delivery(delivery);
            scenario
                .run()
                .expect("it can be explored")
                .assert_complete();
        }
    }
}

#[test]
fn no_order_of_two_calls_beside_a_rogue_breaks_a_guarded_vault() {
    for method in GUARDED {
        let report = rogue_spends(method, 2).run().expect("it can be explored");
        report.assert_complete();
    }
}

/// The callback may find that the safe was closed: then the money that comes back is owed.
#[test]
fn no_order_of_a_close_breaks_a_guarded_vault() {
    for method in GUARDED {
        for delivery in MODES {
            let scenario = alice_closes(method).delivery(delivery);
            let report = scenario.run().expect("it can be explored");
            report.assert_complete();
        }
    }
}
