//! Orders that were stored after a failed attempt: retried, cancelled, and ordered again.

use chain::explore::Explore;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::holdings::checked;
use crate::money::{call_back, message, new_chain};
use crate::test_chain::{TestChain, call, paid, with_gas};

/// The pairs of callers and methods that may meet at one order.
pub const PAIRS: [[(&str, &str); 2]; 4] = [
    [("bob.near", "retry_order"), ("bob.near", "retry_order")],
    [("bob.near", "retry_order"), ("alice.near", "cancel_order")],
    [
        ("alice.near", "cancel_order"),
        ("alice.near", "cancel_order"),
    ],
    [("alice.near", "order_message"), ("bob.near", "retry_order")],
];

/// Returns a chain with an order of this payer, whose first attempt has failed.
fn with_order_of(payer: &str) -> TestChain {
    let mut chain = new_chain();
    chain.behave("rogue.near", "panic");
    let order = paid(
        call("order_message", message("rogue.near")),
        Balance::from_near(1),
    );
    let tx = chain.send(payer, "app.near", vec![order]);
    chain.assert_succeeded(tx);
    chain.reset_balances();
    chain
}

/// Returns the behaviours of a guestbook that knows of order 0.
fn behaviours() -> Vec<(String, Value)> {
    let order = json!({ "id": 0 });
    let behaviours = [
        ("behaves well", json!("well")),
        ("panics", json!("panic")),
        ("calls back retry_order", call_back("retry_order", &order)),
        ("calls back cancel_order", call_back("cancel_order", &order)),
        (
            "calls back no_such_method",
            call_back("no_such_method", &json!({})),
        ),
    ];
    behaviours
        .map(|(title, behaviour)| (title.to_owned(), behaviour))
        .into()
}

/// Returns the scenario in which these two calls meet at an order of alice. The guestbook has each of its behaviours, and
/// payments to alice may fail.
pub fn at_an_order(pair: [(&str, &str); 2]) -> Explore {
    let chain = with_order_of("alice.near");
    let scenario = chain
        .explore_behaviours("an-order", "rogue.near", behaviours())
        .may_fail("alice.near");
    let scenario = pair
        .into_iter()
        .fold(scenario, |scenario, (caller, method)| {
            let action = match method {
                "order_message" => paid(call(method, message("rogue.near")), Balance::from_near(1)),
                _ => call(method, json!({ "id": 0 })),
            };
            scenario.transaction(caller, "app.near", vec![with_gas(action, 200)])
        });
    checked(scenario)
}

/// Returns the scenario in which the rogue is the payer of the order and its guestbook, and two attempts are sent.
pub fn at_an_order_of_the_rogue() -> Explore {
    let chain = with_order_of("rogue.near");
    let retry = || vec![with_gas(call("retry_order", json!({ "id": 0 })), 200)];
    let scenario = chain
        .explore_behaviours("an-order-of-the-rogue", "rogue.near", behaviours())
        .transaction("rogue.near", "app.near", retry())
        .transaction("bob.near", "app.near", retry());
    checked(scenario)
}
