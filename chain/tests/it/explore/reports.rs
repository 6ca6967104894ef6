//! Reports: they say what was explored, and never more.

use chain::explore::{Explore, Search, Time, ensure};
use serde_json::json;

use super::*;

/// Returns a scenario with many orders, none of which is a fault.
fn many() -> Explore {
    let calls = || {
        runs(json!([
            let_run(B, json!([])),
            let_run(C, json!([])),
            let_run(D, json!([]))
        ]))
    };
    Explore::new("many", &probes())
        .transaction(ALICE, A, calls())
        .transaction(BOB, A, calls())
        .always("alice exists", |view| {
            ensure(view.account(ALICE).is_some(), || "she does not".to_owned())
        })
}

#[test]
fn a_complete_report_says_all_orders() {
    let report = explored(many());
    report.assert_complete();
    assert!(
        report
            .to_string()
            .contains("complete: all orders (delivery fifo, time fixed)"),
        "{report}"
    );
    assert!(report.checks >= report.states as u64);
}

#[test]
fn a_report_with_a_bound_never_says_all_orders() {
    for (report, expected) in [
        (explored(many().at_most_states(10)), "bounded by 10 states"),
        (explored(many().at_most_steps(10)), "bounded by 10 steps"),
    ] {
        assert!(!report.is_complete());
        let text = report.to_string();
        assert!(
            text.contains(expected) && text.contains("at least"),
            "{text}"
        );
        assert!(!text.contains("all orders"), "{text}");
    }
}

#[test]
#[should_panic(expected = "not every schedule was explored")]
fn a_bounded_report_is_not_complete() {
    explored(many().at_most_states(10)).assert_complete();
}

#[test]
#[should_panic(expected = "Replay it: many fifo:")]
fn a_violation_panics_with_its_schedule() {
    let report = explored(many().at_rest("nobody calls", |view| {
        ensure(
            view.balance(A) != near(0) && view.at_start().is_at_rest(),
            String::new,
        )?;
        Err("somebody calls".into())
    }));
    report.assert_holds();
}

#[test]
fn a_random_report_says_its_seed_and_its_number_of_schedules() {
    let report = many().random(7, 20).expect("it can be explored");
    report.assert_holds();
    assert_eq!(report.search, Search::Random { seed: 7 });
    assert_eq!(report.schedules, 20);
    assert!(!report.is_complete());
    let text = report.to_string();
    assert!(text.contains("random walks, seed 7"), "{text}");
    assert!(!text.contains("all orders"), "{text}");
}

#[test]
fn a_seed_gives_the_same_walks_again() {
    let walk = |seed| {
        let report = many().random(seed, 5).expect("it can be explored");
        (report.states, report.steps, report.checks)
    };
    assert_eq!(walk(1), walk(1));
    assert!((2..10).any(|seed| walk(seed) != walk(1)));
}

#[test]
fn random_walks_find_a_fault_that_is_not_rare_and_shrink_it() {
    let write = |value: &str| runs(json!([let_run(D, json!([write("key", value)]))]));
    let explore = Explore::new("race", &probes())
        .transaction(ALICE, A, write("alice"))
        .transaction(BOB, B, write("bob"))
        .at_end("alice is the last", |view| {
            let value = view.data(D, b"key");
            ensure(value.as_deref() == Some(b"alice"), || format!("{value:?}"))
        });
    let report = explore.random(1, 100).expect("it can be explored");
    let found = report
        .counterexample
        .expect("bob is the last in half of the orders");
    assert_eq!(found.schedule.steps.len(), 6);
    assert!(
        explore
            .replay(&found.schedule)
            .is_ok_and(|replay| replay.violation.is_some())
    );
}

/// The nonce of a new key follows from the height.
#[test]
fn time_rises_only_if_it_is_asked_for() {
    let adds_a_key = || {
        Explore::new("time", &probes())
            .transaction(ALICE, ALICE, vec![add_full_access_key("new")])
            .transaction(BOB, BOB, vec![transfer(near(1))])
    };
    assert_eq!(explored(adds_a_key()).end_states, 1);
    let rising = explored(adds_a_key().time(Time::Rising(1)));
    assert_eq!(rising.end_states, 3, "{rising}");
    assert!(rising.to_string().contains("time rising)"));
}

#[test]
fn a_report_says_by_how_many_blocks_time_rises() {
    let report = explored(many().time(Time::Rising(1_000)).at_most_states(10));
    let text = report.to_string();

    assert!(text.contains("time rising by 1000 blocks)"), "{text}");
}
