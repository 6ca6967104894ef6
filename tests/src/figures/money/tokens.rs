//! Tokens that are sent with a call, and what comes back of them.

use near_primitives::action::{Action, DeployContractAction};
use near_primitives::types::Balance;
use serde_json::json;

use super::{behave, call_back, plain};
use crate::figures::Figure;
use crate::scene::{ONE_TOKEN, Scene, call, paid, partner, text, with_gas};

/// The stage with a token: alice has ten, book.near has room and takes them.
fn market() -> Scene {
    let guests = [("gold.near", "token"), ("rogue.near", "rogue")];
    let mut scene = Scene::with_guests("responses", &guests);
    let supply = (10 * ONE_TOKEN).to_string();
    let init = json!({ "owner_id": "alice.near", "total_supply": supply });
    scene.prepare("gold.near", "gold.near", "new", init);
    let gold = json!({ "token": "gold.near" });
    scene.prepare("book.near", "book.near", "accept_token", gold);
    make_room(&mut scene, "book.near");
    scene.everyone_holds_a_round_sum();
    scene
}

fn make_room(scene: &mut Scene, name: &str) {
    let room = paid(
        call("storage_deposit", json!({ "account_id": name })),
        Balance::from_yoctonear(125 * 10u128.pow(19)),
    );
    let played = scene.send("bob.near", "gold.near", vec![room]);
    scene.assert_succeeded(&played);
}

fn wanted(book: &str, texts: &[&str]) -> String {
    json!({ "book": book, "texts": texts }).to_string()
}

fn transfer_call(receiver: &str, tokens: u128, msg: &str) -> Action {
    let amount = (tokens * ONE_TOKEN).to_string();
    let args = json!({ "receiver_id": receiver, "amount": amount, "msg": msg });
    let transfer = paid(call("ft_transfer_call", args), Balance::from_yoctonear(1));
    with_gas(transfer, 200)
}

fn tokens_of(scene: &Scene, name: &str) -> u128 {
    let balance = scene.view("gold.near", "ft_balance_of", json!({ "account_id": name }));
    let balance: u128 = balance.as_str().expect("a text").parse().expect("a number");
    balance / ONE_TOKEN
}

fn tokens(scene: &Scene, names: &[&str]) -> String {
    let lines = names.iter().map(|name| {
        let tokens = counted(tokens_of(scene, name));
        format!("{name} has {tokens}.\n")
    });
    lines.collect()
}

fn counted(tokens: u128) -> String {
    match tokens {
        1 => "1 token".to_owned(),
        _ => format!("{tokens} tokens"),
    }
}

/// Five tokens, two texts.
pub fn rest() -> Figure {
    let mut scene = market();
    let msg = wanted("guestbook.near", &["Good morning", "Good night"]);
    let transfer = transfer_call("book.near", 5, &msg);
    let played = scene.send("alice.near", "gold.near", vec![transfer]);
    scene
        .figure(&played)
        .with(&tokens(&scene, &["alice.near", "book.near"]))
}

/// What else can happen to five of alice's ten tokens.
pub fn cases() -> String {
    let long = "x".repeat(300_000);
    let guestbook = |texts: &[&str]| wanted("guestbook.near", texts);
    let supply = call_back("ft_total_supply", &json!({}));
    let mut rows = vec![
        ["", "receiver", "alice has", "the receiver has"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for (what, receiver, msg, behaviour) in [
        ("two texts", "book.near", guestbook(&["one", "two"]), None),
        (
            "one of three texts is too long",
            "book.near",
            guestbook(&["one", &long, "three"]),
            None,
        ),
        (
            "six texts, too few tokens",
            "book.near",
            guestbook(&["1", "2", "3", "4", "5", "6"]),
            None,
        ),
        (
            "there is no such book",
            "book.near",
            wanted("nobody.near", &["one"]),
            None,
        ),
        (
            "our method panics: unreadable msg",
            "book.near",
            "Hello".to_owned(),
            None,
        ),
        ("no contract", "bob.near", String::new(), None),
        (
            "it panics",
            "rogue.near",
            String::new(),
            Some(json!("panic")),
        ),
        (
            "it answers garbage",
            "rogue.near",
            String::new(),
            Some(json!("answer_garbage")),
        ),
        (
            "it answers that ten are unused",
            "rogue.near",
            String::new(),
            Some(supply),
        ),
    ] {
        let mut scene = market();
        if receiver != "book.near" {
            make_room(&mut scene, receiver);
        }
        if let Some(behaviour) = behaviour {
            behave(&mut scene, behaviour);
        }
        let transfer = transfer_call(receiver, 5, &msg);
        let played = scene.send("alice.near", "gold.near", vec![transfer]);
        scene.assert_succeeded(&played);
        let has = |name| tokens_of(&scene, name).to_string();
        rows.push(vec![
            what.to_owned(),
            receiver.to_owned(),
            has("alice.near"),
            has(receiver),
        ]);
    }
    text::table(&rows)
}

/// The receiver has no room: nothing begins.
pub fn no_room() -> String {
    let mut scene = market();
    let transfer = transfer_call("rogue.near", 5, "");
    let played = scene.send("alice.near", "gold.near", vec![transfer]);
    plain(&text::case(
        "alice sends five tokens to rogue.near, which has no room",
        &[&text::end(&scene.end(&played))],
    ))
}

/// Alice calls our method herself.
pub fn played() -> String {
    let mut scene = market();
    let msg = wanted("guestbook.near", &["free"]);
    let args = json!({ "sender_id": "alice.near", "amount": ONE_TOKEN.to_string(), "msg": msg });
    let played = scene.call("ft_on_transfer", args);
    plain(&text::case(
        "alice calls ft_on_transfer without any token",
        &[&text::end(&scene.end(&played))],
    ))
}

/// In the window the owner of book.near deploys a contract that does not have the callback.
pub fn upgrade() -> Figure {
    let mut scene = market();
    let msg = wanted("guestbook.near", &["Good morning"]);
    let transfer = transfer_call("book.near", 5, &msg);
    let sending = scene.submit("alice.near", "gold.near", vec![transfer]);
    scene.next_block();
    scene.next_block();
    scene.next_block();
    let deploy = DeployContractAction {
        code: partner("responses", "hello"),
    };
    let deploying = scene.submit(
        "book.near",
        "book.near",
        vec![Action::DeployContract(deploy)],
    );
    scene.run_to_the_end();
    let messages = scene.view("guestbook.near", "total_messages", json!({}));
    let tokens = tokens(&scene, &["alice.near", "book.near"]);
    scene
        .figure_of_blocks(&[sending, deploying])
        .with(&format!("{tokens}guestbook.near has {messages} message.\n"))
}

/// In the window alice leaves the token, and the rest finds nobody.
pub fn sender_left() -> Figure {
    let mut scene = market();
    let msg = wanted("guestbook.near", &["Good morning"]);
    let transfer = transfer_call("book.near", 10, &msg);
    let sending = scene.submit("alice.near", "gold.near", vec![transfer]);
    scene.next_block();
    scene.next_block();
    let leave = paid(
        call("storage_unregister", json!({})),
        Balance::from_yoctonear(1),
    );
    let leaving = scene.submit("alice.near", "gold.near", vec![leave]);
    scene.run_to_the_end();
    let supply = scene.view("gold.near", "ft_total_supply", json!({}));
    let supply: u128 = supply.as_str().expect("a text").parse().expect("a number");
    let tokens = tokens(&scene, &["alice.near", "book.near"]);
    let left = counted(supply / ONE_TOKEN);
    scene
        .figure_of_blocks(&[sending, leaving])
        .with(&format!("{tokens}In all there are {left} left.\n"))
}
