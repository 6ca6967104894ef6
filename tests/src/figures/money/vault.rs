//! The vault: what it stores, what comes in between, and the lock.

use near_primitives::types::Balance;
use serde_json::json;

use super::{
    GUESTS, PRICE, ROGUE_ALONE, behave, blocks_with_money, call_back, fill_safe, message, plain,
    safes, stage, two_by_alice,
};
use crate::figures::Figure;
use crate::scene::{Money, Played, Scene, call, text, with_gas};

/// Alice makes a safe with 1 NEAR, and closes it.
pub fn storage() -> Figure {
    let mut scene = stage();
    let money = scene.money(&GUESTS);
    let opened = scene.pay("vault_deposit", json!({}), Balance::from_near(1));
    let closed = scene.call("vault_close", json!({}));
    let hashes = [opened.hash, closed.hash];
    let trees = format!("{}\n{}", scene.tree(&opened), scene.tree(&closed));
    scene
        .figure_with(&hashes, trees)
        .with(&money.table_of_all(&scene, &hashes))
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
    scene.run_to_the_end();
    let safes = safes(&scene, &["alice.near"]);
    scene
        .figure_of_blocks(&[hash])
        .with(&format!("After block 1:\n{between}At the end:\n{safes}"))
}

/// Alice has money for one message and bob for ten.
fn stage_with_safes() -> Scene {
    let mut scene = stage();
    fill_safe(&mut scene, "alice.near", PRICE);
    fill_safe(&mut scene, "bob.near", Balance::from_near(1));
    scene.everyone_holds_a_round_sum();
    scene
}

fn twice(method: &str) -> Figure {
    let mut scene = stage_with_safes();
    let money = scene.money(&GUESTS);
    let hashes = two_by_alice(&mut scene, method, &message("guestbook.near"));
    blocks_with_money(&scene, &hashes, &money).with(&safes(&scene, &["alice.near", "bob.near"]))
}

/// Alice spends what she has, twice.
pub fn window() -> Figure {
    twice("vulnerable_spend")
}

/// The same, where the money leaves the safe first.
pub fn window_state_first() -> Figure {
    twice("vault_spend")
}

/// The same, where the safe is locked.
pub fn window_locked() -> Figure {
    twice("vault_spend_locked")
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
    blocks_with_money(&scene, &[played.hash], &money)
        .with(&safes(&scene, &["rogue.near", "bob.near"]))
}

/// The same, where the money leaves the safe first.
pub fn reentry_state_first() -> Figure {
    let (scene, money, played) = rogue_spends("vault_spend");
    blocks_with_money(&scene, &[played.hash], &money)
        .with(&safes(&scene, &["rogue.near", "bob.near"]))
}

/// The book calls back in, and the guards hold.
pub fn reentry_guarded() -> String {
    let mut told = String::new();
    for method in ["vault_spend", "vault_spend_locked"] {
        let (scene, money, played) = rogue_spends(method);
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
    told
}

/// What alice, who has 1 NEAR, gets for two calls.
pub fn honest() -> String {
    let mut rows = vec![
        ["method", "first call", "second call", "messages"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for method in ["vault_spend", "vault_spend_locked"] {
        let mut scene = stage();
        fill_safe(&mut scene, "alice.near", Balance::from_near(1));
        let hashes = two_by_alice(&mut scene, method, &message("guestbook.near"));
        let ends = hashes.map(|hash| match scene.succeeded(&Played { hash }) {
            true => "succeeds".to_owned(),
            false => "fails".to_owned(),
        });
        let total = scene.view("guestbook.near", "total_messages", json!({}));
        let row = [method.to_owned()].into_iter().chain(ends);
        rows.push(row.chain([total.to_string()]).collect());
    }
    text::table(&rows)
}

/// The callback that should open the lock has too little gas, and nobody else opens it.
pub fn lock_stays() -> Figure {
    let mut scene = stage_with_safes();
    let played = scene.call("vulnerable_spend_locked", message("guestbook.near"));
    let messages = scene.view("guestbook.near", "total_messages", json!({}));
    let safes = safes(&scene, &["alice.near"]);
    scene
        .figure(&played)
        .with(&format!("guestbook.near has {messages} message.\n{safes}"))
}

/// A thousand blocks later the lock is there, until the owner of the contract opens it.
pub fn lock_resolved() -> String {
    let mut scene = stage_with_safes();
    scene.call("vulnerable_spend_locked", message("guestbook.near"));
    for _ in 0..1_000 {
        scene.next_block();
    }
    let mut told = String::new();
    let resolve = json!({ "owner": "alice.near", "spent": true });
    for (what, from, method, args) in [
        (
            "a thousand blocks later",
            "alice.near",
            "vault_close",
            json!({}),
        ),
        (
            "alice tries to open the lock",
            "alice.near",
            "vault_resolve",
            resolve.clone(),
        ),
        (
            "the account of the contract opens it",
            "book.near",
            "vault_resolve",
            resolve,
        ),
    ] {
        let played = scene.send(from, "book.near", vec![call(method, args)]);
        let end = format!("{method} {}", text::end(&scene.end(&played)));
        told.push_str(&text::case(what, &[&end]));
        for line in safes(&scene, &["alice.near"]).lines() {
            told.push_str(&format!("    {line}\n"));
        }
    }
    plain(&told)
}
