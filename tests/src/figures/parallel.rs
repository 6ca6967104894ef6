//! The runs of chapter 3: several receipts side by side, what becomes of each, and what all that costs.

mod gas;
mod limits;
mod portfolio;
mod shards;
mod ways;

pub use gas::{
    callback_gas, fees, least_gas, sequence_gas, shares_static, shares_weighted, starved,
    static_gas, weights,
};
pub use limits::{fan_out_cost, fan_out_limits, limits, zero_gas};
pub use portfolio::{portfolio, portfolio_errors};
pub use shards::shards;
pub use ways::ways;

use near_primitives::action::Action;
use serde_json::{Value, json};

use crate::figures::Figure;
use crate::scene::{Played, Scene, call, text, with_gas};

/// The partners of the stage.
const CAST: [&str; 3] = ["hello.near", "counter.near", "guestbook.near"];

/// A partner that misbehaves on request.
const ROGUE: (&str, &str) = ("rogue.near", "rogue");

/// A text that is too long for the gas that the guestbook gets.
fn long_text() -> String {
    "x".repeat(300_000)
}

fn stage() -> Scene {
    Scene::with_guests("parallel", &[])
}

// ---- Three at once ----

/// Three partners are asked at once.
pub fn overview() -> Figure {
    let mut scene = stage_with_something_to_say();
    let played = scene.call("overview", json!({}));
    scene.figure(&played)
}

/// The same, block by block.
pub fn overview_blocks() -> String {
    let mut scene = stage_with_something_to_say();
    let played = scene.call("overview", json!({}));
    scene.timeline(&[played.hash])
}

/// A number that is not zero, and two messages.
fn stage_with_something_to_say() -> Scene {
    let mut scene = stage();
    say_something(&mut scene);
    scene
}

fn say_something(scene: &mut Scene) {
    for _ in 0..3 {
        scene.prepare("bob.near", "counter.near", "increment", json!({}));
    }
    for text in ["Good morning", "Good night"] {
        let message = json!({ "text": text });
        scene.prepare("bob.near", "guestbook.near", "add_message", message);
    }
    scene.everyone_holds_a_round_sum();
}

/// The counter has no account.
pub fn overview_partial() -> Figure {
    let cast = ["hello.near", "nobody.near", "guestbook.near"];
    let mut scene = Scene::with_cast("parallel", cast, &[]);
    let played = scene.call("overview", json!({}));
    scene.figure(&played)
}

/// Whatever is wrong with the counter, the others are heard. But for one thing.
pub fn overview_errors() -> String {
    let mut lines = String::new();
    for (what, behaviour) in [
        ("the counter panics", json!("panic")),
        ("the counter burns all its gas", json!("burn_all_gas")),
        (
            "the counter answers 5,000 bytes",
            json!({ "answer_bytes": 5_000 }),
        ),
        ("the counter answers with true", json!("answer_other_type")),
    ] {
        let mut scene = stage_with_rogue_counter(behaviour);
        let played = scene.call("overview", json!({}));
        let counter = scene.ends(&played)[2].clone();
        let counter = format!("its receipt {}", text::end(&counter));
        let overview = format!("overview {}", text::end(&scene.end(&played)));
        lines.push_str(&text::case(what, &[&counter, &overview]));
    }
    lines
}

fn stage_with_rogue_counter(behaviour: Value) -> Scene {
    let cast = ["hello.near", "rogue.near", "guestbook.near"];
    let mut scene = Scene::with_cast("parallel", cast, &[ROGUE]);
    behave(&mut scene, behaviour);
    scene
}

/// Tells the rogue how to answer from now on.
fn behave(scene: &mut Scene, behaviour: Value) {
    let args = json!({ "behaviour": behaviour });
    scene.prepare("bob.near", "rogue.near", "behave", args);
    scene.everyone_holds_a_round_sum();
}

/// The first of the three answers last: it asks us something first.
pub fn order() -> Figure {
    let cast = ["rogue.near", "counter.near", "guestbook.near"];
    let mut scene = Scene::with_cast("parallel", cast, &[ROGUE]);
    let back = json!({ "method": "query_greeting", "args": "{}", "deposit_yocto": "0" });
    behave(&mut scene, json!({ "call_back": back }));
    let played = scene.send("alice.near", "book.near", vec![call_with("overview", 300)]);
    scene.figure_of_blocks(&[played.hash])
}

fn call_with(method: &str, tgas: u64) -> Action {
    with_gas(call(method, json!({})), tgas)
}

// ---- One after the other ----

/// The same overview in sequence.
pub fn sequence() -> Figure {
    let mut scene = stage_with_something_to_say();
    let played = scene.call("overview_in_sequence", json!({}));
    scene.figure_of_blocks(&[played.hash])
}

/// One call, and three after it.
pub fn one_then_many() -> Figure {
    let mut scene = stage_with_something_to_say();
    let played = change_then_overview(&mut scene, "Howdy");
    scene.figure_of_blocks(&[played.hash])
}

/// The first one fails, and the three come all the same.
pub fn one_then_many_fails() -> Figure {
    let mut scene = stage_with_something_to_say();
    let played = change_then_overview(&mut scene, &"x".repeat(20_000));
    scene.figure_of_blocks(&[played.hash])
}

fn change_then_overview(scene: &mut Scene, greeting: &str) -> Played {
    let args = json!({ "new_greeting": greeting });
    scene.call("change_greeting_then_overview", args)
}

/// How many blocks each of them takes, and what it burns.
pub fn blocks() -> String {
    let mut rows = vec![
        ["", "blocks", "receipts", "burns"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for (method, args) in [
        ("query_greeting", json!({})),
        ("overview", json!({})),
        (
            "change_greeting_then_overview",
            json!({ "new_greeting": "Howdy" }),
        ),
        ("overview_in_sequence", json!({})),
    ] {
        let mut scene = stage_with_something_to_say();
        let played = scene.call(method, args);
        rows.push(vec![
            method.to_owned(),
            scene.blocks(&played).to_string(),
            scene.calls(&played).len().to_string(),
            text::tgas(scene.gas_burnt(&played)),
        ]);
    }
    text::table(&rows)
}

// ---- Two changes ----

/// A visit that both partners take.
pub fn visit() -> Figure {
    let mut scene = stage();
    let played = scene.call("visit", json!({ "text": "Good morning" }));
    scene.figure(&played)
}

/// The guestbook refuses, and the count is taken back.
pub fn visit_fails() -> Figure {
    let mut scene = stage();
    let played = scene.call("visit", json!({ "text": long_text() }));
    scene.figure(&played).with(&books(&scene))
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
    scene.figure_of_blocks(&[visiting, counting, looking])
}

/// What fails, and what is left of it.
pub fn visit_cases() -> String {
    let header = ["what fails", "counter", "messages", "answer"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for (what, number, text) in [
        ("nothing", 0, "Good morning".to_owned()),
        ("the guestbook", 0, long_text()),
        ("the counter", 127, "Good morning".to_owned()),
        ("both", 127, long_text()),
    ] {
        let mut scene = stage();
        for _ in 0..number {
            scene.prepare("bob.near", "counter.near", "increment", json!({}));
        }
        let played = scene.call("visit", json!({ "text": text }));
        let answer = scene.end(&played).expect("the callback never fails");
        rows.push(vec![
            what.to_owned(),
            format!("{number} → {}", self::number(&scene)),
            format!("0 → {}", messages(&scene)),
            text::value(&answer),
        ]);
    }
    text::table(&rows)
}

fn books(scene: &Scene) -> String {
    format!(
        "counter.near now answers get_num with {}, and guestbook.near total_messages with {}.\n",
        number(scene),
        messages(scene)
    )
}

fn number(scene: &Scene) -> Value {
    scene.view("counter.near", "get_num", json!({}))
}

fn messages(scene: &Scene) -> Value {
    scene.view("guestbook.near", "total_messages", json!({}))
}

// ---- A list ----

/// Three counters: one that counts, one that is not there, one that answers something else.
pub fn fan_out() -> Figure {
    let mut scene = Scene::with_guests("parallel", &[ROGUE]);
    say_something(&mut scene);
    behave(&mut scene, json!("answer_other_type"));
    let counters = json!({ "counters": ["counter.near", "nobody.near", "rogue.near"] });
    let played = scene.call("numbers_of", counters);
    scene.figure(&played)
}
