//! A question to the oracle: answered, answered twice, or too late.

use chain::explore::{Explore, is_empty};
use near_primitives::types::Balance;
use serde_json::json;

use super::holdings::holds_what_it_owes;
use crate::money::later::chain_with_oracle;
use crate::test_chain::{call, paid};

/// Returns the scenario in which alice asks, and bob, the oracle, answers this many times. The question may time out
/// before, between and after. Payments to both may fail.
pub fn bob_answers(times: usize) -> Explore {
    let ask = call("ask_oracle", json!({ "text": "Will it rain?" }));
    let answer = || call("answer_question", json!({ "id": 0, "answer": "Yes" }));
    let scenario = chain_with_oracle().explore("a-question").transaction(
        "alice.near",
        "app.near",
        vec![paid(ask, Balance::from_near(1))],
    );
    (0..times)
        .fold(scenario, |scenario, _| {
            scenario.transaction("bob.near", "app.near", vec![answer()])
        })
        .may_fail("alice.near")
        .may_fail("bob.near")
        .at_rest("app.near holds what it owes", holds_what_it_owes)
        .at_end(
            "no question is left",
            is_empty("app.near", "get_question", json!({ "id": 0 })),
        )
}
