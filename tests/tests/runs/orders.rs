//! Every order of the methods that move money: the machine finds the theft in the vulnerable ones, and none in the others.

use chain::explore::{Delivery, Explore, Report};
use runs::money::orders::figures::{GUARDED, MODES};
use runs::money::orders::{
    alice_signs, alice_spends, batches, owner, payments, questions, retries, rogue_spends, safes,
    tokens,
};
use runs::test_chain::TestChain;

/// The chapters whose contract has the batches with deposits.
const CHAPTERS: [&str; 2] = ["batch", "responses"];

/// Returns the schedule that breaks an invariant.
///
/// # Panics
/// No schedule does.
fn found(report: Report, invariant: &str) -> String {
    let found = report.counterexample.expect("an invariant does not hold");
    assert_eq!(found.invariant, invariant);
    found.schedule.to_string()
}

fn report_of(scenario: &Explore) -> Report {
    scenario.run().expect("it can be explored")
}

/// Checks that no schedule of the scenario breaks an invariant, in both modes.
fn assert_no_order_breaks(scenario: impl Fn() -> Explore) {
    for delivery in MODES {
        let report = report_of(&scenario().delivery(delivery));
        report.assert_complete();
    }
}

// ---- The vault ----

#[test]
fn the_theft_of_the_vulnerable_vault_is_found() {
    let scenario = alice_spends("vulnerable_spend");
    let schedule = found(report_of(&scenario), "app.near holds what its safes say");
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
    let report = report_of(&rogue_spends("vulnerable_spend", 0));
    let schedule = found(report, "app.near holds what its safes say");
    assert!(
        schedule.contains("rogue.near=calls-back-vulnerable_spend"),
        "{schedule}"
    );
}

#[test]
fn a_guestbook_that_acts_and_then_fails_takes_the_money_of_a_vulnerable_method() {
    let report = report_of(&alice_signs());
    let schedule = found(report, "app.near holds what its safes say");
    assert!(schedule.contains(":acts-then-fails"), "{schedule}");
}

#[test]
fn no_order_of_two_calls_breaks_a_guarded_vault() {
    for method in GUARDED {
        assert_no_order_breaks(|| alice_spends(method));
    }
}

#[test]
fn no_behaviour_of_the_guestbook_breaks_a_guarded_vault() {
    for method in GUARDED {
        assert_no_order_breaks(|| rogue_spends(method, 0));
    }
}

#[test]
fn no_order_of_two_calls_beside_a_rogue_breaks_a_guarded_vault() {
    for method in GUARDED {
        report_of(&rogue_spends(method, 2)).assert_complete();
    }
}

#[test]
fn no_order_of_two_methods_of_a_safe_loses_money() {
    for first in safes::METHODS {
        for second in safes::METHODS {
            assert_no_order_breaks(|| safes::alice_calls(first, second));
        }
    }
}

// ---- Payments, orders, questions, tokens ----

#[test]
fn no_order_of_two_payments_to_a_guestbook_loses_money() {
    assert_no_order_breaks(payments::two_sign);
}

#[test]
fn no_order_loses_the_money_of_a_payer_who_leaves() {
    assert_no_order_breaks(payments::carol_signs_and_leaves);
}

#[test]
fn no_order_of_two_claims_pays_a_debt_twice() {
    assert_no_order_breaks(payments::carol_claims_twice);
}

#[test]
fn no_order_of_two_calls_pays_the_price_of_an_entry_twice() {
    for pair in payments::PAIRS {
        assert_no_order_breaks(|| payments::alice_watches(pair));
    }
}

#[test]
fn no_order_of_two_calls_at_an_order_loses_money() {
    for pair in retries::PAIRS {
        assert_no_order_breaks(|| retries::at_an_order(pair));
    }
}

#[test]
fn no_behaviour_of_a_payer_who_is_the_guestbook_loses_money() {
    assert_no_order_breaks(retries::at_an_order_of_the_rogue);
}

#[test]
fn no_order_of_answers_and_the_time_out_pays_a_question_twice() {
    for times in 0..=2 {
        assert_no_order_breaks(|| questions::bob_answers(times));
    }
}

#[test]
fn no_order_takes_a_token_without_a_message() {
    assert_no_order_breaks(tokens::alice_pays_with_tokens);
}

// ---- Batches with deposits ----

#[test]
fn no_order_of_two_batches_keeps_a_deposit() {
    for chapter in CHAPTERS {
        assert_no_order_breaks(|| batches::two_sign(chapter));
    }
}

#[test]
fn no_order_of_two_launches_keeps_a_deposit() {
    for chapter in ["responses", "testing"] {
        assert_no_order_breaks(|| batches::two_launch(chapter, 10));
    }
}

#[test]
fn a_contract_without_debts_keeps_a_deposit_whose_refund_is_late() {
    // A refund comes before the result that was sent after it, unless the way is congested.
    report_of(&batches::two_launch("batch", 10)).assert_complete();
    assert_no_order_breaks(|| batches::two_launch("batch", 20));

    let scenario = batches::two_launch("batch", 10).delivery(Delivery::Overtaking);
    found(report_of(&scenario), "app.near keeps nothing");
}

#[test]
fn no_order_of_two_sales_loses_a_token_or_its_price() {
    assert_no_order_breaks(batches::two_buy);
}

// ---- The owner in between ----

#[test]
fn no_pause_in_between_keeps_money() {
    for method in owner::METHODS {
        assert_no_order_breaks(|| owner::bob_pauses(method));
    }
}

#[test]
fn no_upgrade_in_between_keeps_money() {
    for method in owner::METHODS {
        assert_no_order_breaks(|| owner::app_upgrades(method, true));
    }
}

#[test]
fn the_loss_by_an_upgrade_without_a_migration_is_found() {
    let report = report_of(&owner::app_upgrades("vault_spend", false));
    found(report, "app.near holds what it owes");
}

#[test]
fn a_least_balance_keeps_the_deposits_of_failed_calls_out_of_the_earnings() {
    let near = near_primitives::types::Balance::from_near;
    let report = report_of(&owner::bob_withdraws(near(0)));
    found(report, "app.near can pay what it owes");

    assert_no_order_breaks(|| owner::bob_withdraws(near(1)));
}
