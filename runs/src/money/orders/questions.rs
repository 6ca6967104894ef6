//! A question to the oracle: answered, answered twice, or too late.

use chain::explore::{Explore, Verdict, View, ensure, is_empty};
use near_primitives::action::Action;
use near_primitives::transaction::ExecutionStatus;
use near_primitives::types::Balance;
use serde_json::json;

use super::holdings::{checked, counts_each_entry, has_gained};
use crate::money::PRICE;
use crate::money::later::chain_with_oracle;
use crate::test_chain::{call, paid};

/// The fact that the contract has taken an answer.
const ANSWERED: &str = "answered";

/// Returns the scenario in which alice asks, and bob, the oracle, answers this many times. The question may time out
/// before, between and after. Payments to both may fail.
pub fn bob_answers(times: usize) -> Explore {
    let scenario = chain_with_oracle()
        .explore("a-question")
        .transaction("alice.near", "app.near", vec![ask()])
        .may_fail("alice.near")
        .may_fail("bob.near");
    let scenario = checked(scenario).always("each open question is counted", counts_each_entry);
    let scenario = scenario.at_end(
        "no question is left",
        is_empty("app.near", "get_question", json!({ "id": 0 })),
    );
    let scenario = (0..times).fold(scenario, |scenario, _| {
        scenario.transaction("bob.near", "app.near", vec![answer()])
    });
    with_fee(scenario)
}

/// Lets bob answer once, and checks that he is paid for that.
pub(super) fn bob_is_paid_for_his_answer(scenario: Explore) -> Explore {
    with_fee(scenario.transaction("bob.near", "app.near", vec![answer()]))
}

/// Returns the question of alice.
pub(super) fn ask() -> Action {
    let ask = call("ask_oracle", json!({ "text": "Will it rain?" }));
    paid(ask, Balance::from_near(1))
}

/// Returns the call that cancels it.
pub(super) fn cancel() -> Action {
    call("cancel_question", json!({ "id": 0 }))
}

/// Returns an answer of bob.
pub(super) fn answer() -> Action {
    call("answer_question", json!({ "id": 0, "answer": "Yes" }))
}

/// Checks that alice pays the fee to bob if his answer was taken, and nothing else.
fn with_fee(scenario: Explore) -> Explore {
    scenario
        .remember(|outcome| {
            let outcome = &outcome.outcome;
            let is_answer = outcome
                .logs
                .iter()
                .any(|log| log.starts_with("answer_question runs"));
            let has_failed = matches!(outcome.status, ExecutionStatus::Failure(_));
            (is_answer && !has_failed).then(|| ANSWERED.to_owned())
        })
        .at_rest("alice pays bob for an answer", pays_for_an_answer)
}

fn pays_for_an_answer(view: &View) -> Verdict {
    let fee = match view.facts().contains(&ANSWERED) {
        true => PRICE.as_yoctonear() as i128,
        false => 0,
    };
    let (alice, bob) = (has_gained(view, "alice.near"), has_gained(view, "bob.near"));
    ensure((alice, bob) == (-fee, fee), || {
        format!("alice has {alice} yoctoNEAR more, bob {bob}, and the fee is {fee}")
    })
}
