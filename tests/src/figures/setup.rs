//! The runs of chapter 1: a call that asks, a call that changes, and how each fails.

use near_primitives::types::Balance;
use serde_json::json;

use crate::figures::Figure;
use crate::scene::{Scene, call, text, with_gas};

/// Whom a contract calls that was initialised without arguments.
pub fn partners() -> String {
    let mut scene = Scene::setup_without_init();
    scene.prepare("book.near", "book.near", "new", json!({}));
    let partners = scene.view("book.near", "get_partners", json!({}));
    format!("{partners:#}\n")
}

/// A stranger calls `new`, then the owner does, then the owner once more.
pub fn init() -> String {
    let mut scene = Scene::setup_without_init();
    let mut lines = Vec::new();
    for caller in ["alice.near", "book.near", "book.near"] {
        let played = scene.send(caller, "book.near", vec![call("new", json!({}))]);
        let end = text::end(&scene.end(&played));
        lines.push(text::case(&format!("{caller} calls new"), &[&end]));
    }
    lines.concat()
}

/// Alice asks for the greeting.
pub fn query() -> Figure {
    let mut scene = Scene::setup();
    let played = scene.call("query_greeting", json!({}));
    scene.figure(&played)
}

/// Hello's account does not exist.
pub fn query_no_account() -> Figure {
    let mut scene = Scene::setup_with_hello("nobody.near");
    let played = scene.call("query_greeting", json!({}));
    scene.figure(&played)
}

/// What else can be wrong with hello, and what the callback sees of it.
pub fn query_errors() -> String {
    let no_contract = Scene::setup_with_hello("bob.near");
    let no_method = Scene::setup_with_hello("counter.near");
    let mut too_long = Scene::setup();
    let greeting = json!({ "greeting": "x".repeat(2_000) });
    too_long.prepare("bob.near", "hello.near", "set_greeting", greeting);

    let cases = [
        ("the account has no contract", no_contract),
        ("the contract has no such method", no_method),
        ("the greeting is too long for us", too_long),
    ];
    let told = cases.map(|(what, mut scene)| {
        let played = scene.call("query_greeting", json!({}));
        let [_, partner, _] = &scene.ends(&played)[..] else {
            panic!("not three receipts: {}", scene.tree(&played));
        };
        let partner = format!("at the partner: {}", text::end(partner));
        let alice = format!("for alice:      {}", text::end(&scene.end(&played)));
        text::case(what, &[&partner, &alice])
    });
    told.concat()
}

/// Alice attaches less gas than the two promises ask for.
pub fn query_little_gas() -> Figure {
    let mut scene = Scene::setup();
    let query = with_gas(call("query_greeting", json!({})), 9);
    let played = scene.send("alice.near", "book.near", vec![query]);
    scene.figure(&played)
}

/// Alice attaches a deposit that nobody asked for.
pub fn query_deposit() -> Figure {
    let mut scene = Scene::setup();
    let played = scene.pay("query_greeting", json!({}), Balance::from_near(1));
    scene.figure(&played)
}

/// Alice attaches a deposit to a method that only reads, and whose author thought of none.
pub fn deposit_kept() -> Figure {
    let mut scene = Scene::setup();
    let money = scene.money(&["alice.near", "book.near"]);
    let played = scene.pay("get_partners", json!({}), Balance::from_near(1));
    scene.figure(&played).with(&money.table(&scene, &played))
}

/// Bob changes the greeting while the answer is on its way.
pub fn query_old_answer() -> Figure {
    let mut scene = Scene::setup();
    let alice = scene.submit(
        "alice.near",
        "book.near",
        vec![call("query_greeting", json!({}))],
    );
    scene.next_block();
    scene.next_block();
    let change = call("set_greeting", json!({ "greeting": "Good night" }));
    let bob = scene.submit("bob.near", "hello.near", vec![change]);
    scene.run_to_the_end();
    scene.figure_of_blocks(&[alice, bob])
}

/// Alice changes the greeting.
pub fn change() -> Figure {
    let mut scene = Scene::setup();
    let played = scene.call("change_greeting", json!({ "new_greeting": "Howdy" }));
    scene.figure(&played).with(&greeting(&scene))
}

/// Hello refuses the new greeting.
pub fn change_refused() -> Figure {
    let mut scene = Scene::setup();
    let played = scene.call(
        "change_greeting",
        json!({ "new_greeting": "x".repeat(20_000) }),
    );
    scene.figure(&played).with(&greeting(&scene))
}

/// Alice calls the callback herself.
pub fn callback_by_alice() -> Figure {
    let mut scene = Scene::setup();
    let played = scene.call("query_greeting_callback", json!({}));
    scene.figure(&played)
}

/// What hello says after all that.
fn greeting(scene: &Scene) -> String {
    let greeting = scene.view("hello.near", "get_greeting", json!({}));
    format!(
        "hello.near now answers get_greeting with {}.\n",
        text::value(greeting.to_string().as_bytes())
    )
}
