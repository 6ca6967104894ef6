//! The runs of chapter 2: several actions in one receipt, all or nothing, and what becomes of the money.

pub mod guestbook;
pub mod launch;
pub mod sale;

use serde_json::{Value, json};

use super::setup::with_greeting;
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{
    Ending, Expectation, Money, TestChain, TxHash, answers, answers_nothing, call, fails, with_gas,
};
use crate::text;

// ---- Side by side ----

/// Alice asks and bob counts, at the same time.
pub fn parallel() -> Figure {
    let mut chain = TestChain::batch();
    let query = call("query_greeting", json!({}));
    let count = call("count", json!({ "steps": ["increment"] }));
    let alice = chain.submit("alice.near", "book.near", vec![query]);
    let bob = chain.submit("bob.near", "book.near", vec![count]);
    chain.run_to_the_end();
    chain.figure_of_blocks(
        &[alice, bob],
        answers(json!("Hello"))
            .then_answers(json!(1))
            .runs_in(2, "hello.near", "get_greeting")
            .runs_in(2, "counter.near", "increment")
            .runs_in(3, "book.near", "query_greeting_callback")
            .runs_in(3, "book.near", "count_callback")
            .nobodys_balance_moves(),
    )
}

// ---- Two calls in one receipt ----

/// Alice has the greeting changed and read.
pub fn set_and_get() -> Figure {
    let mut chain = TestChain::batch();
    let tx = chain.call("set_and_get_greeting", json!({ "new_greeting": "Howdy" }));
    chain.figure(
        tx,
        answers(json!("Howdy")).receipts(3).nobodys_balance_moves(),
    )
}

/// The same two actions in either order, sent by alice herself.
pub fn last_answer() -> Figure {
    let set = || with_gas(call("set_greeting", json!({ "greeting": "Howdy" })), 10);
    let get = || with_gas(call("get_greeting", json!({})), 10);
    let mut rows = vec![
        ["actions", "answer of the receipt"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut claims = Vec::new();
    for (order, actions, expected) in [
        (
            "set_greeting, get_greeting",
            vec![set(), get()],
            answers(json!("Howdy")),
        ),
        (
            "get_greeting, set_greeting",
            vec![get(), set()],
            answers_nothing(),
        ),
    ] {
        let mut chain = TestChain::batch();
        let tx = chain.send("alice.near", "hello.near", actions);
        let expected = expected.receipts(1).nobodys_balance_moves();
        claims.push(chain.shows(&[tx], expected));
        let answer = chain.end(tx).expect("both actions succeed");
        rows.push(vec![order.to_owned(), text::value(&answer)]);
    }
    Figure::table(text::table(&rows), claims)
}

/// Both actions succeed, and the callback fails.
pub fn callback_fails() -> Figure {
    let mut chain = TestChain::batch();
    let long = "x".repeat(2_000);
    let tx = chain.call("set_and_get_greeting", json!({ "new_greeting": long }));
    let expected = fails("too long")
        .fails_at("book.near", "set_and_get_greeting_callback", "too long")
        .nobodys_balance_moves();
    with_greeting(chain.figure(tx, expected), &chain, &long)
}

// ---- As many as the caller likes ----

/// Three steps and the question.
pub fn count() -> Figure {
    let mut chain = TestChain::batch();
    let tx = chain.call(
        "count",
        json!({ "steps": ["increment", "increment", "decrement"] }),
    );
    chain.figure(tx, answers(json!(1)).receipts(3).nobodys_balance_moves())
}

/// The step that fails stands first, in the middle, and last.
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
        let expected = counts_nothing(failed).nobodys_balance_moves();
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

/// An increment fails as this action of the batch, and with it the callback.
fn counts_nothing(failed: &str) -> Ending {
    fails("did not count")
        .fails_at("counter.near", "increment", failed)
        .fails_at("book.near", "count_callback", "promise result failed")
}

/// The second of them in full.
pub fn count_fails_in_the_middle() -> Figure {
    let mut chain = counter_at_127();
    let steps = ["decrement", "increment", "increment", "reset"];
    let tx = chain.call("count", json!({ "steps": steps }));
    let number = number(&chain);
    // Logs of actions that were undone stay.
    let expected = counts_nothing("Action #2")
        .logs("The counter is now at 126")
        .logs("The counter is now at 127");
    let figure = chain.figure(tx, expected.nobodys_balance_moves());
    figure.with(
        &format!("counter.near now answers get_num with {number}.\n"),
        claim("what the steps had written is undone", number == 127),
    )
}

/// A receipt with one action too many.
pub fn count_too_many() -> Figure {
    let mut chain = TestChain::batch();
    let count = with_gas(
        call("count", json!({ "steps": vec!["increment"; 100] })),
        1_000,
    );
    let tx = chain.send("alice.near", "book.near", vec![count]);
    let reason = "number of actions 101 exceeds the limit 100";
    chain.figure(
        tx,
        fails(reason)
            .fails_at("book.near", "count", reason)
            .receipts(1)
            .nobodys_balance_moves(),
    )
}

fn counter_at_127() -> TestChain {
    let mut chain = TestChain::batch();
    for _ in 0..127 {
        chain.prepare("bob.near", "counter.near", "increment", json!({}));
    }
    chain
}

fn number(chain: &TestChain) -> Value {
    chain.view("counter.near", "get_num", json!({}))
}

// ---- What leaves, and what does not ----

/// The first action makes two promises, the second fails.
pub fn never_leave() -> Figure {
    let mut chain = TestChain::batch();
    let actions = vec![
        with_gas(
            call("change_greeting", json!({ "new_greeting": "Howdy" })),
            50,
        ),
        with_gas(call("no_such_method", json!({})), 10),
    ];
    let tx = chain.send("alice.near", "book.near", actions);
    let expected = fails("MethodNotFound")
        .fails_at("book.near", "no_such_method", "Action #1")
        .logs("change_greeting runs")
        .receipts(1)
        .nobodys_balance_moves();
    with_greeting(chain.figure(tx, expected), &chain, "Hello")
}

// ---- Money ----

/// The tree of a transaction, and what it has moved.
fn with_money(chain: &TestChain, tx: TxHash, money: &Money, expected: Expectation) -> Figure {
    let table = money.table(chain, tx);
    chain.figure(tx, expected).with_money(&table)
}
