//! Yields: resumes are messages, and time-outs are steps.

use std::sync::LazyLock;

use chain::explore::{Delivery, Explore, ensure};
use near_primitives::transaction::ExecutionStatus;
use near_primitives::types::{Balance, Gas};

use super::*;

const YIELDS: &[u8] = include_bytes!("../../fixtures/yields.wasm");
const WAITER: &str = "waiter.near";
const ID: [u8; 32] = [7; 32];

static CHAIN: LazyLock<Chain> = LazyLock::new(|| {
    let mut chain = chain(&[(ALICE, near(100)), (BOB, near(100)), (WAITER, near(100))]);
    deploy(&mut chain, WAITER, YIELDS);
    chain
});

fn calls(method: &str, args: Vec<u8>) -> Vec<Action> {
    vec![call(method, args, Gas::from_teragas(100), Balance::ZERO)]
}

/// Returns a scenario in which alice waits, and the values that the waiter returns are facts.
fn waits() -> Explore {
    Explore::new("yield", &CHAIN)
        .transaction(ALICE, WAITER, calls("wait_with_id", ID.to_vec()))
        .remember(|outcome| match &outcome.outcome.status {
            ExecutionStatus::SuccessValue(value) => {
                Some(String::from_utf8_lossy(value).into_owned())
            }
            _ => None,
        })
}

fn resume(payload: &str) -> Vec<Action> {
    calls("resume_with_id", [&ID, payload.as_bytes()].concat())
}

#[test]
fn a_yield_that_nobody_resumes_times_out() {
    let report = explored(waits().at_end("it timed out", |view| {
        let facts = view.facts();
        ensure(facts == ["timed out"], || format!("{facts:?}"))
    }));
    report.assert_complete();
    // It is sent, runs and waits, expires, and times out.
    assert_eq!((report.schedules, report.states), (1, 5), "{report}");
}

#[test]
fn a_yield_is_resumed_or_times_out_and_never_both() {
    for delivery in [Delivery::Fifo, Delivery::Overtaking] {
        let report = explored(
            waits()
                .transaction(BOB, WAITER, resume("hello"))
                .delivery(delivery)
                .at_end("one of both", |view| {
                    let facts = view.facts();
                    let times = |text: &str| facts.iter().filter(|fact| **fact == text).count();
                    ensure(times("hello") + times("timed out") == 1, || {
                        format!("{facts:?}")
                    })
                }),
        );
        report.assert_complete();
        // Resumed ("1" and the payload), too early or too late ("0" and "timed out"), or found when the time-out was
        // already under way: then the time-out is ignored ("1" and the payload).
        assert_eq!(report.end_states, 2, "{report}");
    }
}

#[test]
fn a_time_out_may_come_before_another_transaction() {
    let report = explored(waits().transaction(BOB, WAITER, resume("hello")).at_end(
        "bob is in time",
        |view| {
            ensure(!view.facts().contains(&"timed out"), || {
                "it timed out".to_owned()
            })
        },
    ));
    let found = report.counterexample.expect("a time-out may come first");
    assert!(
        found.schedule.to_string().contains("1.1:expires"),
        "{}",
        found.schedule
    );
}

#[test]
fn a_call_that_resumes_its_own_yield_does_not_time_out() {
    let report = explored(Explore::new("itself", &CHAIN).transaction(
        ALICE,
        WAITER,
        calls("wait_and_resume", b"hello".to_vec()),
    ));
    // It is sent, runs, and its resume is delivered.
    assert_eq!((report.schedules, report.states), (1, 4), "{report}");
}

#[test]
fn yields_of_one_account_expire_in_the_order_in_which_they_were_made() {
    let other = [8; 32].to_vec();
    let report = explored(waits().transaction(ALICE, WAITER, calls("wait_with_id", other)));
    assert!(report.is_complete());
    let fifo = report.schedules;
    assert!(fifo > 1);
    assert_eq!(report.end_states, 1, "{report}");
}
