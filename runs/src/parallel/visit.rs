//! Two changes at once, and the compensation of one when the other fails.

use serde_json::{Value, json};

use super::{long_text, new_chain};
use crate::claim::claim;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::{self, BEHAVIOURS, Play};
use crate::test_chain::{ExpectationBuilder, TestChain, call, returns, with_gas};
use crate::text;

/// Shows a visit that both partners accept.
pub fn visit() -> Figure {
    let mut chain = new_chain();
    let tx = chain.call("visit", json!({ "text": "Good morning" }));
    chain.figure(
        tx,
        returns(json!("complete"))
            .runs_in(2, "counter.near", "increment")
            .runs_in(2, "guestbook.near", "add_message")
            .no_balance_moves(),
    )
}

/// Shows that the guestbook refuses, and the count is compensated.
pub fn visit_fails() -> Figure {
    let mut chain = new_chain();
    let tx = chain.call("visit", json!({ "text": long_text() }));
    let expected = compensated().no_balance_moves();
    with_counts(chain.figure(tx, expected), &chain, [0, 0]).with_inputs(VISIT_FAILS.inputs)
}

/// Returns the expectation that the guestbook's receipt fails and the callback compensates the count.
fn compensated() -> ExpectationBuilder {
    returns(json!("taken_back"))
        .fails_at("guestbook.near", "add_message", "Exceeded the prepaid gas")
        .runs_in(2, "counter.near", "increment")
        .runs_in(4, "counter.near", "decrement")
}

/// Shows that bob counts and reads before the compensation, and reads again after it.
pub fn visit_seen() -> Figure {
    let mut chain = new_chain();
    let visit = call("visit", json!({ "text": long_text() }));
    let visiting = chain.submit("alice.near", "app.near", vec![visit]);
    chain.produce_block();
    chain.produce_block();
    let count = with_gas(call("increment", json!({})), 10);
    let look_at_it = with_gas(call("get_num", json!({})), 10);
    let counting = chain.submit("bob.near", "counter.near", vec![count, look_at_it]);
    chain.produce_block();
    chain.produce_block();
    let looking = chain.submit("bob.near", "counter.near", vec![call("get_num", json!({}))]);
    chain.run_until_idle();
    chain.figure_of_blocks(
        &[visiting, counting, looking],
        compensated()
            .then_returns(json!(2))
            .then_returns(json!(1))
            .runs_in(3, "counter.near", "get_num")
            .no_balance_moves(),
    )
}

/// Shows the failures of a visit, and the counter and the guestbook after each.
pub fn visit_cases() -> Figure {
    let header = ["what fails", "counter", "messages", "result"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut claims = Vec::new();
    let too_long = |builder: ExpectationBuilder| {
        builder.fails_at("guestbook.near", "add_message", "Exceeded the prepaid gas")
    };
    let at_the_end =
        |builder: ExpectationBuilder| builder.fails_at("counter.near", "increment", "cannot go up");
    for (title, number, text, expected, left) in [
        (
            "nothing",
            0,
            "Good morning".to_owned(),
            returns(json!("complete")),
            [1, 1],
        ),
        (
            "the guestbook",
            0,
            long_text(),
            too_long(returns(json!("taken_back"))),
            [0, 0],
        ),
        (
            "the counter",
            127,
            "Good morning".to_owned(),
            at_the_end(returns(json!("not_counted"))),
            [127, 1],
        ),
        (
            "both",
            127,
            long_text(),
            too_long(at_the_end(returns(json!("nothing")))),
            [127, 0],
        ),
    ] {
        let mut chain = new_chain();
        for _ in 0..number {
            chain.prepare("bob.near", "counter.near", "increment", json!({}));
        }
        let tx = chain.call("visit", json!({ "text": text }));
        claims.push(chain.shows(&[tx], expected.no_balance_moves()));
        claims.push(claim(
            "a count is compensated, and a message stays",
            counts(&chain) == left,
        ));
        let result = chain.result(tx).expect("the callback never fails");
        rows.push(vec![
            title.to_owned(),
            format!("{number} → {}", self::number(&chain)),
            format!("0 → {}", messages(&chain)),
            text::value(&result),
        ]);
    }
    Figure::table(text::table(&rows), claims)
}

/// Appends the counts of the counter and of the guestbook to a figure.
pub(super) fn with_counts(figure: Figure, chain: &TestChain, expected: [u64; 2]) -> Figure {
    let [number, messages] = counts(chain);
    let lines = format!(
        "get_num on counter.near now returns {number}, and total_messages on guestbook.near \
         returns {messages}.\n"
    );
    let sentence = format!("the number and the messages are {expected:?} afterwards");
    figure.with(&lines, claim(&sentence, [number, messages] == expected))
}

pub(super) fn counts(chain: &TestChain) -> [u64; 2] {
    [number(chain), messages(chain)].map(|count| count.as_u64().expect("a count"))
}

fn number(chain: &TestChain) -> Value {
    chain.view("counter.near", "get_num", json!({}))
}

fn messages(chain: &TestChain) -> Value {
    chain.view("guestbook.near", "total_messages", json!({}))
}

/// A visit, of which each half may fail.
pub const VISIT_FAILS: Play = Play {
    figure: "parallel-visit-fails",
    inputs: &[
        Input::one_of(
            "text",
            "The message",
            &[
                ("too-long", "is too long for its gas"),
                ("short", "is short"),
            ],
        ),
        Input::one_of("counter", "counter.near", BEHAVIOURS),
    ],
    run: |values| {
        let text = match values.choice("text") {
            "short" => "Good morning".to_owned(),
            _ => long_text(),
        };
        let mut chain = new_chain();
        play::behave(&mut chain, "counter.near", values.choice("counter"));
        let tx = chain.call("visit", json!({ "text": text }));
        chain.rerun(tx)
    },
};
