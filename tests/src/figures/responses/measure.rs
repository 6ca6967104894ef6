//! What long answers cost.

use serde_json::{Value, json};

use super::{behave, columns, stage};
use crate::figures::Figure;
use crate::scene::{Played, Scene, call, greatest, text, with_gas};

/// Answers from short to very long, read with a bound and without.
pub fn measure() -> String {
    let mut rows = vec![
        [
            "answer",
            "bound 1,024: burnt",
            "outcome",
            "no bound: burnt",
            "outcome",
        ]
        .map(str::to_owned),
    ];
    let (mut bounded, mut unbounded) = (stage(), stage());
    let lengths = [100, 1_000, 10_000, 100_000, 1_000_000, 2_000_000, 4_000_000];
    for length in lengths {
        let with = measured(&mut bounded, length, Some(1_024));
        let without = measured(&mut unbounded, length, None);
        let [with_gas, with_end] = with;
        let [without_gas, without_end] = without;
        rows.push([
            format!("{} bytes", text::count(length)),
            with_gas,
            with_end,
            without_gas,
            without_end,
        ]);
    }
    let counted = |scene: &Scene| scene.view("book.near", "get_measured", json!({}));
    format!(
        "{}\nMeasurements that the callback has counted, of {}: {} with the bound, {} without.\n",
        columns(&rows),
        lengths.len(),
        counted(&bounded),
        counted(&unbounded),
    )
}

/// What the callback burns, and how it ends.
fn measured(scene: &mut Scene, length: usize, max_bytes: Option<u32>) -> [String; 2] {
    let played = measure_in(scene, length, max_bytes);
    let calls = scene.calls(&played);
    let callback = calls.last().expect("the callback runs last");
    let end = match scene.end(&played) {
        Ok(bytes) => name(&bytes),
        Err(_) => "fails".to_owned(),
    };
    [text::tgas(callback.burnt), end]
}

/// The name of an outcome.
fn name(outcome: &[u8]) -> String {
    match serde_json::from_slice(outcome).expect("an outcome is JSON") {
        Value::String(name) => name,
        Value::Object(fields) => fields.into_iter().next().expect("it has a name").0,
        other => panic!("no outcome: {other}"),
    }
}

fn measure_in(scene: &mut Scene, length: usize, max_bytes: Option<u32>) -> Played {
    behave(scene, json!({ "answer_bytes": length }));
    let args = json!({ "account_id": "rogue.near", "max_bytes": max_bytes });
    let measure = with_gas(call("measure_answer", args), 1_000);
    scene.send("alice.near", "book.near", vec![measure])
}

/// Two million bytes without a bound.
pub fn measure_fails() -> Figure {
    let mut scene = stage();
    let played = measure_in(&mut scene, 2_000_000, None);
    let counted = scene.view("book.near", "get_measured", json!({}));
    scene.figure(&played).with(&format!(
        "book.near now answers get_measured with {counted}.\n"
    ))
}

/// What twenty answers of each kind cost the callback.
pub fn twenty() -> String {
    let mut scene = stage();
    let longest = greatest(2, 200_000, |length| {
        behave(&mut scene, json!({ "answer_bytes": length }));
        let played = collect(&mut scene, 1);
        scene.ends(&played)[1].is_ok()
    });
    let mut rows =
        vec![["each of the twenty", "outcome", "burnt by the callback"].map(str::to_owned)];
    let mut row = |scene: &mut Scene, what: &str, account: &str| {
        let played = collect_from(scene, account, 20);
        let answers = scene.end(&played).expect("the callback answers");
        let answers: Value = serde_json::from_slice(&answers).expect("JSON");
        let outcome = answers[0]["outcome"].to_string();
        let calls = scene.calls(&played);
        let burnt = text::tgas(calls.last().expect("the callback runs last").burnt);
        rows.push([what.to_owned(), name(outcome.as_bytes()), burnt]);
    };

    row(&mut scene, "does not exist", "nobody.near");
    row(&mut scene, "answers Hello", "hello.near");
    let letters = json!({ "greeting": "𝔊".repeat(100) });
    scene.prepare("bob.near", "hello.near", "set_greeting", letters);
    row(
        &mut scene,
        "answers 100 letters of 4 bytes each",
        "hello.near",
    );
    behave(&mut scene, json!({ "answer_bytes": 1_024 }));
    row(&mut scene, "answers 1,024 bytes", "rogue.near");
    behave(&mut scene, json!({ "answer_bytes": longest }));
    let what = format!(
        "answers ~{} bytes, the most that 5 Tgas allow",
        text::count(longest as usize)
    );
    row(&mut scene, &what, "rogue.near");
    columns(&rows)
}

fn collect(scene: &mut Scene, answers: usize) -> Played {
    collect_from(scene, "rogue.near", answers)
}

/// An account is asked so often.
fn collect_from(scene: &mut Scene, account: &str, answers: usize) -> Played {
    let args = json!({ "accounts": vec![account; answers] });
    let collect = with_gas(call("collect_greetings", args), 300);
    scene.send("alice.near", "book.near", vec![collect])
}
