//! Two changes at once, and what becomes of one when the other fails.

use serde_json::{Value, json};

use super::{long_text, new_chain};
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{Ending, TestChain, answers, call, with_gas};
use crate::text;

/// A visit that both partners take.
pub fn visit() -> Figure {
    let mut chain = new_chain();
    let tx = chain.call("visit", json!({ "text": "Good morning" }));
    chain.figure(
        tx,
        answers(json!("complete"))
            .runs_in(2, "counter.near", "increment")
            .runs_in(2, "guestbook.near", "add_message")
            .nobodys_balance_moves(),
    )
}

/// The guestbook refuses, and the count is taken back.
pub fn visit_fails() -> Figure {
    let mut chain = new_chain();
    let tx = chain.call("visit", json!({ "text": long_text() }));
    let expected = taken_back().nobodys_balance_moves();
    with_books(chain.figure(tx, expected), &chain, [0, 0])
}

/// The guestbook's receipt fails, and the callback takes the count back.
fn taken_back() -> Ending {
    answers(json!("taken_back"))
        .fails_at("guestbook.near", "add_message", "Exceeded the prepaid gas")
        .runs_in(2, "counter.near", "increment")
        .runs_in(4, "counter.near", "decrement")
}

/// Bob counts in between, and looks; and looks again afterwards.
pub fn visit_seen() -> Figure {
    let mut chain = new_chain();
    let visit = call("visit", json!({ "text": long_text() }));
    let visiting = chain.submit("alice.near", "book.near", vec![visit]);
    chain.next_block();
    chain.next_block();
    let count = with_gas(call("increment", json!({})), 10);
    let look_at_it = with_gas(call("get_num", json!({})), 10);
    let counting = chain.submit("bob.near", "counter.near", vec![count, look_at_it]);
    chain.next_block();
    chain.next_block();
    let looking = chain.submit("bob.near", "counter.near", vec![call("get_num", json!({}))]);
    chain.run_to_the_end();
    chain.figure_of_blocks(
        &[visiting, counting, looking],
        taken_back()
            .then_answers(json!(2))
            .then_answers(json!(1))
            .runs_in(3, "counter.near", "get_num")
            .nobodys_balance_moves(),
    )
}

/// What fails, and what is left of it.
pub fn visit_cases() -> Figure {
    let header = ["what fails", "counter", "messages", "answer"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut claims = Vec::new();
    let too_long = |ending: Ending| {
        ending.fails_at("guestbook.near", "add_message", "Exceeded the prepaid gas")
    };
    let at_the_end = |ending: Ending| ending.fails_at("counter.near", "increment", "cannot go up");
    for (what, number, text, expected, left) in [
        (
            "nothing",
            0,
            "Good morning".to_owned(),
            answers(json!("complete")),
            [1, 1],
        ),
        (
            "the guestbook",
            0,
            long_text(),
            too_long(answers(json!("taken_back"))),
            [0, 0],
        ),
        (
            "the counter",
            127,
            "Good morning".to_owned(),
            at_the_end(answers(json!("not_counted"))),
            [127, 1],
        ),
        (
            "both",
            127,
            long_text(),
            too_long(at_the_end(answers(json!("nothing")))),
            [127, 0],
        ),
    ] {
        let mut chain = new_chain();
        for _ in 0..number {
            chain.prepare("bob.near", "counter.near", "increment", json!({}));
        }
        let tx = chain.call("visit", json!({ "text": text }));
        claims.push(chain.shows(&[tx], expected.nobodys_balance_moves()));
        claims.push(claim(
            "what stays is what went through",
            left_in_books(&chain) == left,
        ));
        let answer = chain.end(tx).expect("the callback never fails");
        rows.push(vec![
            what.to_owned(),
            format!("{number} → {}", self::number(&chain)),
            format!("0 → {}", messages(&chain)),
            text::value(&answer),
        ]);
    }
    Figure::table(text::table(&rows), claims)
}

/// The figure, and what is left in the counter and in the guestbook after it.
pub(super) fn with_books(figure: Figure, chain: &TestChain, expected: [u64; 2]) -> Figure {
    let [number, messages] = left_in_books(chain);
    let told = format!(
        "counter.near now answers get_num with {number}, and guestbook.near total_messages with \
         {messages}.\n"
    );
    let sentence = format!("the number and the messages that are left are {expected:?}");
    figure.with(&told, claim(&sentence, [number, messages] == expected))
}

pub(super) fn left_in_books(chain: &TestChain) -> [u64; 2] {
    [number(chain), messages(chain)].map(|count| count.as_u64().expect("a count"))
}

fn number(chain: &TestChain) -> Value {
    chain.view("counter.near", "get_num", json!({}))
}

fn messages(chain: &TestChain) -> Value {
    chain.view("guestbook.near", "total_messages", json!({}))
}
