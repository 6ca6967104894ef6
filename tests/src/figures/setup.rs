//! The runs of chapter 1: a call that asks, a call that changes, and how each fails.

use near_primitives::types::{Balance, Gas};
use serde_json::json;

use crate::figures::Figure;
use crate::figures::claim::claim;
use crate::scene::{Scene, answers, answers_nothing, call, fails, gains, loses, text, with_gas};

/// Whom a contract calls that was initialised without arguments.
pub fn partners() -> Figure {
    let mut scene = Scene::setup_without_init();
    scene.prepare("book.near", "book.near", "new", json!({}));
    let partners = scene.view("book.near", "get_partners", json!({}));
    let on_testnet = ["hello", "counter", "guestbook"]
        .iter()
        .all(|name| partners[name] == format!("{name}.near-examples.testnet"));
    Figure::table(
        format!("{partners:#}\n"),
        [claim(
            "a partner that is left out is the one on testnet",
            on_testnet,
        )],
    )
}

/// A stranger calls `new`, then the owner does, then the owner once more.
pub fn init() -> Figure {
    let mut scene = Scene::setup_without_init();
    let (mut lines, mut claims) = (Vec::new(), Vec::new());
    for (caller, expected) in [
        (
            "alice.near",
            fails("new is private").fails_at("book.near", "new", "new is private"),
        ),
        ("book.near", answers_nothing()),
        (
            "book.near",
            fails("already been initialized").fails_at("book.near", "new", "already"),
        ),
    ] {
        let played = scene.send(caller, "book.near", vec![call("new", json!({}))]);
        claims.push(scene.shows(&[played.hash], expected.nobodys_balance_moves()));
        let end = text::end(&scene.end(&played));
        lines.push(text::case(&format!("{caller} calls new"), &[&end]));
    }
    Figure::table(lines.concat(), claims)
}

/// Alice asks for the greeting.
pub fn query() -> Figure {
    let mut scene = Scene::setup();
    let played = scene.call("query_greeting", json!({}));
    let calls = scene.calls(&played);
    let [hello, callback] = [1, 2].map(|index| calls[index].attached.as_gas());
    let expected = answers(json!("Hello"))
        .receipts(3)
        .logs("query_greeting runs on book.near, called by alice.near, signed by alice.near")
        .logs("callback runs on book.near, called by book.near, signed by alice.near")
        .runs_in(1, "book.near", "query_greeting")
        .runs_in(2, "hello.near", "get_greeting")
        .runs_in(3, "book.near", "query_greeting_callback")
        .nobodys_balance_moves();
    scene.figure(&played, expected).claims(claim(
        "hello and the callback have their floor and half each of the rest",
        hello.abs_diff(callback) <= 1 && hello > Gas::from_teragas(5).as_gas(),
    ))
}

/// Hello's account does not exist.
pub fn query_no_account() -> Figure {
    let mut scene = Scene::setup_with_hello("nobody.near");
    let played = scene.call("query_greeting", json!({}));
    scene.figure(
        &played,
        fails("promise result failed")
            .fails_at("nobody.near", "get_greeting", "doesn't exist")
            .fails_at(
                "book.near",
                "query_greeting_callback",
                "promise result failed",
            )
            .nobodys_balance_moves(),
    )
}

/// What else can be wrong with hello, and what the callback sees of it.
pub fn query_errors() -> Figure {
    let no_contract = Scene::setup_with_hello("bob.near");
    let no_method = Scene::setup_with_hello("counter.near");
    let mut too_long = Scene::setup();
    let greeting = json!({ "greeting": "x".repeat(2_000) });
    too_long.prepare("bob.near", "hello.near", "set_greeting", greeting);

    let failed = "promise result failed";
    let cases = [
        (
            "the account has no contract",
            no_contract,
            fails(failed)
                .fails_at("bob.near", "get_greeting", "CodeDoesNotExist")
                .fails_at("book.near", "query_greeting_callback", failed),
        ),
        (
            "the contract has no such method",
            no_method,
            fails(failed)
                .fails_at("counter.near", "get_greeting", "MethodNotFound")
                .fails_at("book.near", "query_greeting_callback", failed),
        ),
        (
            "the greeting is too long for us",
            too_long,
            fails("too long").fails_at("book.near", "query_greeting_callback", "too long"),
        ),
    ];
    let (mut told, mut claims) = (String::new(), Vec::new());
    for (what, mut scene, expected) in cases {
        let played = scene.call("query_greeting", json!({}));
        let expected = expected.receipts(3).nobodys_balance_moves();
        claims.push(scene.shows(&[played.hash], expected));
        let partner = format!("at the partner: {}", text::end(&scene.ends(&played)[1]));
        let alice = format!("for alice:      {}", text::end(&scene.end(&played)));
        told.push_str(&text::case(what, &[&partner, &alice]));
    }
    Figure::table(told, claims)
}

/// Alice attaches less gas than the two promises ask for.
pub fn query_little_gas() -> Figure {
    let mut scene = Scene::setup();
    let query = with_gas(call("query_greeting", json!({})), 9);
    let played = scene.send("alice.near", "book.near", vec![query]);
    let reason = "Exceeded the prepaid gas";
    scene.figure(
        &played,
        fails(reason)
            .fails_at("book.near", "query_greeting", reason)
            .logs("query_greeting runs")
            .receipts(1)
            .nobodys_balance_moves(),
    )
}

/// Alice attaches a deposit that nobody asked for.
pub fn query_deposit() -> Figure {
    let mut scene = Scene::setup();
    let played = scene.pay("query_greeting", json!({}), Balance::from_near(1));
    let reason = "doesn't accept deposit";
    scene.figure(
        &played,
        fails(reason)
            .fails_at("book.near", "query_greeting", reason)
            .nobodys_balance_moves(),
    )
}

/// Alice attaches a deposit to a method that only reads, and whose author thought of none.
pub fn deposit_kept() -> Figure {
    let mut scene = Scene::setup();
    let money = scene.money(&["alice.near", "book.near"]);
    let deposit = Balance::from_near(1);
    let played = scene.pay("get_partners", json!({}), deposit);
    let partners = scene.view("book.near", "get_partners", json!({}));
    scene
        .figure(
            &played,
            answers(partners).moves([loses("alice.near", deposit), gains("book.near", deposit)]),
        )
        .with_money(&money.table(&scene, &played))
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
    scene.figure_of_blocks(
        &[alice, bob],
        answers(json!("Hello"))
            .then_answers_nothing()
            .runs_in(2, "hello.near", "get_greeting")
            .runs_in(3, "hello.near", "set_greeting")
            .runs_in(3, "book.near", "query_greeting_callback")
            .nobodys_balance_moves(),
    )
}

/// Alice changes the greeting.
pub fn change() -> Figure {
    let mut scene = Scene::setup();
    let played = scene.call("change_greeting", json!({ "new_greeting": "Howdy" }));
    let expected = answers(json!(true)).nobodys_balance_moves();
    with_greeting(scene.figure(&played, expected), &scene, "Howdy")
}

/// Hello refuses the new greeting.
pub fn change_refused() -> Figure {
    let mut scene = Scene::setup();
    let played = scene.call(
        "change_greeting",
        json!({ "new_greeting": "x".repeat(20_000) }),
    );
    let expected = answers(json!(false))
        .fails_at("hello.near", "set_greeting", "length of a log message")
        .nobodys_balance_moves();
    with_greeting(scene.figure(&played, expected), &scene, "Hello")
}

/// Alice calls the callback herself.
pub fn callback_by_alice() -> Figure {
    let mut scene = Scene::setup();
    let played = scene.call("query_greeting_callback", json!({}));
    let reason = "query_greeting_callback is private";
    scene.figure(
        &played,
        fails(reason)
            .fails_at("book.near", "query_greeting_callback", reason)
            .nobodys_balance_moves(),
    )
}

/// The figure, and what hello says after all that.
pub(super) fn with_greeting(figure: Figure, scene: &Scene, expected: &str) -> Figure {
    let greeting = scene.view("hello.near", "get_greeting", json!({}));
    let told = text::value(greeting.to_string().as_bytes());
    figure.with(
        &format!("hello.near now answers get_greeting with {told}.\n"),
        claim(
            &format!("hello greets with {expected}"),
            greeting == expected,
        ),
    )
}
