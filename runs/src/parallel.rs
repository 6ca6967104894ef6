//! The runs of chapter 3: several receipts side by side, what becomes of each, and what all that costs.

pub mod gas;
pub mod limits;
pub mod portfolio;
pub mod shards;
pub mod shares;
pub mod visit;
pub mod ways;

use near_primitives::action::Action;
use serde_json::{Value, json};

use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{Ending, Expectation, TestChain, TxHash, answers, call, fails, with_gas};
use crate::text;

/// The partners of the chain.
const CAST: [&str; 3] = ["hello.near", "counter.near", "guestbook.near"];

/// A partner that misbehaves on request.
const ROGUE: (&str, &str) = ("rogue.near", "rogue");

/// A text that is too long for the gas that the guestbook gets.
fn long_text() -> String {
    "x".repeat(300_000)
}

fn new_chain() -> TestChain {
    TestChain::with_guests("parallel", &[])
}

// ---- Three at once ----

/// Three partners are asked at once.
pub fn overview() -> Figure {
    let mut chain = chain_with_something_to_say();
    let tx = chain.call("overview", json!({}));
    chain.figure(tx, answers_at_once())
}

/// The same, block by block.
pub fn overview_blocks() -> Figure {
    let mut chain = chain_with_something_to_say();
    let tx = chain.call("overview", json!({}));
    let hashes = [tx];
    let expected = chain.shows(&hashes, answers_at_once());
    Figure::table(chain.timeline(&hashes), [expected])
}

/// All three partners work in one block, and one callback runs in the block after.
fn answers_at_once() -> Expectation {
    answers(overview_of("Hello"))
        .runs_in(2, "hello.near", "get_greeting")
        .runs_in(2, "counter.near", "get_num")
        .runs_in(2, "guestbook.near", "get_messages")
        .runs_in(3, "book.near", "overview_callback")
        .receipts(5)
        .nobodys_balance_moves()
}

/// The overview of [`chain_with_something_to_say`], where hello greets like this.
fn overview_of(greeting: &str) -> Value {
    let message = |text| json!({ "premium": false, "sender": "bob.near", "text": text });
    json!({
        "greeting": { "value": greeting },
        "number": { "value": 3 },
        "messages": { "value": [message("Good morning"), message("Good night")] },
    })
}

/// The overview of partners that have nothing to say, but for a counter that does not answer.
fn overview_without_number(result: Value) -> Value {
    json!({
        "greeting": { "value": "Hello" },
        "number": result,
        "messages": { "value": [] },
    })
}

/// A number that is not zero, and two messages.
fn chain_with_something_to_say() -> TestChain {
    let mut chain = new_chain();
    say_something(&mut chain);
    chain
}

fn say_something(chain: &mut TestChain) {
    for _ in 0..3 {
        chain.prepare("bob.near", "counter.near", "increment", json!({}));
    }
    for text in ["Good morning", "Good night"] {
        let message = json!({ "text": text });
        chain.prepare("bob.near", "guestbook.near", "add_message", message);
    }
    chain.reset_balances();
}

/// The counter has no account.
pub fn overview_partial() -> Figure {
    let cast = ["hello.near", "nobody.near", "guestbook.near"];
    let mut chain = TestChain::with_partners_at("parallel", cast, &[]);
    let tx = chain.call("overview", json!({}));
    chain.figure(
        tx,
        answers(overview_without_number(json!("failed")))
            .fails_at("nobody.near", "get_num", "doesn't exist")
            .nobodys_balance_moves(),
    )
}

/// Whatever is wrong with the counter, the others are heard. But for one thing.
pub fn overview_errors() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let failed = || answers(overview_without_number(json!("failed")));
    for (what, behaviour, expected) in [
        (
            "the counter panics",
            json!("panic"),
            failed().fails_at("rogue.near", "get_num", "I panic"),
        ),
        (
            "the counter burns all its gas",
            json!("burn_all_gas"),
            failed().fails_at("rogue.near", "get_num", "Exceeded the prepaid gas"),
        ),
        (
            "the counter answers 5,000 bytes",
            json!({ "return_bytes": 5_000 }),
            answers(overview_without_number(json!({ "too_long": 5_000 }))),
        ),
        (
            "the counter answers with true",
            json!("return_other_type"),
            fails("expected i8").fails_at("book.near", "overview_callback", "expected i8"),
        ),
    ] {
        let mut chain = chain_with_rogue_counter(behaviour);
        let tx = chain.call("overview", json!({}));
        claims.push(chain.shows(&[tx], expected.nobodys_balance_moves()));
        let counter = chain.ends(tx)[2].clone();
        let counter = format!("its receipt {}", text::end(&counter));
        let overview = format!("overview {}", text::end(&chain.end(tx)));
        lines.push_str(&text::case(what, &[&counter, &overview]));
    }
    Figure::table(lines, claims)
}

fn chain_with_rogue_counter(behaviour: Value) -> TestChain {
    let cast = ["hello.near", "rogue.near", "guestbook.near"];
    let mut chain = TestChain::with_partners_at("parallel", cast, &[ROGUE]);
    behave(&mut chain, behaviour);
    chain
}

/// Tells the rogue how to answer from now on.
fn behave(chain: &mut TestChain, behaviour: Value) {
    let args = json!({ "behaviour": behaviour });
    chain.prepare("bob.near", "rogue.near", "behave", args);
    chain.reset_balances();
}

/// The first of the three answers last: it asks us something first.
pub fn order() -> Figure {
    let cast = ["rogue.near", "counter.near", "guestbook.near"];
    let mut chain = TestChain::with_partners_at("parallel", cast, &[ROGUE]);
    let back = json!({ "method": "query_greeting", "args": "{}", "deposit_yocto": "0" });
    behave(&mut chain, json!({ "call_back": back }));
    let tx = chain.send("alice.near", "book.near", vec![call_with("overview", 300)]);
    let overview = json!({
        "greeting": { "value": "Hello" },
        "number": { "value": 0 },
        "messages": { "value": [] },
    });
    chain.figure_of_blocks(
        &[tx],
        answers(overview)
            .runs_in(2, "rogue.near", "get_greeting")
            .runs_in(2, "counter.near", "get_num")
            .runs_in(2, "guestbook.near", "get_messages")
            .runs_in(5, "book.near", "query_greeting_callback")
            .runs_in(6, "book.near", "overview_callback")
            .nobodys_balance_moves(),
    )
}

fn call_with(method: &str, tgas: u64) -> Action {
    with_gas(call(method, json!({})), tgas)
}

// ---- One after the other ----

/// The same overview in sequence.
pub fn sequence() -> Figure {
    let mut chain = chain_with_something_to_say();
    let tx = chain.call("overview_in_sequence", json!({}));
    chain.figure_of_blocks(
        &[tx],
        answers(overview_of("Hello"))
            .runs_in(2, "hello.near", "get_greeting")
            .runs_in(4, "counter.near", "get_num")
            .runs_in(6, "guestbook.near", "get_messages")
            .runs_in(7, "book.near", "after_messages")
            .nobodys_balance_moves(),
    )
}

/// One call, and three after it.
pub fn one_then_many() -> Figure {
    let mut chain = chain_with_something_to_say();
    let tx = change_then_overview(&mut chain, "Howdy");
    let expected = asked_after_the_change("Howdy").nobodys_balance_moves();
    chain.figure_of_blocks(&[tx], expected)
}

/// The first one fails, and the three come all the same.
pub fn one_then_many_fails() -> Figure {
    let mut chain = chain_with_something_to_say();
    let tx = change_then_overview(&mut chain, &"x".repeat(20_000));
    chain.figure_of_blocks(
        &[tx],
        asked_after_the_change("Hello")
            .fails_at("hello.near", "set_greeting", "length of a log message")
            .nobodys_balance_moves(),
    )
}

/// The three questions follow the change, whatever became of it, and find this greeting.
fn asked_after_the_change(greeting: &str) -> Ending {
    answers(overview_of(greeting))
        .runs_in(2, "hello.near", "set_greeting")
        .runs_in(3, "hello.near", "get_greeting")
        .runs_in(3, "counter.near", "get_num")
        .runs_in(3, "guestbook.near", "get_messages")
        .runs_in(4, "book.near", "overview_callback")
}

fn change_then_overview(chain: &mut TestChain, greeting: &str) -> TxHash {
    let args = json!({ "new_greeting": greeting });
    chain.call("change_greeting_then_overview", args)
}

/// How many blocks each of them takes, and what it burns.
pub fn blocks() -> Figure {
    let mut rows = vec![
        ["", "blocks", "receipts", "burns"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut counted = Vec::new();
    for (method, args) in [
        ("query_greeting", json!({})),
        ("overview", json!({})),
        (
            "change_greeting_then_overview",
            json!({ "new_greeting": "Howdy" }),
        ),
        ("overview_in_sequence", json!({})),
    ] {
        let mut chain = chain_with_something_to_say();
        let tx = chain.call(method, args);
        chain.assert_succeeded(tx);
        let (blocks, calls) = (chain.blocks(tx), chain.calls(tx).len() as u64);
        counted.push((blocks, calls));
        rows.push(vec![
            method.to_owned(),
            blocks.to_string(),
            calls.to_string(),
            text::tgas(chain.gas_burnt(tx)),
        ]);
    }
    let [one, three, after_a_fourth, in_sequence] = counted[..] else {
        panic!("not four ways: {counted:?}");
    };
    let two_more = (three.0 + 2 * 2, three.1 + 2);
    Figure::table(
        text::table(&rows),
        [
            claim("three are asked in the blocks of one", one.0 == three.0),
            claim(
                "two partners more in sequence cost two blocks and a callback each",
                in_sequence == two_more,
            ),
            claim(
                "a call before the others costs one block: no code of ours runs in between",
                after_a_fourth == (three.0 + 1, three.1 + 1),
            ),
        ],
    )
}

// ---- A list ----

/// Three counters: one that counts, one that is not there, one that answers something else.
pub fn fan_out() -> Figure {
    let mut chain = TestChain::with_guests("parallel", &[ROGUE]);
    say_something(&mut chain);
    behave(&mut chain, json!("return_other_type"));
    let counters = json!({ "counters": ["counter.near", "nobody.near", "rogue.near"] });
    let tx = chain.call("numbers_of", counters);
    let number = |counter, number: Value| json!({ "counter": counter, "number": number });
    chain.figure(
        tx,
        answers(json!([
            number("counter.near", json!({ "value": 3 })),
            number("nobody.near", json!("failed")),
            number("rogue.near", json!("unreadable")),
        ]))
        .fails_at("nobody.near", "get_num", "doesn't exist")
        .nobodys_balance_moves(),
    )
}
