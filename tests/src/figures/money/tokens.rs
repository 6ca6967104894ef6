//! Tokens that are sent with a call, and what comes back of them.

use near_primitives::action::{Action, DeployContractAction};
use near_primitives::types::Balance;
use serde_json::json;

use super::{behave, call_back, plain};
use crate::figures::Figure;
use crate::figures::claim::{Claim, claim};
use crate::scene::{
    Ending, ONE_TOKEN, Scene, answers, call, fails, gains, loses, paid, partner, text, with_gas,
};

/// The stage with a token: alice has ten, book.near has room and takes them.
fn market() -> Scene {
    let guests = [("gold.near", "token"), ("rogue.near", "rogue")];
    let mut scene = Scene::with_guests("responses", &guests);
    let supply = (10 * ONE_TOKEN).to_string();
    let init = json!({ "owner_id": "alice.near", "total_supply": supply });
    scene.prepare("gold.near", "gold.near", "new", init);
    let gold = json!({ "token": "gold.near" });
    scene.operate("accept_token", gold);
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
    json!({ "guestbook": book, "texts": texts }).to_string()
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

/// Alice and book.near have so many tokens.
fn have(scene: &Scene, alices: u128, ours: u128) -> Claim {
    let sentence = format!("alice.near has {alices} tokens and book.near {ours}");
    let held = ["alice.near", "book.near"].map(|name| tokens_of(scene, name));
    claim(&sentence, held == [alices, ours])
}

/// The transaction answers how many tokens were used. The yoctoNEAR of alice is the token's.
fn used(tokens: u128) -> Ending {
    answers(json!((tokens * ONE_TOKEN).to_string()))
}

const YOCTO: Balance = Balance::from_yoctonear(1);

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
    let expected = used(2)
        .receipts(6)
        .runs_in(5, "gold.near", "ft_resolve_transfer")
        .moves([loses("alice.near", YOCTO), gains("gold.near", YOCTO)]);
    scene.figure(&played, expected).with(
        &tokens(&scene, &["alice.near", "book.near"]),
        have(&scene, 8, 2),
    )
}

/// The receiver sends the tokens on before it says that it used none of them. So nothing is left to refund.
pub fn forwarded() -> Figure {
    let mut scene = market();
    make_room(&mut scene, "rogue.near");
    make_room(&mut scene, "bob.near");
    behave(&mut scene, json!({ "forward_tokens": "bob.near" }));
    let played = scene.send(
        "alice.near",
        "gold.near",
        vec![transfer_call("rogue.near", 5, "")],
    );
    let expected = used(5).moves([
        loses("alice.near", YOCTO),
        loses("rogue.near", YOCTO),
        gains("gold.near", Balance::from_yoctonear(2)),
    ]);
    let held = ["alice.near", "rogue.near", "bob.near"].map(|name| tokens_of(&scene, name));
    scene.figure(&played, expected).with(
        &tokens(&scene, &["alice.near", "rogue.near", "bob.near"]),
        claim("alice has lost five tokens to bob", held == [5, 0, 5]),
    )
}

/// What else can happen to five of alice's ten tokens.
pub fn cases() -> Figure {
    let long = "x".repeat(300_000);
    let guestbook = |texts: &[&str]| wanted("guestbook.near", texts);
    let supply = call_back("ft_total_supply", &json!({}));
    let mut rows = vec![
        ["", "receiver", "alice has", "the receiver has"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut claims = Vec::new();
    for (what, receiver, msg, behaviour, used) in [
        (
            "two texts",
            "book.near",
            guestbook(&["one", "two"]),
            None,
            2,
        ),
        (
            "one of three texts is too long",
            "book.near",
            guestbook(&["one", &long, "three"]),
            None,
            2,
        ),
        (
            "six texts, too few tokens",
            "book.near",
            guestbook(&["1", "2", "3", "4", "5", "6"]),
            None,
            0,
        ),
        (
            "there is no such book",
            "book.near",
            wanted("nobody.near", &["one"]),
            None,
            0,
        ),
        (
            "our method panics: unreadable msg",
            "book.near",
            "Hello".to_owned(),
            None,
            0,
        ),
        ("no contract", "bob.near", String::new(), None, 0),
        (
            "it panics",
            "rogue.near",
            String::new(),
            Some(json!("panic")),
            0,
        ),
        (
            "it answers garbage",
            "rogue.near",
            String::new(),
            Some(json!("return_garbage")),
            0,
        ),
        (
            "it answers that ten are unused",
            "rogue.near",
            String::new(),
            Some(supply),
            0,
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
        let [alice, other] = ["alice.near", receiver].map(|name| tokens_of(&scene, name));
        let sentence = format!("{what}: the receiver has {used} tokens, and alice all the others");
        claims.push(claim(&sentence, [alice, other] == [10 - used, used]));
        rows.push(vec![
            what.to_owned(),
            receiver.to_owned(),
            alice.to_string(),
            other.to_string(),
        ]);
    }
    Figure::table(text::table(&rows), claims)
}

/// The receiver has no room: nothing begins.
pub fn no_room() -> Figure {
    let mut scene = market();
    let transfer = transfer_call("rogue.near", 5, "");
    let played = scene.send("alice.near", "gold.near", vec![transfer]);
    let reason = "rogue.near is not registered";
    let expected = fails(reason)
        .fails_at("gold.near", "ft_transfer_call", reason)
        .receipts(1)
        .nobodys_balance_moves();
    let told = text::case(
        "alice sends five tokens to rogue.near, which has no room",
        &[&text::end(&scene.end(&played))],
    );
    let claims = [scene.shows(&[played.hash], expected), have(&scene, 10, 0)];
    Figure::table(plain(&told), claims)
}

/// Alice calls our method herself.
pub fn played() -> Figure {
    let mut scene = market();
    let msg = wanted("guestbook.near", &["free"]);
    let args = json!({ "sender_id": "alice.near", "amount": ONE_TOKEN.to_string(), "msg": msg });
    let played = scene.call("ft_on_transfer", args);
    let reason = "is not the token that we take";
    let expected = fails(reason)
        .fails_at("book.near", "ft_on_transfer", reason)
        .nobodys_balance_moves();
    let told = text::case(
        "alice calls ft_on_transfer without any token",
        &[&text::end(&scene.end(&played))],
    );
    let claim = scene.shows(&[played.hash], expected);
    Figure::table(plain(&told), [claim])
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
    let expected = used(0)
        .then_answers_nothing()
        .fails_at("book.near", "ft_on_transfer_callback", "MethodNotFound")
        .runs_in(3, "book.near", "deploy a contract")
        .moves([loses("alice.near", YOCTO), gains("gold.near", YOCTO)]);
    scene
        .figure_of_blocks(&[sending, deploying], expected)
        .with(
            &format!("{tokens}guestbook.near has {messages} message.\n"),
            have(&scene, 10, 0),
        )
        .claims(claim("alice has the message as well", messages == 1))
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
    // She has the money for her room back, and the yoctoNEAR with which she left.
    let room = Balance::from_yoctonear(125 * 10u128.pow(19));
    let expected = used(10).then_answers(json!(true)).moves([
        gains("alice.near", room.saturating_sub(YOCTO)),
        loses("gold.near", room.saturating_sub(YOCTO)),
    ]);
    scene
        .figure_of_blocks(&[sending, leaving], expected)
        .with(
            &format!("{tokens}In all there are {left} left.\n"),
            have(&scene, 0, 1),
        )
        .claims(claim("the rest is burned", supply / ONE_TOKEN == 1))
}
