//! Failures by choice.

use chain::explore::{Explore, ensure, no_money_appears};
use near_primitives::transaction::{ExecutionOutcomeWithId, ExecutionStatus};
use serde_json::json;

use super::*;

/// Returns a scenario in which `a.near` pays `b.near`, which writes a key and returns a value, and a callback logs the
/// answer.
fn call_with_callback() -> Explore {
    let pays = json!({"create": {"to": B, "actions": [{"run": {
        "program": [write("key", "value"), {"return": {"text": "yes"}}],
        "tgas": 30, "yocto": "7"}}]}});
    let call = json!([
        pays,
        {"then": {"after": 0, "to": A, "actions": [
            {"run": {"program": ["return_results"], "tgas": 20}}]}},
        {"return_promise": {"of": 1}},
    ]);
    Explore::new("call", &probes())
        .transaction(ALICE, A, runs(call))
        .remember(returned_by_a)
}

/// Returns the value of an outcome on `a.near`.
fn returned_by_a(outcome: &ExecutionOutcomeWithId) -> Option<String> {
    match &outcome.outcome.status {
        ExecutionStatus::SuccessValue(value) if outcome.outcome.executor_id == A => {
            Some(String::from_utf8_lossy(value).into_owned())
        }
        _ => None,
    }
}

#[test]
fn a_receipt_without_a_choice_goes_well() {
    let report = explored(call_with_callback().at_end("yes", |view| {
        let facts = view.facts();
        ensure(facts.contains(&r#"["yes"]"#), || format!("{facts:?}"))
    }));
    report.assert_complete();
}

/// The answer, the key and the deposit of 7 yoctoNEAR, in each of the three cases.
#[test]
fn a_receipt_that_may_fail_has_three_endings() {
    let report = explored(call_with_callback().may_fail(B).at_end(
        "the answer fits the storage and the money",
        |view| {
            let answered = view.facts().contains(&r#"["yes"]"#);
            let has_key = view.data(B, b"key").is_some();
            let paid = view.balance(B).as_yoctonear() - view.at_start().balance(B).as_yoctonear();
            ensure(
                [(true, true, 7), (false, false, 0), (false, true, 7)]
                    .contains(&(answered, has_key, paid)),
                || format!("{answered} {has_key} {paid}"),
            )
        },
    ));
    report.assert_complete();
    assert_eq!(report.end_states, 3, "{report}");
}

#[test]
fn a_failed_receipt_refunds_its_deposit_and_no_money_appears() {
    let report = explored(
        call_with_callback()
            .may_fail(B)
            .always("no money appears", no_money_appears(&[ALICE, A, B]))
            .at_end("no money is lost", |view| {
                let sum = |view: &chain::explore::View| {
                    [ALICE, A, B]
                        .map(|id| view.balance(id).as_yoctonear())
                        .iter()
                        .sum::<u128>()
                };
                ensure(sum(view) == sum(&view.at_start()), || {
                    format!("{}", sum(view))
                })
            }),
    );
    report.assert_complete();
}

#[test]
fn a_receipt_that_nobody_waits_for_has_two_endings() {
    let call = json!([let_run(B, json!([write("key", "value")]))]);
    let report = explored(
        Explore::new("detached", &probes())
            .transaction(ALICE, A, runs(call))
            .may_fail(B),
    );
    assert_eq!(report.end_states, 2, "{report}");
}

/// The result of a receipt is that of its last action, and a transfer returns no promise.
#[test]
fn a_receipt_that_ends_with_a_transfer_cannot_act_and_then_fail() {
    let call = json!([
        {"create": {"to": B, "actions": [
            {"run": {"program": [write("key", "value")], "tgas": 30}},
            {"transfer": {"yocto": "0"}}]}},
        {"then": {"after": 0, "to": A, "actions": [
            {"run": {"program": ["return_results"], "tgas": 20}}]}},
    ]);
    let report = explored(
        Explore::new("transfer", &probes())
            .transaction(ALICE, A, runs(call))
            .may_fail(B)
            .remember(returned_by_a),
    );
    assert_eq!(report.end_states, 2, "{report}");
}

#[test]
fn a_receipt_that_fails_by_itself_has_no_choice() {
    let call = json!([let_run(B, json!([{"panic": {"text": "no"}}]))]);
    let report = explored(
        Explore::new("fails", &probes())
            .transaction(ALICE, A, runs(call))
            .may_fail(B),
    );
    assert_eq!(report.end_states, 1, "{report}");
}

/// The callback waits in the state when it is given another ending.
#[test]
fn a_callback_of_an_account_that_may_fail_has_a_choice_too() {
    let call = json!([
        let_run(B, json!([])),
        {"then": {"after": 0, "to": C, "actions": [
            {"run": {"program": [write("key", "value")], "tgas": 20}}]}},
    ]);
    let report = explored(
        Explore::new("callback", &probes())
            .transaction(ALICE, A, runs(call))
            .may_fail(C),
    );
    assert_eq!(report.end_states, 2, "{report}");
}

#[test]
fn refunds_do_not_fail_by_choice() {
    let fails = program(json!([{"panic": {"text": "no"}}]), 100, near(1));
    let report = explored(
        Explore::new("refund", &probes())
            .transaction(ALICE, B, vec![fails])
            .may_fail(ALICE)
            .at_end("alice has her money", |view| {
                ensure(
                    view.balance(ALICE) >= view.at_start().balance(ALICE),
                    String::new,
                )
            }),
    );
    report.assert_complete();
    assert_eq!(report.end_states, 1);
}

#[test]
fn money_under_way_is_counted() {
    let report = explored(
        Explore::new("transfer", &probes())
            .transaction(ALICE, BOB, vec![transfer(near(1))])
            .always("nothing vanishes", |view| {
                let bob = view.balance(BOB).saturating_add(view.under_way_to(BOB));
                let sum = view.balance(ALICE).saturating_add(bob);
                ensure(
                    sum == view.at_start().balance(ALICE).saturating_add(near(100)),
                    || format!("{sum}"),
                )
            }),
    );
    report.assert_holds();
}
