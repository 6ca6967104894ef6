//! The vault: what it stores, what comes in between, and the lock.

use near_primitives::types::Balance;
use serde_json::json;

use super::{
    GUESTS, PRICE, ROGUE_ALONE, behave, blocks_with_money, call_back, fill_safe, message, plain,
    safe, safes, stage, storage_of_safe, two_by_alice,
};
use crate::figures::Figure;
use crate::figures::claim::{Claim, claim};
use crate::scene::{
    Ending, Expectation, Money, Move, Played, Scene, answers, answers_nothing, call, fails, gains,
    loses, text, with_gas,
};

const NOTHING: Balance = Balance::ZERO;
const ONE: Balance = Balance::from_near(1);

/// Alice makes a safe with 1 NEAR, and closes it.
pub fn storage() -> Figure {
    let mut scene = stage();
    let money = scene.money(&GUESTS);
    let opened = scene.pay("vault_deposit", json!({}), Balance::from_near(1));
    let closed = scene.call("vault_close", json!({}));
    let hashes = [opened.hash, closed.hash];
    let trees = format!("{}\n{}", scene.tree(&opened), scene.tree(&closed));
    let held = ONE.saturating_sub(storage_of_safe("alice.near"));
    let expected = answers(json!(held))
        .then_answers(json!(true))
        .logs("0.00097 NEAR for storage back")
        .nobodys_balance_moves();
    scene
        .figure_with(&hashes, trees, expected)
        .with_money(&money.table_of_all(&scene, &hashes))
}

/// The message cannot be delivered, and the money goes back into the safe.
pub fn undone() -> Figure {
    let mut scene = stage();
    fill_safe(&mut scene, "alice.near", PRICE);
    let spend = call("vault_spend", message("nobody.near"));
    let hash = scene.submit("alice.near", "book.near", vec![spend]);
    scene.next_block();
    scene.next_block();
    let between = safes(&scene, &["alice.near"]);
    let is_out = safe_holds(&scene, "alice.near", NOTHING);
    scene.run_to_the_end();
    let safes = safes(&scene, &["alice.near"]);
    let expected = answers(json!(false))
        .fails_at("nobody.near", "add_message", "doesn't exist")
        .nobodys_balance_moves();
    scene
        .figure_of_blocks(&[hash], expected)
        .with(
            &format!("After block 1:\n{between}At the end:\n{safes}"),
            is_out,
        )
        .claims(safe_holds(&scene, "alice.near", PRICE))
}

/// A safe holds so much, and none of it is locked.
fn safe_holds(scene: &Scene, owner: &str, amount: Balance) -> Claim {
    let sentence = format!("the safe of {owner} holds {amount}");
    claim(&sentence, safe(scene, owner) == (amount, NOTHING))
}

/// Alice has money for one message and bob for ten.
fn stage_with_safes() -> Scene {
    let mut scene = stage();
    fill_safe(&mut scene, "alice.near", PRICE);
    fill_safe(&mut scene, "bob.near", Balance::from_near(1));
    scene.everyone_holds_a_round_sum();
    scene
}

fn twice(method: &str, expected: Expectation) -> Figure {
    let mut scene = stage_with_safes();
    let money = scene.money(&GUESTS);
    let hashes = two_by_alice(&mut scene, method, &message("guestbook.near"));
    blocks_with_money(&scene, &hashes, &money, expected)
        .with(
            &safes(&scene, &["alice.near", "bob.near"]),
            safe_holds(&scene, "alice.near", NOTHING),
        )
        .claims(safe_holds(&scene, "bob.near", ONE))
}

/// The second of two calls fails.
fn second_fails(method: &str, reason: &str) -> Ending {
    answers(json!(true))
        .then_fails(reason)
        .fails_at("book.near", method, reason)
}

/// Money that leaves book.near for a book.
fn pays(book: &str, amount: Balance) -> [Move; 2] {
    [loses("book.near", amount), gains(book, amount)]
}

/// Alice spends what she has, twice.
pub fn window() -> Figure {
    // No receipt fails, and alice had a right to half of this.
    let expected = answers(json!(true))
        .then_answers(json!(true))
        .runs_in(2, "book.near", "vulnerable_spend")
        .runs_in(3, "book.near", "vulnerable_spend_callback")
        .moves(pays("guestbook.near", PRICE.saturating_mul(2)));
    twice("vulnerable_spend", expected)
}

/// The same, where the money leaves the safe first.
pub fn window_state_first() -> Figure {
    let method = "vault_spend";
    let expected = second_fails(method, "can spend 0 NEAR");
    twice(method, expected.moves(pays("guestbook.near", PRICE)))
}

/// The same, where the safe is locked.
pub fn window_locked() -> Figure {
    let method = "vault_spend_locked";
    let expected = second_fails(method, "The safe is locked");
    twice(method, expected.moves(pays("guestbook.near", PRICE)))
}

/// The rogue is the owner of a safe, and the book as well.
fn rogue_spends(method: &str) -> (Scene, Money, Played) {
    let mut scene = stage();
    fill_safe(&mut scene, "rogue.near", PRICE);
    fill_safe(&mut scene, "bob.near", Balance::from_near(1));
    let args = message("rogue.near");
    behave(&mut scene, call_back(method, &args));
    let money = scene.money(&ROGUE_ALONE);
    let spend = with_gas(call(method, args), 200);
    let played = scene.send("rogue.near", "book.near", vec![spend]);
    (scene, money, played)
}

/// The book calls back in, and is paid twice.
pub fn reentry() -> Figure {
    let (scene, money, played) = rogue_spends("vulnerable_spend");
    let expected = answers(json!(true))
        .runs_in(3, "book.near", "vulnerable_spend")
        .runs_in(3, "book.near", "vulnerable_spend_callback")
        .moves(pays("rogue.near", PRICE.saturating_mul(2)));
    blocks_with_money(&scene, &[played.hash], &money, expected).with(
        &safes(&scene, &["rogue.near", "bob.near"]),
        safes_of(&scene),
    )
}

/// The safe of the rogue is empty, and bob's says what it said.
fn safes_of(scene: &Scene) -> Claim {
    claim(
        "the safe of rogue.near is empty, and the one of bob.near says 1 NEAR",
        safe(scene, "rogue.near") == (NOTHING, NOTHING)
            && safe(scene, "bob.near") == (ONE, NOTHING),
    )
}

/// The call back is refused, so the rogue gets what its safe held and no more.
fn call_back_is_refused(method: &str, reason: &str) -> Expectation {
    answers(json!(true))
        .fails_at("book.near", method, reason)
        .runs_in(3, "book.near", method)
        .moves(pays("rogue.near", PRICE))
}

/// The same, where the money leaves the safe first.
pub fn reentry_state_first() -> Figure {
    let (scene, money, played) = rogue_spends("vault_spend");
    let expected = call_back_is_refused("vault_spend", "can spend 0 NEAR");
    blocks_with_money(&scene, &[played.hash], &money, expected).with(
        &safes(&scene, &["rogue.near", "bob.near"]),
        safes_of(&scene),
    )
}

/// The book calls back in, and the guards hold.
pub fn reentry_guarded() -> Figure {
    let (mut told, mut claims) = (String::new(), Vec::new());
    for (method, reason) in [
        ("vault_spend", "can spend 0 NEAR"),
        ("vault_spend_locked", "The safe is locked"),
    ] {
        let (scene, money, played) = rogue_spends(method);
        claims.push(scene.shows(&[played.hash], call_back_is_refused(method, reason)));
        claims.push(safes_of(&scene));
        let error = format!("the call back: {}", scene.first_error(&played));
        told.push_str(&plain(&text::case(method, &[&error])));
        for line in money.table(&scene, &played).lines() {
            told.push_str(&format!("    {line}\n"));
        }
        let safes = safes(&scene, &["rogue.near", "bob.near"]);
        for line in safes.lines() {
            told.push_str(&format!("    {line}\n"));
        }
    }
    Figure::table(told, claims)
}

/// What alice, who has 1 NEAR, gets for two calls.
pub fn honest() -> Figure {
    let mut rows = vec![
        ["method", "first call", "second call", "messages"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut claims = Vec::new();
    let twice = PRICE.saturating_mul(2);
    let both = answers(json!(true)).then_answers(json!(true));
    for (method, expected, messages) in [
        ("vault_spend", both.moves(pays("guestbook.near", twice)), 2),
        (
            "vault_spend_locked",
            second_fails("vault_spend_locked", "The safe is locked")
                .moves(pays("guestbook.near", PRICE)),
            1,
        ),
    ] {
        let mut scene = stage();
        fill_safe(&mut scene, "alice.near", Balance::from_near(1));
        let hashes = two_by_alice(&mut scene, method, &message("guestbook.near"));
        claims.push(scene.shows(&hashes, expected));
        let ends = hashes.map(|hash| match scene.succeeded(&Played { hash }) {
            true => "succeeds".to_owned(),
            false => "fails".to_owned(),
        });
        let total = scene.view("guestbook.near", "total_messages", json!({}));
        claims.push(claim(
            "each call that goes through is a message",
            total == messages,
        ));
        let row = [method.to_owned()].into_iter().chain(ends);
        rows.push(row.chain([total.to_string()]).collect());
    }
    Figure::table(text::table(&rows), claims)
}

/// The callback that should open the lock has too little gas, and nobody else opens it.
pub fn lock_stays() -> Figure {
    let mut scene = stage_with_safes();
    let played = scene.call("vulnerable_spend_locked", message("guestbook.near"));
    let messages = scene.view("guestbook.near", "total_messages", json!({}));
    let safes = safes(&scene, &["alice.near"]);
    scene.figure(&played, lock_is_left()).with(
        &format!("guestbook.near has {messages} message.\n{safes}"),
        claim(
            "the book has the message, and nobody may touch the money",
            messages == 1 && safe(&scene, "alice.near") == (PRICE, PRICE),
        ),
    )
}

/// The book has the money, and the callback that was to write that down has failed.
fn lock_is_left() -> Expectation {
    let reason = "Exceeded the prepaid gas";
    fails(reason)
        .fails_at("book.near", "vault_spend_locked_callback", reason)
        .moves(pays("guestbook.near", PRICE))
}

/// A thousand blocks later the lock is there, until the owner of the contract opens it.
pub fn lock_resolved() -> Figure {
    let mut scene = stage_with_safes();
    let played = scene.call("vulnerable_spend_locked", message("guestbook.near"));
    let mut claims = vec![scene.shows(&[played.hash], lock_is_left())];
    for _ in 0..1_000 {
        scene.next_block();
    }
    let mut told = String::new();
    let locked = "The safe is locked";
    let private = "vault_resolve is private";
    let resolve = json!({ "owner": "alice.near", "spent": true });
    for (what, from, method, args, expected, left) in [
        (
            "a thousand blocks later",
            "alice.near",
            "vault_close",
            json!({}),
            fails(locked).fails_at("book.near", "vault_close", locked),
            (PRICE, PRICE),
        ),
        (
            "alice tries to open the lock",
            "alice.near",
            "vault_resolve",
            resolve.clone(),
            fails(private).fails_at("book.near", "vault_resolve", private),
            (PRICE, PRICE),
        ),
        (
            "the account of the contract opens it",
            "book.near",
            "vault_resolve",
            resolve,
            answers_nothing(),
            (NOTHING, NOTHING),
        ),
    ] {
        let played = scene.send(from, "book.near", vec![call(method, args)]);
        claims.push(scene.shows(&[played.hash], expected.nobodys_balance_moves()));
        claims.push(claim(
            "the lock is there until the owner of the contract opens it",
            safe(&scene, "alice.near") == left,
        ));
        let end = format!("{method} {}", text::end(&scene.end(&played)));
        told.push_str(&text::case(what, &[&end]));
        for line in safes(&scene, &["alice.near"]).lines() {
            told.push_str(&format!("    {line}\n"));
        }
    }
    Figure::table(plain(&told), claims)
}
