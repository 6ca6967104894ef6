//! The runs of chapter 2: several actions in one receipt, all or nothing, and the refunds.

pub mod guestbook;
pub mod launch;
pub mod sale;

use serde_json::{Value, json};

use super::setup::with_greeting;
use crate::claim::claim;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{
    Expectation, ExpectationBuilder, Money, TestChain, TxHash, call, fails, returns,
    returns_nothing, with_gas,
};
use crate::text;

// ---- Side by side ----

/// Shows that alice's call and bob's call run at the same time.
pub fn parallel() -> Figure {
    let mut chain = TestChain::batch();
    let query = call("query_greeting", json!({}));
    let count = call("count", json!({ "steps": ["increment"] }));
    let alice = chain.submit("alice.near", "app.near", vec![query]);
    let bob = chain.submit("bob.near", "app.near", vec![count]);
    chain.run_until_idle();
    chain.figure_of_blocks(
        &[alice, bob],
        returns(json!("Hello"))
            .then_returns(json!(1))
            .runs_in(2, "hello.near", "get_greeting")
            .runs_in(2, "counter.near", "increment")
            .runs_in(3, "app.near", "query_greeting_callback")
            .runs_in(3, "app.near", "count_callback")
            .no_balance_moves(),
    )
}

// ---- Two calls in one receipt ----

/// Shows that one receipt changes the greeting and reads it.
pub fn set_and_get() -> Figure {
    let mut chain = TestChain::batch();
    let tx = chain.call("set_and_get_greeting", json!({ "new_greeting": "Howdy" }));
    chain.figure(tx, returns(json!("Howdy")).receipts(3).no_balance_moves())
}

/// Shows the same two actions in both orders, sent by alice herself.
pub fn last_result() -> Figure {
    let set = || with_gas(call("set_greeting", json!({ "greeting": "Howdy" })), 10);
    let get = || with_gas(call("get_greeting", json!({})), 10);
    let mut rows = vec![
        ["actions", "result of the receipt"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut claims = Vec::new();
    for (order, actions, expected) in [
        (
            "set_greeting, get_greeting",
            vec![set(), get()],
            returns(json!("Howdy")),
        ),
        (
            "get_greeting, set_greeting",
            vec![get(), set()],
            returns_nothing(),
        ),
    ] {
        let mut chain = TestChain::batch();
        let tx = chain.send("alice.near", "hello.near", actions);
        let expected = expected.receipts(1).no_balance_moves();
        claims.push(chain.shows(&[tx], expected));
        let result = chain.result(tx).expect("both actions succeed");
        rows.push(vec![order.to_owned(), text::value(&result)]);
    }
    Figure::table(text::table(&rows), claims)
}

/// Shows that the callback fails although both actions succeed.
pub fn callback_fails() -> Figure {
    let mut chain = TestChain::batch();
    let long = "x".repeat(2_000);
    let tx = chain.call("set_and_get_greeting", json!({ "new_greeting": long }));
    let expected = fails("too long")
        .fails_at("app.near", "set_and_get_greeting_callback", "too long")
        .no_balance_moves();
    with_greeting(chain.figure(tx, expected), &chain, &long)
}

// ---- As many as the caller likes ----

/// Shows three steps and a query in one receipt.
pub fn count() -> Figure {
    let mut chain = TestChain::batch();
    let tx = chain.call(
        "count",
        json!({ "steps": ["increment", "increment", "decrement"] }),
    );
    chain.figure(tx, returns(json!(1)).receipts(3).no_balance_moves())
}

/// Shows that the position of the failing step does not matter: first, in the middle, last.
pub fn count_fails() -> Figure {
    let mut rows = vec![
        ["steps", "error at the counter", "before", "after"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut claims = Vec::new();
    for (steps, failed) in [
        (&["increment", "decrement", "reset"][..], "Action #0"),
        (
            &["decrement", "increment", "increment", "reset"],
            "Action #2",
        ),
        (&["decrement", "increment", "increment"], "Action #2"),
    ] {
        let mut chain = counter_at_127();
        let tx = chain.call("count", json!({ "steps": steps }));
        let expected = counts_nothing(failed).no_balance_moves();
        claims.push(chain.shows(&[tx], expected));
        let error = chain.first_error(tx);
        let action = error
            .split(": ")
            .next()
            .expect("an error begins with the action")
            .to_owned();
        let after = number(&chain);
        claims.push(claim("the number is 127 afterwards", after == 127));
        rows.push(vec![
            steps.join(", "),
            action,
            "127".to_owned(),
            after.to_string(),
        ]);
    }
    Figure::table(text::table(&rows), claims)
}

/// Returns the expectation that an increment fails as this action of the batch, and then the callback too.
fn counts_nothing(failed: &str) -> ExpectationBuilder {
    fails("did not count")
        .fails_at("counter.near", "increment", failed)
        .fails_at("app.near", "count_callback", "promise result failed")
}

/// The steps of which the third fails.
const IN_THE_MIDDLE: [&str; 4] = ["decrement", "increment", "increment", "reset"];

/// Shows the second case of [`count_fails`] in full.
pub fn count_fails_in_the_middle() -> Figure {
    let mut chain = counter_at_127();
    let tx = chain.call("count", json!({ "steps": IN_THE_MIDDLE }));
    let number = number(&chain);
    // The logs of actions that were undone stay.
    let expected = counts_nothing("Action #2")
        .logs("The counter is now at 126")
        .logs("The counter is now at 127");
    let figure = chain.figure(tx, expected.no_balance_moves());
    figure
        .with(
            &format!("get_num on counter.near now returns {number}.\n"),
            claim("the writes of all steps are undone", number == 127),
        )
        .with_inputs(COUNT_FAILS.inputs)
}

/// Shows a receipt with one action too many.
pub fn count_too_many() -> Figure {
    let mut chain = TestChain::batch();
    let count = with_gas(
        call("count", json!({ "steps": vec!["increment"; 100] })),
        1_000,
    );
    let tx = chain.send("alice.near", "app.near", vec![count]);
    let reason = "number of actions 101 exceeds the limit 100";
    chain.figure(
        tx,
        fails(reason)
            .fails_at("app.near", "count", reason)
            .receipts(1)
            .no_balance_moves(),
    )
}

fn counter_at_127() -> TestChain {
    let mut chain = TestChain::batch();
    chain.write_state("counter.near", &[127]);
    chain.run_until_idle();
    chain
}

fn number(chain: &TestChain) -> Value {
    chain.view("counter.near", "get_num", json!({}))
}

// ---- What leaves, and what does not ----

/// Shows an action that creates two promises, and a second action that fails.
pub fn never_leave() -> Figure {
    let mut chain = TestChain::batch();
    let actions = vec![
        with_gas(
            call("change_greeting", json!({ "new_greeting": "Howdy" })),
            50,
        ),
        with_gas(call("no_such_method", json!({})), 10),
    ];
    let tx = chain.send("alice.near", "app.near", actions);
    let expected = fails("MethodNotFound")
        .fails_at("app.near", "no_such_method", "Action #1")
        .logs("change_greeting runs")
        .receipts(1)
        .no_balance_moves();
    with_greeting(chain.figure(tx, expected), &chain, "Hello")
}

// ---- Money ----

/// Returns the tree of a transaction as a figure, with a table of the money that it moved.
fn with_money(chain: &TestChain, tx: TxHash, money: &Money, expected: Expectation) -> Figure {
    let table = money.table(chain, tx);
    chain.figure(tx, expected).with_money(&table)
}

// ---- With other inputs ----

/// Steps, one of which takes the counter beyond its end.
pub const COUNT_FAILS: Play = Play {
    figure: "batch-count-fails-in-the-middle",
    inputs: &[Input::one_of(
        "fails",
        "The step that fails",
        &[
            ("third", "the third"),
            ("first", "the first"),
            ("last", "the last"),
            ("none", "none"),
        ],
    )],
    run: |values| {
        let (down, up) = ("decrement", "increment");
        let steps = match values.choice("fails") {
            "first" => &[up, down, up, "reset"],
            "last" => &[down, down, up, up, up][..],
            "none" => &[down, up, down, "reset"],
            _ => &IN_THE_MIDDLE,
        };
        let mut chain = counter_at_127();
        let tx = chain.call("count", json!({ "steps": steps }));
        chain.rerun(tx)
    },
};
