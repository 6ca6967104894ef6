//! Schedules as texts, and their replays.

use chain::explore::{Explore, ExploreError, ReplayError, Schedule, ScheduleError, ensure};
use chain::views::final_outcome_with_receipts;
use near_primitives::state_record::StateRecord;
use near_primitives::views::FinalExecutionStatus;
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Returns a scenario in which two calls race for a key at `d.near`.
fn race() -> Explore {
    let write = |value: &str| runs(json!([let_run(D, json!([write("key", value)]))]));
    Explore::new("race", &probes())
        .transaction(ALICE, A, write("alice"))
        .transaction(BOB, B, write("bob"))
        .transaction(CAROL, C, write("carol"))
        .at_rest("bob is not the last", |view| {
            let value = view.data(D, b"key");
            ensure(value.as_deref() != Some(b"bob"), || format!("{value:?}"))
        })
}

#[test]
fn the_shortest_schedule_has_only_the_transaction_that_matters() {
    let report = explored(race());
    let found = report.counterexample.expect("bob may be the last");
    assert_eq!(found.schedule.to_string(), "race fifo: +2 2 2.1");
    assert_eq!(found.steps.len(), 3);
}

#[test]
fn a_failure_that_does_not_matter_is_left_out() {
    let report = explored(race().may_fail(C).may_fail(A));
    let found = report.counterexample.expect("bob may be the last");
    assert_eq!(found.schedule.to_string(), "race fifo: +2 2 2.1");
}

#[test]
fn a_failure_that_matters_stays() {
    let call = json!([let_run(B, json!([write("key", "value")]))]);
    let report = explored(
        Explore::new("fails", &probes())
            .transaction(ALICE, A, runs(call))
            .may_fail(B)
            .may_fail(A)
            .at_end("it is written", |view| {
                ensure(view.data(B, b"key").is_some(), || "it is not".to_owned())
            }),
    );
    let found = report.counterexample.expect("the receipt may fail");
    assert!(
        found.schedule.to_string().contains(":fails"),
        "{}",
        found.schedule
    );
}

#[test]
fn one_transaction_is_simpler_than_two_with_fewer_steps() {
    let pays = json!([{"create": {"to": BOB, "actions": [
        {"transfer": {"yocto": near(2).as_yoctonear().to_string()}}]}}]);
    let through_two = json!([let_run_with(100, B, json!([let_run(C, pays)]))]);
    let report = explored(
        Explore::new("pays", &probes())
            .transaction(ALICE, BOB, vec![transfer(near(1))])
            .transaction(CAROL, BOB, vec![transfer(near(1))])
            .transaction(A, A, runs(through_two))
            .always("bob gets less than 2 NEAR", |view| {
                ensure(view.balance(BOB) < near(102), || "he gets 2".to_owned())
            }),
    );
    let found = report.counterexample.expect("there are two ways");
    assert_eq!(
        found.schedule.to_string(),
        "pays fifo: +3 3 3.1 3.1.1 3.1.1.1"
    );
}

#[test]
fn an_order_without_a_failure_is_simpler_than_one_with_fewer_steps() {
    let writes = json!([let_run_with(
        100,
        B,
        json!([write("key", "1"), let_run(D, json!([]))])
    )]);
    let removes = json!([let_run(B, json!([{"remove": {"key": "key"}}]))]);
    let report = explored(
        Explore::new("removes", &probes())
            .transaction(ALICE, A, runs(writes))
            .transaction(BOB, C, runs(removes))
            .may_fail(B)
            .at_end("the key is there", |view| {
                ensure(view.data(B, b"key").is_some(), || "it is not".to_owned())
            }),
    );
    let found = report.counterexample.expect("it may be removed after");
    let schedule = found.schedule.to_string();
    assert!(!schedule.contains("fails"), "{schedule}");
    assert_eq!(found.schedule.steps.len(), 7);
}

#[test]
fn the_counterexample_of_a_random_walk_is_the_shortest_one() {
    let report = race().random(3, 100).expect("it can be explored");
    let found = report.counterexample.expect("bob is the last now and then");
    assert_eq!(found.schedule.to_string(), "race fifo: +2 2 2.1");
}

#[test]
fn a_counterexample_replays_from_its_text() {
    let found = explored(race())
        .counterexample
        .expect("bob may be the last");
    let schedule: Schedule = found.schedule.to_string().parse().expect("it was printed");
    let replay = race().replay(&schedule).expect("it fits");
    let violation = replay.violation.expect("the invariant does not hold");
    assert_eq!(violation.invariant, "bob is not the last");
    assert_eq!(violation.violation, found.violation);
    assert_eq!(violation.steps, 3);
    assert!(replay.added.is_empty());
}

#[test]
fn a_replay_runs_to_the_end_and_its_chain_has_the_outcomes() {
    let schedule = "race fifo: +1 1".parse().expect("it is a schedule");
    let replay = race().replay(&schedule).expect("it fits");
    let added: Vec<_> = replay.added.iter().map(ToString::to_string).collect();
    assert_eq!(added, ["1.1"]);
    let outcome = final_outcome_with_receipts(&replay.chain, &replay.transactions[0]);
    let outcome = outcome.expect("the transaction has run");
    assert_eq!(
        outcome.final_outcome.status,
        FinalExecutionStatus::SuccessValue(Vec::new())
    );
    assert_eq!(outcome.receipts.len(), 2);
    let data = replay.chain.head().state.data(&account(D), b"key").next();
    assert_eq!(data.expect("it was written").1[..], *b"alice");
}

#[test]
fn a_schedule_that_no_longer_fits_says_where() {
    let schedule = "race fifo: +1 1 2.1".parse().expect("it is a schedule");
    match race().replay(&schedule) {
        Err(ReplayError::Step {
            number,
            step,
            possible,
        }) => {
            assert_eq!((number, step.as_str()), (3, "2.1"));
            assert_eq!(possible, "1.1 +2 +3");
        }
        other => panic!("it does not fit: {:?}", other.err()),
    }
}

#[test]
fn a_schedule_of_another_scenario_is_refused() {
    let schedule = "other fifo: +1".parse().expect("it is a schedule");
    assert!(matches!(
        race().replay(&schedule),
        Err(ReplayError::Scenario { .. })
    ));
}

#[test]
fn a_schedule_with_an_unknown_behaviour_is_refused() {
    let schedule = "race fifo d.near=panics: +1"
        .parse()
        .expect("it is a schedule");
    assert!(matches!(
        race().replay(&schedule),
        Err(ReplayError::Behaviours(_))
    ));
}

/// Returns a record of the probe's storage.
fn record(key: &str, value: &str) -> StateRecord {
    StateRecord::Data {
        account_id: account(D),
        data_key: key.as_bytes().to_vec().into(),
        value: value.as_bytes().to_vec().into(),
    }
}

#[test]
fn a_behaviour_is_a_choice_at_the_start_and_stands_in_the_schedule() {
    let explore = Explore::new("behaviours", &probes())
        .behaviours(
            D,
            [
                ("good", vec![record("key", "good")]),
                ("bad", vec![record("key", "bad")]),
            ],
        )
        .transaction(ALICE, D, runs(json!([write("other", "1")])))
        .at_end("the probe is good", |view| {
            ensure(view.data(D, b"key").as_deref() == Some(b"good"), || {
                "it is bad".to_owned()
            })
        });
    let found = explored(explore).counterexample.expect("it may be bad");
    assert_eq!(
        found.schedule.to_string(),
        "behaviours fifo d.near=bad: +1 1"
    );
}

#[test]
fn a_scenario_that_cannot_be_explored_is_refused() {
    let mut busy = probes();
    let transaction = sign(&busy, ALICE, BOB, vec![transfer(near(1))]);
    busy.submit(transaction).expect("it is valid");
    assert!(matches!(
        Explore::new("busy", &busy).run(),
        Err(ExploreError::NotIdle)
    ));

    let chain = probes();
    assert!(matches!(
        Explore::new("two words", &chain).run(),
        Err(ExploreError::Name(_))
    ));
    assert!(matches!(
        Explore::new("id", &chain).may_fail("No Account").run(),
        Err(ExploreError::AccountId(_))
    ));
    let by_nobody = Explore::new("nobody", &chain).transaction("nobody.near", BOB, vec![]);
    assert!(matches!(
        by_nobody.run(),
        Err(ExploreError::Transaction { number: 1, .. })
    ));
    let without = Explore::new("none", &chain).behaviours(D, []);
    assert!(matches!(without.run(), Err(ExploreError::NoBehaviour(_))));
}

#[test]
fn a_text_that_is_no_schedule_is_refused() {
    for (text, expected) in [
        ("race fifo +1 1", ScheduleError::NoSteps),
        ("race lifo: +1", ScheduleError::Delivery),
        (
            "race fifo rogue: +1",
            ScheduleError::Behaviour("rogue".to_owned()),
        ),
        ("race fifo: +0", ScheduleError::Step("+0".to_owned())),
        ("race fifo: 1..2", ScheduleError::Step("1..2".to_owned())),
        (
            "race fifo: 1.2:dances",
            ScheduleError::Step("1.2:dances".to_owned()),
        ),
    ] {
        assert_eq!(text.parse::<Schedule>(), Err(expected), "{text}");
    }
}

proptest! {
    #[test]
    fn a_schedule_reads_as_it_is_printed(
        steps in proptest::collection::vec("(\\+[1-9][0-9]?|[1-9](\\.[1-9][0-9]?){0,4}~?(:fails|:acts-then-fails|:expires)?)", 0..9),
        behaviour in proptest::option::of("[a-z]{1,9}"),
    ) {
        let behaviour = behaviour.map_or(String::new(), |name| format!(" d.near={name}"));
        let steps: String = steps.iter().map(|step| format!(" {step}")).collect();
        let text = format!("race overtaking{behaviour}:{steps}");
        let schedule: Schedule = text.parse().expect("it is a schedule");
        prop_assert_eq!(schedule.to_string(), text);
    }

    #[test]
    fn a_text_never_makes_the_parser_panic(text in ".{0,40}") {
        let _ = text.parse::<Schedule>();
    }
}
