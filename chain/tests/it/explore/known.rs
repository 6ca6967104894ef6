//! Scenarios whose orders and states are counted by hand.

use chain::explore::{Delivery, Explore, Time, ensure};
use near_primitives::types::Balance;
use serde_json::json;

use super::*;

#[test]
fn a_scenario_without_transactions_has_one_schedule_and_one_state() {
    let report = explored(Explore::new("empty", &probes()));
    assert_eq!((report.schedules, report.states, report.steps), (1, 1, 0));
    assert!(report.is_complete());
}

/// Each transaction is two steps: it is sent, and its receipt is delivered. Two pairs of steps in order have
/// 4! / (2! · 2!) orders.
#[test]
fn two_transfers_of_different_signers_have_six_schedules_and_one_end() {
    for report in in_both_modes(|| {
        Explore::new("transfers", &probes())
            .transaction(ALICE, CAROL, vec![transfer(near(1))])
            .transaction(BOB, CAROL, vec![transfer(near(1))])
    }) {
        assert_eq!((report.schedules, report.states), (6, 9), "{report}");
        assert_eq!(report.end_states, 1);
    }
}

#[test]
fn two_receipts_of_one_call_for_different_accounts_have_two_schedules() {
    let report = explored(Explore::new("two", &probes()).transaction(
        ALICE,
        A,
        runs(json!([let_run(B, json!([])), let_run(C, json!([]))])),
    ));
    assert_eq!((report.schedules, report.end_states), (2, 1), "{report}");
}

/// The two steps before are the transaction and its receipt.
#[test]
fn n_receipts_for_n_accounts_have_all_permutations_as_schedules_and_all_subsets_as_states() {
    let receivers = [B, C, D, BOB, CAROL];
    for n in 1..=receivers.len() {
        let calls: Vec<_> = receivers[..n]
            .iter()
            .map(|id| json!({"create": {"to": id, "actions": [{"transfer": {"yocto": "1"}}]}}))
            .collect();
        let report =
            explored(Explore::new("n", &probes()).transaction(ALICE, A, runs(json!(calls))));
        let permutations: u128 = (1..=n as u128).product();
        assert_eq!(report.schedules, permutations);
        assert_eq!(report.states, 2 + (1 << n));
        assert_eq!(report.steps, 2 + n as u64 * (1 << (n - 1)));
    }
}

fn diamond(left: serde_json::Value, right: serde_json::Value) -> Explore {
    let calls = json!([
        let_run_with(100, B, json!([let_run(D, json!([left]))])),
        let_run_with(100, C, json!([let_run(D, json!([right]))])),
    ]);
    Explore::new("diamond", &probes()).transaction(ALICE, A, runs(calls))
}

#[test]
fn a_diamond_that_commutes_has_one_end() {
    let report = explored(diamond(write("left", "1"), write("right", "1")));
    assert_eq!((report.schedules, report.end_states), (6, 1), "{report}");
}

#[test]
fn a_diamond_whose_sides_write_one_key_has_two_ends() {
    let report = explored(diamond(write("key", "left"), write("key", "right")));
    assert_eq!((report.schedules, report.end_states), (6, 2), "{report}");
}

#[test]
fn receipts_between_two_accounts_keep_their_order_unless_they_may_overtake() {
    let [fifo, overtaking] = in_both_modes(|| {
        let twice = json!([
            let_run(B, json!([write("key", "first")])),
            let_run(B, json!([write("key", "second")])),
        ]);
        Explore::new("twice", &probes()).transaction(ALICE, A, runs(twice))
    });
    assert_eq!((fifo.schedules, fifo.end_states), (1, 1));
    assert_eq!((overtaking.schedules, overtaking.end_states), (2, 2));
}

#[test]
fn receipts_of_an_account_to_itself_keep_their_order_too() {
    let [fifo, overtaking] = in_both_modes(|| {
        let twice = json!([
            let_run(A, json!([write("key", "first")])),
            let_run(A, json!([write("key", "second")])),
        ]);
        Explore::new("twice", &probes()).transaction(ALICE, A, runs(twice))
    });
    assert_eq!((fifo.schedules, overtaking.schedules), (1, 2));
}

/// The predecessor of a refund is `system`, but it comes from where the receipt has failed: behind what that
/// account has sent before. The steps of the two transactions are `+1 1 1.1` and `+2 2 2.1`, where `+1 +2`, `1 2`
/// and `1.1 2.1` are in order too: five schedules.
#[test]
fn a_refund_does_not_overtake_what_its_account_has_sent_before() {
    let pays = json!([{"create": {"to": ALICE, "actions": [{"transfer": {"yocto": "1"}}]}}]);
    let fails = program(json!([{"panic": {"text": "no"}}]), 100, near(1));
    let [fifo, overtaking] = in_both_modes(|| {
        Explore::new("refund", &probes())
            .transaction(ALICE, B, runs(pays.clone()))
            .transaction(ALICE, B, vec![fails.clone()])
    });
    assert_eq!(fifo.schedules, 5, "{fifo}");
    assert!(overtaking.schedules > 5);
}

/// A chunk runs the receipt of a transaction that its signer has sent to itself before the receipts that come in
/// (`SPEC.md` §5), although these were sent earlier. The steps are `+1 1 1.1` and `+2 2`, where `+1 +2` and `1 2` are in
/// order too: five schedules. On one way, only three would be left.
#[test]
fn a_local_receipt_does_not_wait_behind_receipts_of_its_account_to_itself() {
    let later = json!([let_run(A, json!([write("key", "receipt")]))]);
    let report = explored(
        Explore::new("local", &probes())
            .transaction(A, A, runs(later))
            .transaction(A, A, runs(json!([write("key", "local")]))),
    );
    assert_eq!((report.schedules, report.end_states), (5, 2), "{report}");
}

/// Two rows of three steps have 6! / (3! · 3!) orders and 4 · 4 states, if the order in which messages were sent is no
/// part of a state.
#[test]
fn messages_that_may_overtake_have_no_order() {
    let [_, overtaking] = in_both_modes(|| {
        let calls = || runs(json!([let_run(B, json!([]))]));
        Explore::new("rows", &probes())
            .transaction(ALICE, A, calls())
            .transaction(BOB, A, calls())
    });
    assert_eq!((overtaking.schedules, overtaking.states), (20, 16));
}

#[test]
fn transactions_of_one_key_are_sent_in_the_order_of_their_nonces() {
    let report = explored(
        Explore::new("nonces", &probes())
            .transaction(ALICE, BOB, vec![transfer(near(1))])
            .transaction(ALICE, BOB, vec![transfer(near(2))])
            .transaction(ALICE, BOB, vec![transfer(near(3))])
            .delivery(Delivery::Overtaking)
            .always("no transaction is refused", |view| {
                let paid = near(100).saturating_sub(view.balance(ALICE));
                ensure([0, 1, 3, 6].map(near).contains(&paid), || {
                    format!("alice has paid {paid}")
                })
            }),
    );
    report.assert_complete();
    assert_eq!(report.end_states, 1);
}

#[test]
fn a_callback_runs_after_all_its_answers_in_every_order() {
    let value = |text: &str| json!([{"return": {"text": text}}]);
    let call = json!([
        let_run(B, value("1")),
        let_run(C, value("2")),
        {"and": {"of": [0, 1]}},
        {"then": {"after": 2, "to": A, "actions": [
            {"run": {"program": ["return_results"], "tgas": 20}}]}},
        {"return_promise": {"of": 3}},
    ]);
    for report in in_both_modes(|| {
        Explore::new("join", &probes())
            .transaction(ALICE, A, runs(call.clone()))
            .remember(|outcome| match &outcome.outcome.status {
                near_primitives::transaction::ExecutionStatus::SuccessValue(value) => {
                    Some(String::from_utf8_lossy(value).into_owned())
                }
                _ => None,
            })
            .at_end("the callback has both answers", |view| {
                let facts = view.facts();
                ensure(facts.contains(&r#"["1","2"]"#), || format!("{facts:?}"))
            })
    }) {
        report.assert_complete();
        assert_eq!(report.end_states, 1);
        // The two calls, the two answers and the waiting receipt: answers travel after their calls, on channels of
        // their own. 5! / (2 · 2).
        assert_eq!(report.schedules, 30, "{report}");
    }
}

/// One trie of all accounts would make a write at `b.near` cost other gas after a write at `c.near`, and the promise
/// that gets the unused gas would be another one.
#[test]
fn the_gas_on_one_account_does_not_depend_on_another_account() {
    let weighted = json!({"create": {"to": D, "actions": [
        {"run": {"program": ["log_gas"], "tgas": 1, "weight": 1}}]}});
    let call = json!([
        let_run(B, json!([write("key", "value"), weighted])),
        let_run(
            C,
            json!([
                write("b", "value"),
                write("c", "value"),
                write("k", "value")
            ])
        ),
    ]);
    let report = explored(
        Explore::new("gas", &probes())
            .transaction(ALICE, A, runs(call))
            .remember(|outcome| Some(outcome.outcome.logs.concat())),
    );
    assert_eq!((report.schedules, report.end_states), (3, 1), "{report}");
}

#[test]
fn states_with_other_facts_are_not_merged() {
    let reads = |side: &str| {
        json!([let_run(
            D,
            json!([
            {"log": {"text": side}}, {"read": {"key": "key"}}, write("key", "1")])
        )])
    };
    let calls = json!([
        let_run_with(100, B, reads("left")),
        let_run_with(100, C, reads("right")),
    ]);
    let explore = || Explore::new("facts", &probes()).transaction(ALICE, A, runs(calls.clone()));
    assert_eq!(explored(explore()).end_states, 1);
    let with_logs = explore().remember(|outcome| Some(outcome.outcome.logs.concat()));
    assert_eq!(explored(with_logs).end_states, 2);
}

#[test]
fn an_account_can_be_created_and_deleted_in_every_order() {
    let creates = json!([{"create": {"to": "new.a.near", "actions": ["create_account",
        {"transfer": {"yocto": "7"}}]}}]);
    for report in in_both_modes(|| {
        Explore::new("new", &probes())
            .transaction(ALICE, A, runs(creates.clone()))
            .transaction(
                BOB,
                "new.a.near",
                vec![transfer(Balance::from_yoctonear(1))],
            )
            .at_end("the money is somewhere", |view| {
                let balance = view.balance("new.a.near").as_yoctonear();
                ensure([7, 8].contains(&balance), || format!("{balance}"))
            })
    }) {
        report.assert_complete();
        assert_eq!(report.end_states, 2);
    }
}

#[test]
fn a_fast_and_a_slow_way_to_one_state_are_both_counted() {
    let report = explored(
        Explore::new("rising", &probes())
            .transaction(ALICE, CAROL, vec![transfer(near(1))])
            .transaction(BOB, CAROL, vec![transfer(near(1))])
            .time(Time::Rising(1)),
    );
    // In time nothing is merged but the accounts: each schedule has an end of its own.
    assert_eq!(report.schedules, 6, "{report}");
    assert!(report.states > 9);
}
