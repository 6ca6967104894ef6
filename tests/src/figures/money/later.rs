//! What comes later: another try, and answers from outside.

use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::{BOBS, EVERYBODY, PRICE, behave, blocks_with_money, message, plain, stage, with_money};
use crate::figures::Figure;
use crate::scene::{Played, Scene, answers, call, gains, loses, paid, text};

// ---- Trying again ----

/// What became of a try of order 0.
fn attempt(signed: bool, attempts_left: u8) -> Value {
    json!({ "order": 0, "signed": signed, "attempts_left": attempts_left })
}

/// The first try fails, and bob's succeeds.
pub fn order() -> Figure {
    let mut scene = stage();
    behave(&mut scene, json!("panic"));
    let money = scene.money(&EVERYBODY);
    let ordered = scene.pay(
        "order_message",
        message("rogue.near"),
        Balance::from_near(1),
    );
    let waiting = scene.view("book.near", "get_order", json!({ "id": 0 }));
    let kept = format!("{}\n{waiting:#}\n", money.table(&scene, &ordered));
    let deposit = Balance::from_near(1);
    let keeps = answers(attempt(false, 2))
        .fails_at("rogue.near", "add_message", "I panic")
        .moves([loses("alice.near", deposit), gains("book.near", deposit)]);
    let keeps = scene.shows(&[ordered.hash], keeps);

    behave(&mut scene, json!("well"));
    let money = scene.money(&EVERYBODY);
    let retry = call("retry_order", json!({ "id": 0 }));
    let retried = scene.send("bob.near", "book.near", vec![retry]);
    let told = format!(
        "{}\n{kept}\n{}\n{}",
        scene.timeline(&[ordered.hash]),
        scene.timeline(&[retried.hash]),
        money.table(&scene, &retried)
    );
    let expected = answers(attempt(false, 2))
        .then_answers(attempt(true, 0))
        .fails_at("rogue.near", "add_message", "I panic")
        .moves([loses("alice.near", PRICE), gains("rogue.near", PRICE)]);
    scene
        .figure_with(&[ordered.hash, retried.hash], told, expected)
        .claims(keeps)
}

/// The book refuses every time.
pub fn order_given_up() -> Figure {
    let mut scene = stage();
    behave(&mut scene, json!("panic"));
    let money = scene.money(&EVERYBODY);
    let mut hashes = Vec::new();
    let mut told = String::new();
    for attempt in 1..=4 {
        let (method, played) = match attempt {
            1 => {
                let args = message("rogue.near");
                let played = scene.pay("order_message", args, Balance::from_near(1));
                ("order_message", played)
            }
            _ => {
                let retry = call("retry_order", json!({ "id": 0 }));
                let played = scene.send("bob.near", "book.near", vec![retry]);
                ("retry_order", played)
            }
        };
        let order = scene.view("book.near", "get_order", json!({ "id": 0 }));
        let order = match order.is_null() {
            true => "there is no order".to_owned(),
            false => format!("attempts of the order: {}", order["attempts"]),
        };
        let end = text::end(&scene.end(&played));
        told.push_str(&text::case(method, &[&end, &order]));
        hashes.push(played.hash);
    }
    let no_order = "There is no such order";
    let expected = answers(attempt(false, 2))
        .then_answers(attempt(false, 1))
        .then_answers(attempt(false, 0))
        .then_fails(no_order)
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at("book.near", "retry_order", no_order)
        .nobodys_balance_moves();
    let claims = [scene.shows(&hashes, expected)];
    let table = money.table_of_all(&scene, &hashes);
    Figure::table(plain(&format!("{told}\n{table}")), claims)
}

// ---- From outside ----

/// A stage on which bob is the oracle.
fn stage_with_oracle() -> Scene {
    let mut scene = stage();
    let oracle = json!({ "oracle": "bob.near" });
    scene.operate("trust_oracle", oracle);
    scene.everyone_holds_a_round_sum();
    scene
}

fn ask(scene: &mut Scene) -> CryptoHash {
    let ask = call("ask_oracle", json!({ "text": "Will it rain?" }));
    let hash = scene.submit(
        "alice.near",
        "book.near",
        vec![paid(ask, Balance::from_near(1))],
    );
    scene.run_to_the_end();
    hash
}

fn answer(scene: &mut Scene, from: &str) -> Played {
    let answer = call("answer_question", json!({ "id": 0, "answer": "Yes" }));
    scene.send(from, "book.near", vec![answer])
}

/// Ten blocks later bob answers.
pub fn oracle() -> Figure {
    let mut scene = stage_with_oracle();
    let money = scene.money(&BOBS);
    let asking = ask(&mut scene);
    for _ in 0..10 {
        scene.next_block();
    }
    let answering = answer(&mut scene, "bob.near");
    let expected = answers(json!("Yes"))
        .then_answers_nothing()
        .runs_in(14, "book.near", "answer_question")
        .runs_in(15, "book.near", "ask_oracle_callback")
        .moves([loses("alice.near", PRICE), gains("bob.near", PRICE)]);
    blocks_with_money(&scene, &[asking, answering.hash], &money, expected)
}

/// Nobody answers.
pub fn oracle_silent() -> Figure {
    let mut scene = stage_with_oracle();
    let money = scene.money(&BOBS);
    let hash = ask(&mut scene);
    for _ in 0..200 {
        scene.next_block();
    }
    scene.run_to_the_end();
    let expected = answers(json!(null))
        .runs_in(202, "book.near", "ask_oracle_callback")
        .nobodys_balance_moves();
    with_money(&scene, &Played { hash }, &money, expected)
}

/// Who may answer, and how often.
pub fn oracle_errors() -> Figure {
    let mut scene = stage_with_oracle();
    let mut hashes = vec![ask(&mut scene)];
    let mut told = String::new();
    for (what, from) in [
        ("alice answers her own question", "alice.near"),
        ("bob, the oracle, answers", "bob.near"),
        ("bob answers once more", "bob.near"),
    ] {
        let played = answer(&mut scene, from);
        hashes.push(played.hash);
        told.push_str(&text::case(what, &[&text::end(&scene.end(&played))]));
    }
    let (not_you, too_late) = ("You are not the oracle", "There is no such question");
    let expected = answers(json!("Yes"))
        .then_fails(not_you)
        .then_answers_nothing()
        .then_fails(too_late)
        .fails_at("book.near", "answer_question", not_you)
        .fails_at("book.near", "answer_question", too_late)
        .moves([loses("alice.near", PRICE), gains("bob.near", PRICE)]);
    Figure::table(plain(&told), [scene.shows(&hashes, expected)])
}
