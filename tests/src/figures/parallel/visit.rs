//! Two changes at once, and what becomes of one when the other fails.

use serde_json::{Value, json};

use super::{long_text, stage};
use crate::figures::Figure;
use crate::figures::claim::claim;
use crate::scene::{Ending, Scene, answers, call, text, with_gas};

/// A visit that both partners take.
pub fn visit() -> Figure {
    let mut scene = stage();
    let played = scene.call("visit", json!({ "text": "Good morning" }));
    scene.figure(
        &played,
        answers(json!("complete"))
            .runs_in(2, "counter.near", "increment")
            .runs_in(2, "guestbook.near", "add_message")
            .nobodys_balance_moves(),
    )
}

/// The guestbook refuses, and the count is taken back.
pub fn visit_fails() -> Figure {
    let mut scene = stage();
    let played = scene.call("visit", json!({ "text": long_text() }));
    let expected = taken_back().nobodys_balance_moves();
    with_books(scene.figure(&played, expected), &scene, [0, 0])
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
    let mut scene = stage();
    let visit = call("visit", json!({ "text": long_text() }));
    let visiting = scene.submit("alice.near", "book.near", vec![visit]);
    scene.next_block();
    scene.next_block();
    let count = with_gas(call("increment", json!({})), 10);
    let look_at_it = with_gas(call("get_num", json!({})), 10);
    let counting = scene.submit("bob.near", "counter.near", vec![count, look_at_it]);
    scene.next_block();
    scene.next_block();
    let looking = scene.submit("bob.near", "counter.near", vec![call("get_num", json!({}))]);
    scene.run_to_the_end();
    scene.figure_of_blocks(
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
        let mut scene = stage();
        for _ in 0..number {
            scene.prepare("bob.near", "counter.near", "increment", json!({}));
        }
        let played = scene.call("visit", json!({ "text": text }));
        claims.push(scene.shows(&[played.hash], expected.nobodys_balance_moves()));
        claims.push(claim(
            "what stays is what went through",
            left_in_books(&scene) == left,
        ));
        let answer = scene.end(&played).expect("the callback never fails");
        rows.push(vec![
            what.to_owned(),
            format!("{number} → {}", self::number(&scene)),
            format!("0 → {}", messages(&scene)),
            text::value(&answer),
        ]);
    }
    Figure::table(text::table(&rows), claims)
}

/// The figure, and what is left in the counter and in the guestbook after it.
pub(super) fn with_books(figure: Figure, scene: &Scene, expected: [u64; 2]) -> Figure {
    let [number, messages] = left_in_books(scene);
    let told = format!(
        "counter.near now answers get_num with {number}, and guestbook.near total_messages with \
         {messages}.\n"
    );
    let sentence = format!("the number and the messages that are left are {expected:?}");
    figure.with(&told, claim(&sentence, [number, messages] == expected))
}

pub(super) fn left_in_books(scene: &Scene) -> [u64; 2] {
    [number(scene), messages(scene)].map(|count| count.as_u64().expect("a count"))
}

fn number(scene: &Scene) -> Value {
    scene.view("counter.near", "get_num", json!({}))
}

fn messages(scene: &Scene) -> Value {
    scene.view("guestbook.near", "total_messages", json!({}))
}
