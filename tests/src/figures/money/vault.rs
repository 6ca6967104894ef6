//! The vault: what it stores, what comes in between, and the lock.

use near_primitives::types::Balance;
use serde_json::json;

use super::{
    GUESTS, PRICE, ROGUE_ALONE, behave, blocks_with_money, call_back, fill_safe,
    fill_vulnerable_safe, message, plain, safe, safes, stage, storage_of_safe, two_by_alice,
    vulnerable,
};
use crate::figures::Figure;
use crate::figures::claim::{Claim, claim};
use crate::scene::{
    Ending, Expectation, Money, Move, Played, Scene, answers, answers_nothing, call, deploy, fails,
    gains, loses, paid, partner, text, wasm_of, with_gas,
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
        .logs("0.00109 NEAR for storage back")
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

/// The same in the vulnerable vault.
fn vulnerable_with_safes() -> Scene {
    let mut scene = vulnerable();
    fill_vulnerable_safe(&mut scene, "alice.near", PRICE);
    fill_vulnerable_safe(&mut scene, "bob.near", Balance::from_near(1));
    scene.everyone_holds_a_round_sum();
    scene
}

fn twice(mut scene: Scene, method: &str, expected: Expectation) -> Figure {
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
    twice(vulnerable_with_safes(), "vulnerable_spend", expected)
}

/// The same, where the money leaves the safe first.
pub fn window_state_first() -> Figure {
    let method = "vault_spend";
    let expected = second_fails(method, "can spend 0 NEAR");
    twice(
        stage_with_safes(),
        method,
        expected.moves(pays("guestbook.near", PRICE)),
    )
}

/// The same, where the safe is locked.
pub fn window_locked() -> Figure {
    let method = "vault_spend_locked";
    let expected = second_fails(method, "The safe is locked");
    twice(
        stage_with_safes(),
        method,
        expected.moves(pays("guestbook.near", PRICE)),
    )
}

/// The rogue is the owner of a safe, and the book as well.
fn rogue_spends(method: &str) -> (Scene, Money, Played) {
    let is_vulnerable = method == "vulnerable_spend";
    let (mut scene, fill): (_, fn(&mut Scene, &str, Balance)) = match is_vulnerable {
        true => (vulnerable(), fill_vulnerable_safe),
        false => (stage(), fill_safe),
    };
    fill(&mut scene, "rogue.near", PRICE);
    fill(&mut scene, "bob.near", Balance::from_near(1));
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
    let mut scene = vulnerable_with_safes();
    let played = scene.call("vulnerable_spend_locked", message("guestbook.near"));
    let messages = scene.view("guestbook.near", "total_messages", json!({}));
    let safes = safes(&scene, &["alice.near"]);
    let reason = "Exceeded the prepaid gas";
    let expected = fails(reason)
        .fails_at("book.near", "vulnerable_spend_locked_callback", reason)
        .moves(pays("guestbook.near", PRICE));
    scene.figure(&played, expected).with(
        &format!("guestbook.near has {messages} message.\n{safes}"),
        claim(
            "the book has the message, and nobody may touch the money",
            messages == 1 && safe(&scene, "alice.near") == (PRICE, PRICE),
        ),
    )
}

/// A stage on which the callback that should open alice's lock was lost: when it came, `book.near` had code
/// without it. By now the right code is back.
fn stage_with_lost_callback() -> (Scene, Claim) {
    let mut scene = stage_with_safes();
    let spend = call("vault_spend_locked", message("guestbook.near"));
    let spending = scene.submit("alice.near", "book.near", vec![spend]);
    scene.next_block();
    scene.next_block();
    let without_callback = deploy(partner("responses", "hello"));
    let replacing = scene.submit("book.near", "book.near", vec![without_callback]);
    scene.run_to_the_end();
    let reason = "MethodNotFound";
    let lost = fails(reason)
        .then_answers_nothing()
        .fails_at("book.near", "vault_spend_locked_callback", reason)
        .moves(pays("guestbook.near", PRICE));
    let is_lost = scene.shows(&[spending, replacing], lost);
    let again = vec![deploy(wasm_of("responses"))];
    let played = scene.send("book.near", "book.near", again);
    scene.assert_succeeded(&played);
    (scene, is_lost)
}

/// Nobody opens a lock whose callback may still come. When it is overdue, the operator does.
pub fn lock_resolved() -> Figure {
    let (mut scene, is_lost) = stage_with_lost_callback();
    let mut claims = vec![is_lost];
    let mut told = String::new();
    let (locked, early) = ("The safe is locked", "the callback may still run");
    let stranger = "Only the account itself may do this";
    let resolve = json!({ "owner": "alice.near", "lock": 1, "spent": true });
    let refused = |method: &str, reason: &str| fails(reason).fails_at("book.near", method, reason);
    for (what, blocks, from, method, args, expected, left) in [
        (
            "alice wants to close her safe",
            0,
            "alice.near",
            "vault_close",
            json!({}),
            refused("vault_close", locked),
            (PRICE, PRICE),
        ),
        (
            "the operator opens the lock, too early",
            0,
            "book.near",
            "vault_resolve",
            resolve.clone(),
            refused("vault_resolve", early),
            (PRICE, PRICE),
        ),
        (
            "alice tries to open it, a thousand blocks later",
            1_000,
            "alice.near",
            "vault_resolve",
            resolve.clone(),
            refused("vault_resolve", stranger),
            (PRICE, PRICE),
        ),
        (
            "the operator opens it",
            0,
            "book.near",
            "vault_resolve",
            resolve,
            answers_nothing(),
            (NOTHING, NOTHING),
        ),
    ] {
        scene.skip_blocks(blocks);
        let action = call(method, args);
        let action = match method {
            "vault_resolve" => paid(action, Balance::from_yoctonear(1)),
            _ => action,
        };
        let played = scene.send(from, "book.near", vec![action]);
        claims.push(scene.shows(&[played.hash], expected.nobodys_balance_moves()));
        claims.push(claim(
            "the lock is there until the operator opens it",
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
