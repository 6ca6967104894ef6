//! Every order of the methods that move money: the machine finds the losses of the vulnerable ones, and none in the others.
//!
//! All scenarios are those of [`SCENARIOS`], which say what a search finds in them.

use book_tests::schedules::{self, kept};
use chain::explore::{Delivery, Report};
use runs::scenarios::{self, SCENARIOS, Scenario};
use runs::test_chain::TestChain;

/// Returns the scenarios that a pattern names: one, or all with a beginning before `*`.
fn named_by(pattern: &str) -> impl Iterator<Item = &'static Scenario> {
    let is_named = move |name: &str| match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == pattern,
    };
    SCENARIOS
        .iter()
        .filter(move |scenario| is_named(&scenario.name))
}

/// Explores the scenarios of a pattern.
///
/// # Panics
/// A search does not find what the scenario says.
fn assert_explored(pattern: &str) {
    for scenario in named_by(pattern) {
        for (delivery, expected) in scenario.expected() {
            let report = report_of(scenario, delivery);
            match expected {
                None => report.assert_complete(),
                Some(invariant) => {
                    let found = report.counterexample.as_ref();
                    let found = found.map(|found| &found.invariant[..]);
                    assert_eq!(found, Some(invariant), "{}", scenario.name);
                }
            }
        }
    }
}

fn report_of(scenario: &Scenario, delivery: Delivery) -> Report {
    let explored = scenario.build().delivery(delivery).run();
    explored.unwrap_or_else(|error| panic!("{}: {error}", scenario.name))
}

macro_rules! explored {
    ($($test:ident: $($pattern:literal),+;)*) => {
        $(
            #[test]
            fn $test() {
                $(assert_explored($pattern);)+
            }
        )*

        const EXPLORED: &[&str] = &[$($($pattern),+),*];
    };
}

explored! {
    the_theft_of_a_vulnerable_method_is_found: "vulnerable-*";
    no_order_of_two_calls_breaks_a_guarded_vault: "vault-spend", "vault-spend-locked";
    no_behaviour_of_the_guestbook_breaks_a_guarded_vault: "vault-spend-rogue", "vault-spend-locked-rogue";
    no_order_of_two_calls_beside_a_rogue_breaks_a_guarded_vault: "vault-spend-rogue-and-alice",
        "vault-spend-locked-rogue-and-alice";
    no_order_of_a_payment_and_another_method_of_a_safe_loses_money: "vault-spend-then-*", "vault-spend-locked-then-*";
    no_order_of_a_withdrawal_and_another_method_of_a_safe_loses_money: "vault-withdraw-then-*",
        "vault-close-then-*";
    no_order_of_a_deposit_and_another_method_of_a_safe_loses_money: "vault-deposit-then-*";
    no_order_of_payments_loses_money: "pay-two-guestbooks", "pay-and-leave";
    no_order_of_two_claims_pays_a_debt_twice: "claim-twice";
    a_payment_leaves_what_the_storage_of_a_debt_costs: "close-with-little-money";
    no_order_of_two_calls_pays_the_price_of_an_entry_twice: "unwatch-*", "watch-*";
    no_order_of_two_calls_at_an_order_loses_money: "retry-order-*", "cancel-order-*", "order-message-*";
    no_behaviour_of_a_payer_who_is_the_guestbook_loses_money: "order-of-the-rogue";
    no_order_of_answers_and_the_time_out_pays_a_question_twice: "question-*";
    no_order_pays_twice_when_a_callback_is_lost: "lost-callback-*";
    no_order_pays_twice_when_a_callback_is_late: "late-callback-*";
    nobody_ends_what_is_under_way: "early-end-*";
    no_forged_result_moves_money: "forged-callback*";
    no_forged_result_moves_money_of_a_study: "swap-forged-callback", "market-forged-callback",
        "market-tokens-forged-callback", "council-forged-callback", "trade-forged-callback", "trade-crafting-forged-callback";
    no_order_takes_a_token_without_a_message: "pay-with-tokens";
    no_order_of_two_batches_keeps_a_deposit: "two-batches*";
    no_order_of_two_launches_keeps_a_deposit_that_is_owed: "two-launches", "two-launches-in-chapter-5";
    a_contract_without_debts_keeps_a_deposit_that_it_cannot_advance: "two-launches-without-debts",
        "two-launches-with-20-near";
    no_order_of_two_sales_loses_a_token_or_its_price: "two-sales";
    no_pause_in_between_keeps_money: "pause-*";
    no_upgrade_in_between_keeps_money: "upgrade-during-*";
    no_upgrade_by_the_owner_in_between_keeps_money: "owners-upgrade-*";
    the_loss_by_an_upgrade_without_a_migration_is_found: "upgrade-without-migration";
    a_least_balance_keeps_the_deposits_of_failed_calls_out_of_the_earnings: "earnings-*";
}

#[test]
fn each_scenario_is_explored_by_one_test() {
    let here = SCENARIOS
        .iter()
        .filter(|scenario| !scenario.expected().is_empty());
    for scenario in here {
        let patterns = EXPLORED.iter();
        let names =
            patterns.filter(|pattern| named_by(pattern).any(|other| other.name == scenario.name));
        assert_eq!(names.count(), 1, "{}", scenario.name);
    }
}

#[test]
fn each_test_explores_a_scenario() {
    for pattern in EXPLORED {
        assert!(named_by(pattern).next().is_some(), "{pattern}");
    }
}

// ---- Kept schedules ----

#[test]
fn each_kept_schedule_still_breaks_its_invariant() {
    schedules::check();
}

#[test]
fn the_theft_of_the_vulnerable_vault_needs_no_failure() {
    let schedule = kept("vulnerable-spend").to_string();
    assert!(!schedule.contains("fails"), "{schedule}");
}

#[test]
fn the_theft_of_the_vulnerable_vault_is_drawn() {
    let scenario = scenarios::named("vulnerable-spend").expect("it is in the table");
    let replay = scenario.build().replay(kept("vulnerable-spend"));
    let replay = replay.expect("it fits");
    let transactions = replay.transactions.clone();
    let drawn = TestChain::of_replay(replay).timeline(&transactions);
    assert!(drawn.contains("vulnerable_spend_callback"), "{drawn}");
}

#[test]
fn a_guestbook_steals_by_a_call_back() {
    let schedule = kept("vulnerable-spend-rogue").to_string();
    assert!(
        schedule.contains("rogue.near=calls-back-vulnerable_spend"),
        "{schedule}"
    );
}

#[test]
fn a_guestbook_steals_by_a_failure_after_it_has_acted() {
    let schedule = kept("vulnerable-sign").to_string();
    assert!(schedule.contains(":acts-then-fails"), "{schedule}");
}
