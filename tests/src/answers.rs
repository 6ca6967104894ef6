//! Answers for the tests of `trace`: what RPC tells of one transaction of each shape, recorded on the
//! embedded chain.

use std::path::{Path, PathBuf};

use near_primitives::types::Balance;
use serde_json::json;
use trace::Answer;

use crate::scene::{ONE_TOKEN, Played, Scene, call, delete, paid, with_gas};

/// Plays a transaction, and gives what RPC tells of it.
pub type Play = fn() -> Answer;

/// The shapes by name.
pub const SHAPES: [(&str, Play); 6] = [
    ("single", single),
    ("callback", callback),
    ("batch", batch),
    ("join_with_failures", join_with_failures),
    ("detached_failure", detached_failure),
    ("refund", refund),
];

/// One receipt.
fn single() -> Answer {
    let mut scene = Scene::batch();
    let count = with_gas(call("increment", json!({})), 10);
    let played = scene.send("alice.near", "counter.near", vec![count]);
    scene.answer(&played)
}

/// A call, and a callback that reads its answer.
fn callback() -> Answer {
    let mut scene = Scene::setup();
    let played = scene.call("query_greeting", json!({}));
    scene.answer(&played)
}

/// Several actions in one receipt.
fn batch() -> Answer {
    let mut scene = Scene::batch();
    let played = scene.call(
        "count",
        json!({ "steps": ["increment", "increment", "decrement"] }),
    );
    scene.answer(&played)
}

/// A callback that waited for three answers, one of which is a failure.
fn join_with_failures() -> Answer {
    let cast = ["hello.near", "nobody.near", "guestbook.near"];
    let mut scene = Scene::with_cast("parallel", cast, &[]);
    let played = scene.call("overview", json!({}));
    scene.answer(&played)
}

/// A payment that nobody waits for, to an account that is gone.
fn detached_failure() -> Answer {
    let mut scene = Scene::batch();
    let texts = json!({ "texts": ["Good morning"] });
    let sign = paid(call("sign_guestbook", texts), Balance::from_near(1));
    let hash = scene.submit("bob.near", "book.near", vec![sign]);
    scene.next_block();
    scene.submit("bob.near", "bob.near", vec![delete("alice.near")]);
    scene.run_to_the_end();
    scene.answer(&Played { hash })
}

/// A batch that fails, and its deposit on the way back to the contract that sent it.
fn refund() -> Answer {
    let mut scene = Scene::shop_of("book.near");
    let args = json!({ "name": "gold", "amount": (11 * ONE_TOKEN).to_string() });
    let played = scene.pay("buy_tokens", args, Balance::from_near(20));
    scene.answer(&played)
}

/// Where the answer of a shape lies.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../trace/tests/answers")
        .join(name)
        .with_extension("json")
}
