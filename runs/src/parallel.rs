//! The runs of chapter 3: receipts in parallel, their results, and their cost.

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
use crate::inputs::{Input, Values};
use crate::play::{self, BEHAVIOURS, Play};
use crate::test_chain::{
    Expectation, ExpectationBuilder, TestChain, TxHash, call, fails, returns, with_gas,
};
use crate::text;

/// The partners of the chain.
const PARTNERS: [&str; 3] = ["hello.near", "counter.near", "guestbook.near"];

/// A partner that misbehaves on request.
const ROGUE: (&str, &str) = ("rogue.near", "rogue");

/// Returns a text that is too long for the guestbook's gas.
fn long_text() -> String {
    "x".repeat(300_000)
}

fn new_chain() -> TestChain {
    TestChain::with_guests("parallel", &[])
}

// ---- Three at once ----

/// Shows calls to three partners at once.
pub fn overview() -> Figure {
    let mut chain = chain_with_data();
    let tx = chain.call("overview", json!({}));
    chain
        .figure(tx, runs_at_once())
        .with_inputs(OVERVIEW.inputs)
}

/// Shows the same block by block.
pub fn overview_blocks() -> Figure {
    let mut chain = chain_with_data();
    let tx = chain.call("overview", json!({}));
    let hashes = [tx];
    let expected = chain.shows(&hashes, runs_at_once());
    Figure::table(chain.timeline(&hashes), [expected])
}

/// Returns the expectation that all three partners run in one block, and one callback runs in the next.
fn runs_at_once() -> Expectation {
    returns(overview_of("Hello"))
        .runs_in(2, "hello.near", "get_greeting")
        .runs_in(2, "counter.near", "get_num")
        .runs_in(2, "guestbook.near", "get_messages")
        .runs_in(3, "app.near", "overview_callback")
        .receipts(5)
        .no_balance_moves()
}

/// Returns the overview of [`chain_with_data`], with this greeting.
fn overview_of(greeting: &str) -> Value {
    let message = |text| json!({ "premium": false, "sender": "bob.near", "text": text });
    json!({
        "greeting": { "value": greeting },
        "number": { "value": 3 },
        "messages": { "value": [message("Good morning"), message("Good night")] },
    })
}

/// Returns the overview of partners without data, with this result for the counter.
fn overview_without_number(result: Value) -> Value {
    json!({
        "greeting": { "value": "Hello" },
        "number": result,
        "messages": { "value": [] },
    })
}

/// Returns a chain with a number that is not zero, and two messages.
fn chain_with_data() -> TestChain {
    let mut chain = new_chain();
    add_data(&mut chain);
    chain
}

fn add_data(chain: &mut TestChain) {
    for _ in 0..3 {
        chain.prepare("bob.near", "counter.near", "increment", json!({}));
    }
    for text in ["Good morning", "Good night"] {
        let message = json!({ "text": text });
        chain.prepare("bob.near", "guestbook.near", "add_message", message);
    }
    chain.reset_balances();
}

/// Shows a counter whose account does not exist.
pub fn overview_partial() -> Figure {
    let accounts = ["hello.near", "nobody.near", "guestbook.near"];
    let mut chain = TestChain::with_partners_at("parallel", accounts, &[]);
    let tx = chain.call("overview", json!({}));
    chain.figure(
        tx,
        returns(overview_without_number(json!("failed")))
            .fails_at("nobody.near", "get_num", "doesn't exist")
            .no_balance_moves(),
    )
}

/// Shows the errors of the counter that do not affect the others, and the one that does.
pub fn overview_errors() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let failed = || returns(overview_without_number(json!("failed")));
    for (title, behaviour, expected) in [
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
            "the counter returns 5,000 bytes",
            json!({ "return_bytes": 5_000 }),
            returns(overview_without_number(json!({ "too_long": 5_000 }))),
        ),
        (
            "the counter returns true",
            json!("return_other_type"),
            fails("expected i8").fails_at("app.near", "overview_callback", "expected i8"),
        ),
    ] {
        let mut chain = chain_with_rogue_counter(behaviour);
        let tx = chain.call("overview", json!({}));
        claims.push(chain.shows(&[tx], expected.no_balance_moves()));
        let counter = chain.receipt_results(tx)[2].clone();
        let counter = format!("its receipt {}", text::result(&counter));
        let overview = format!("overview {}", text::result(&chain.result(tx)));
        lines.push_str(&text::case(title, &[&counter, &overview]));
    }
    Figure::table(lines, claims)
}

fn chain_with_rogue_counter(behaviour: Value) -> TestChain {
    let accounts = ["hello.near", "rogue.near", "guestbook.near"];
    let mut chain = TestChain::with_partners_at("parallel", accounts, &[ROGUE]);
    chain.behave("rogue.near", behaviour);
    chain
}

/// Shows that the first of three partners finishes last, because it calls us first.
pub fn order() -> Figure {
    let accounts = ["rogue.near", "counter.near", "guestbook.near"];
    let mut chain = TestChain::with_partners_at("parallel", accounts, &[ROGUE]);
    let back = json!({ "method": "query_greeting", "args": "{}", "deposit_yocto": "0" });
    chain.behave("rogue.near", json!({ "call_back": back }));
    let tx = chain.send("alice.near", "app.near", vec![call_with("overview", 300)]);
    let overview = json!({
        "greeting": { "value": "Hello" },
        "number": { "value": 0 },
        "messages": { "value": [] },
    });
    chain.figure_of_blocks(
        &[tx],
        returns(overview)
            .runs_in(2, "rogue.near", "get_greeting")
            .runs_in(2, "counter.near", "get_num")
            .runs_in(2, "guestbook.near", "get_messages")
            .runs_in(5, "app.near", "query_greeting_callback")
            .runs_in(6, "app.near", "overview_callback")
            .no_balance_moves(),
    )
}

fn call_with(method: &str, tgas: u64) -> Action {
    with_gas(call(method, json!({})), tgas)
}

// ---- One after the other ----

/// Shows the same overview in sequence.
pub fn sequence() -> Figure {
    let mut chain = chain_with_data();
    let tx = chain.call("overview_in_sequence", json!({}));
    chain
        .figure_of_blocks(
            &[tx],
            returns(overview_of("Hello"))
                .runs_in(2, "hello.near", "get_greeting")
                .runs_in(4, "counter.near", "get_num")
                .runs_in(6, "guestbook.near", "get_messages")
                .runs_in(7, "app.near", "after_messages")
                .no_balance_moves(),
        )
        .with_inputs(SEQUENCE.inputs)
}

/// Shows one call, and three after it.
pub fn one_then_many() -> Figure {
    let mut chain = chain_with_data();
    let tx = change_then_overview(&mut chain, "Howdy");
    let expected = queried_after_the_change("Howdy").no_balance_moves();
    chain.figure_of_blocks(&[tx], expected)
}

/// Shows that the three calls run although the first one fails.
pub fn one_then_many_fails() -> Figure {
    let mut chain = chain_with_data();
    let tx = change_then_overview(&mut chain, &"x".repeat(20_000));
    chain.figure_of_blocks(
        &[tx],
        queried_after_the_change("Hello")
            .fails_at("hello.near", "set_greeting", "length of a log message")
            .no_balance_moves(),
    )
}

/// Returns the expectation that the three queries follow the change, whatever its result, and find this
/// greeting.
fn queried_after_the_change(greeting: &str) -> ExpectationBuilder {
    returns(overview_of(greeting))
        .runs_in(2, "hello.near", "set_greeting")
        .runs_in(3, "hello.near", "get_greeting")
        .runs_in(3, "counter.near", "get_num")
        .runs_in(3, "guestbook.near", "get_messages")
        .runs_in(4, "app.near", "overview_callback")
}

fn change_then_overview(chain: &mut TestChain, greeting: &str) -> TxHash {
    let args = json!({ "new_greeting": greeting });
    chain.call("change_greeting_then_overview", args)
}

/// Shows the blocks that each method takes, and the gas that it burns.
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
        let mut chain = chain_with_data();
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
        panic!("not four methods: {counted:?}");
    };
    let two_more = (three.0 + 2 * 2, three.1 + 2);
    Figure::table(
        text::table(&rows),
        [
            claim(
                "three calls in parallel take the blocks of one",
                one.0 == three.0,
            ),
            claim(
                "each further partner in sequence costs two blocks and a callback",
                in_sequence == two_more,
            ),
            claim(
                "a call before the others costs one block, without code of ours in between",
                after_a_fourth == (three.0 + 1, three.1 + 1),
            ),
        ],
    )
}

// ---- A list ----

/// Shows three counters: one works, one does not exist, one returns another type.
pub fn fan_out() -> Figure {
    let mut chain = TestChain::with_guests("parallel", &[ROGUE]);
    add_data(&mut chain);
    chain.behave("rogue.near", "return_other_type");
    let counters = json!({ "counters": ["counter.near", "nobody.near", "rogue.near"] });
    let tx = chain.call("numbers_of", counters);
    let result_of =
        |account_id, result: Value| json!({ "account_id": account_id, "result": result });
    chain.figure(
        tx,
        returns(json!([
            result_of("counter.near", json!({ "value": 3 })),
            result_of("nobody.near", json!("failed")),
            result_of("rogue.near", json!("unreadable")),
        ]))
        .fails_at("nobody.near", "get_num", "doesn't exist")
        .no_balance_moves(),
    )
}

// ---- With other inputs ----

const HELLO: Input = Input::one_of("hello", "hello.near", BEHAVIOURS);
const COUNTER: Input = Input::one_of("counter", "counter.near", BEHAVIOURS);
const GUESTBOOK: Input = Input::one_of("guestbook", "guestbook.near", BEHAVIOURS);

/// Three calls at once, to partners that may misbehave.
pub const OVERVIEW: Play = Play {
    figure: "parallel-overview",
    inputs: &[HELLO, COUNTER, GUESTBOOK, Input::gas([10, 300], 100)],
    run: |values| {
        let (chain, tx) = overview_with("overview", values.number("gas"), values);
        chain.rerun(tx)
    },
};

/// The same calls in sequence.
pub const SEQUENCE: Play = Play {
    figure: "parallel-sequence",
    inputs: &[HELLO, COUNTER, GUESTBOOK],
    run: |values| {
        let (chain, tx) = overview_with("overview_in_sequence", 100, values);
        chain.rerun_of_blocks(&[tx])
    },
};

fn overview_with(method: &str, gas: u64, values: &Values) -> (TestChain, TxHash) {
    let mut chain = chain_with_data();
    for (name, account) in ["hello", "counter", "guestbook"].into_iter().zip(PARTNERS) {
        play::behave(&mut chain, account, values.choice(name));
    }
    let action = with_gas(call(method, json!({})), gas);
    let tx = chain.send("alice.near", "app.near", vec![action]);
    (chain, tx)
}
