//! The vault: its storage, races, re-entrancy, and the lock.

use std::slice;

use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::overdraft::Overdraft;
use super::{
    GUESTS, PRICE, ROGUE_ALONE, blocks_with_money, call_back, fill_safe, fill_vulnerable_safe,
    message, new_chain, plain, safe, safes, storage_of_safe, two_by_alice, vulnerable,
};
use crate::claim::{Claim, claim};
use crate::figure::Figure;
use crate::inputs::{Input, Values};
use crate::play::Play;
use crate::test_chain::{
    BalanceChange, Expectation, ExpectationBuilder, Money, TestChain, TxHash, call, deploy, fails,
    gains, loses, paid, partner, returns, returns_nothing, wasm_of, with_gas,
};
use crate::text;

const NOTHING: Balance = Balance::ZERO;
const ONE: Balance = Balance::from_near(1);

/// Shows that alice opens a safe with 1 NEAR, and closes it.
pub fn storage() -> Figure {
    let mut chain = new_chain();
    let money = chain.money(&GUESTS);
    let opened = chain.pay("vault_deposit", json!({}), Balance::from_near(1));
    let closed = chain.call("vault_close", json!({}));
    let hashes = [opened, closed];
    let trees = format!("{}\n{}", chain.tree(opened), chain.tree(closed));
    let held = ONE.saturating_sub(storage_of_safe("alice.near"));
    let expected = returns(json!(held))
        .then_returns(json!(true))
        .logs("0.00109 NEAR for storage back")
        .no_balance_moves();
    chain
        .figure_with(&hashes, trees, expected)
        .with_money(&money.table_of_all(&chain, &hashes))
}

/// Shows that the message cannot be delivered, and the money goes back into the safe.
pub fn undone() -> Figure {
    let mut chain = new_chain();
    fill_safe(&mut chain, "alice.near", PRICE);
    let spend = call("vault_spend", message("nobody.near"));
    let hash = chain.submit("alice.near", "app.near", vec![spend]);
    chain.produce_block();
    chain.produce_block();
    let between = safes(&chain, &["alice.near"]);
    let is_out = safe_holds(&chain, "alice.near", NOTHING);
    chain.run_until_idle();
    let safes = safes(&chain, &["alice.near"]);
    let expected = returns(json!(false))
        .fails_at("nobody.near", "add_message", "doesn't exist")
        .no_balance_moves();
    chain
        .figure_of_blocks(&[hash], expected)
        .with(
            &format!("After block 1:\n{between}At the end:\n{safes}"),
            is_out,
        )
        .claims(safe_holds(&chain, "alice.near", PRICE))
}

/// Claims that a safe holds this amount, and none of it is locked.
fn safe_holds(chain: &TestChain, owner: &str, amount: Balance) -> Claim {
    let sentence = format!("the safe of {owner} holds {amount}");
    claim(&sentence, safe(chain, owner) == (amount, NOTHING))
}

/// Returns a chain on which alice's safe pays for one message and bob's for ten.
fn chain_with_safes() -> TestChain {
    let mut chain = new_chain();
    fill_safe(&mut chain, "alice.near", PRICE);
    fill_safe(&mut chain, "bob.near", Balance::from_near(1));
    chain.reset_balances();
    chain
}

/// Returns the same chain with the vulnerable vault.
fn vulnerable_with_safes() -> TestChain {
    let mut chain = vulnerable();
    fill_vulnerable_safe(&mut chain, "alice.near", PRICE);
    fill_vulnerable_safe(&mut chain, "bob.near", Balance::from_near(1));
    chain.reset_balances();
    chain
}

fn twice(mut chain: TestChain, method: &str, expected: Expectation) -> Figure {
    let money = chain.money(&GUESTS);
    let hashes = two_by_alice(&mut chain, method, &message("guestbook.near"));
    blocks_with_money(&chain, &hashes, &money, expected)
        .with(
            &safes(&chain, &["alice.near", "bob.near"]),
            safe_holds(&chain, "alice.near", NOTHING),
        )
        .claims(safe_holds(&chain, "bob.near", ONE))
}

/// Returns the expectation that the second of two calls fails.
fn second_fails(method: &str, reason: &str) -> ExpectationBuilder {
    returns(json!(true))
        .then_fails(reason)
        .fails_at("app.near", method, reason)
}

/// Returns the changes of the balances when `app.near` pays a guestbook.
fn pays(book: &str, amount: Balance) -> [BalanceChange; 2] {
    [loses("app.near", amount), gains(book, amount)]
}

/// Shows that alice spends her balance twice.
pub fn window() -> Figure {
    let overdraft = overdraft_of_alice();
    let notes = [
        ("A1", [1, 1]),
        ("B1", [2, 2]),
        ("A3", [3, 4]),
        ("B3", [4, 5]),
    ];
    // No receipt fails, and only half of this was alice's.
    let expected = returns(json!(true))
        .then_returns(json!(true))
        .runs_in(2, "app.near", "vulnerable_spend")
        .runs_in(3, "app.near", "vulnerable_spend_callback")
        .moves(pays("guestbook.near", PRICE.saturating_mul(2)));
    twice(vulnerable_with_safes(), "vulnerable_spend", expected)
        .with_notes(overdraft.notes(&notes))
        .with_warning(overdraft.warning())
        .with_inputs(WINDOW.inputs)
}

/// Plays the two calls of alice that race.
pub fn overdraft_of_alice() -> Overdraft {
    let spend = call("vulnerable_spend", message("guestbook.near"));
    Overdraft::play(
        &vulnerable_with_safes(),
        "alice.near",
        &[spend.clone(), spend],
    )
}

/// Shows the same calls where the contract debits the safe before the promise.
pub fn window_state_first() -> Figure {
    let method = "vault_spend";
    let expected = second_fails(method, "can spend 0 NEAR");
    twice(
        chain_with_safes(),
        method,
        expected.moves(pays("guestbook.near", PRICE)),
    )
}

/// Shows the same calls where the contract locks the safe.
pub fn window_locked() -> Figure {
    let method = "vault_spend_locked";
    let expected = second_fails(method, "The safe is locked");
    twice(
        chain_with_safes(),
        method,
        expected.moves(pays("guestbook.near", PRICE)),
    )
}

/// Returns a chain on which the rogue has a safe, and calls the method again when it is paid; and the first call.
fn chain_with_rogue(method: &str) -> (TestChain, Action) {
    let is_vulnerable = method == "vulnerable_spend";
    let (mut chain, fill): (_, fn(&mut TestChain, &str, Balance)) = match is_vulnerable {
        true => (vulnerable(), fill_vulnerable_safe),
        false => (new_chain(), fill_safe),
    };
    fill(&mut chain, "rogue.near", PRICE);
    fill(&mut chain, "bob.near", Balance::from_near(1));
    let args = message("rogue.near");
    chain.behave("rogue.near", call_back(method, &args));
    chain.reset_balances();
    (chain, with_gas(call(method, args), 200))
}

/// Runs a call of the rogue, who is both the owner of a safe and the guestbook.
fn rogue_spends(method: &str) -> (TestChain, Money, TxHash) {
    let (mut chain, spend) = chain_with_rogue(method);
    let money = chain.money(&ROGUE_ALONE);
    let tx = chain.send("rogue.near", "app.near", vec![spend]);
    (chain, money, tx)
}

/// The receipts of `app.near` when the rogue calls back in, with the blocks of their notes.
const NOTES_OF_REENTRY: [(&str, [usize; 2]); 4] =
    [("1", [1, 1]), ("3", [3, 3]), ("4", [3, 4]), ("6", [5, 6])];

/// Shows that the guestbook calls back in, and is paid twice.
pub fn reentry() -> Figure {
    let (chain, spend) = chain_with_rogue("vulnerable_spend");
    let overdraft = Overdraft::play(&chain, "rogue.near", &[spend]);
    let (chain, money, tx) = rogue_spends("vulnerable_spend");
    let expected = returns(json!(true))
        .runs_in(3, "app.near", "vulnerable_spend")
        .runs_in(3, "app.near", "vulnerable_spend_callback")
        .moves(pays("rogue.near", PRICE.saturating_mul(2)));
    blocks_with_money(&chain, &[tx], &money, expected)
        .with(
            &safes(&chain, &["rogue.near", "bob.near"]),
            safes_of(&chain),
        )
        .with_notes(overdraft.notes(&NOTES_OF_REENTRY))
        .with_warning(overdraft.warning())
        .with_inputs(REENTRY.inputs)
}

/// Claims that the safe of the rogue is empty and bob's is unchanged.
fn safes_of(chain: &TestChain) -> Claim {
    claim(
        "the safe of rogue.near is empty, and the one of bob.near holds 1 NEAR",
        safe(chain, "rogue.near") == (NOTHING, NOTHING)
            && safe(chain, "bob.near") == (ONE, NOTHING),
    )
}

/// Returns the expectation that the call back is refused, so the rogue gets the money of its safe and no more.
fn call_back_is_refused(method: &str, reason: &str) -> Expectation {
    returns(json!(true))
        .fails_at("app.near", method, reason)
        .runs_in(3, "app.near", method)
        .moves(pays("rogue.near", PRICE))
}

/// Shows the same re-entrancy where the contract debits the safe before the promise.
pub fn reentry_state_first() -> Figure {
    let (chain, money, tx) = rogue_spends("vault_spend");
    let expected = call_back_is_refused("vault_spend", "can spend 0 NEAR");
    blocks_with_money(&chain, &[tx], &money, expected).with(
        &safes(&chain, &["rogue.near", "bob.near"]),
        safes_of(&chain),
    )
}

/// Shows that both guards refuse the re-entrant call.
pub fn reentry_guarded() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (method, reason) in [
        ("vault_spend", "can spend 0 NEAR"),
        ("vault_spend_locked", "The safe is locked"),
    ] {
        let (chain, money, tx) = rogue_spends(method);
        claims.push(chain.shows(&[tx], call_back_is_refused(method, reason)));
        claims.push(safes_of(&chain));
        let error = format!("the call back: {}", chain.first_error(tx));
        lines.push_str(&plain(&text::case(method, &[&error])));
        for line in money.table(&chain, tx).lines() {
            lines.push_str(&format!("    {line}\n"));
        }
        let safes = safes(&chain, &["rogue.near", "bob.near"]);
        for line in safes.lines() {
            lines.push_str(&format!("    {line}\n"));
        }
    }
    Figure::table(lines, claims)
}

/// Shows the results of two calls by alice, who has 1 NEAR.
pub fn honest() -> Figure {
    let mut rows = vec![
        ["method", "first call", "second call", "messages"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut claims = Vec::new();
    let twice = PRICE.saturating_mul(2);
    let both = returns(json!(true)).then_returns(json!(true));
    for (method, expected, messages) in [
        ("vault_spend", both.moves(pays("guestbook.near", twice)), 2),
        (
            "vault_spend_locked",
            second_fails("vault_spend_locked", "The safe is locked")
                .moves(pays("guestbook.near", PRICE)),
            1,
        ),
    ] {
        let mut chain = new_chain();
        fill_safe(&mut chain, "alice.near", Balance::from_near(1));
        let hashes = two_by_alice(&mut chain, method, &message("guestbook.near"));
        claims.push(chain.shows(&hashes, expected));
        let results = hashes.map(|hash| match chain.succeeded(hash) {
            true => "succeeds".to_owned(),
            false => "fails".to_owned(),
        });
        let total = chain.view("guestbook.near", "total_messages", json!({}));
        claims.push(claim(
            "each call that succeeds leaves a message",
            total == messages,
        ));
        let row = [method.to_owned()].into_iter().chain(results);
        rows.push(row.chain([total.to_string()]).collect());
    }
    Figure::table(text::table(&rows), claims)
}

/// Shows a lock that stays: the callback that opens it runs out of gas.
pub fn lock_stays() -> Figure {
    let mut chain = vulnerable_with_safes();
    let tx = chain.call("vulnerable_spend_locked", message("guestbook.near"));
    let messages = chain.view("guestbook.near", "total_messages", json!({}));
    let safes = safes(&chain, &["alice.near"]);
    let reason = "Exceeded the prepaid gas";
    let expected = fails(reason)
        .fails_at("app.near", "vulnerable_spend_locked_callback", reason)
        .moves(pays("guestbook.near", PRICE));
    chain.figure(tx, expected).with(
        &format!("guestbook.near has {messages} message.\n{safes}"),
        claim(
            "the guestbook has the message, and the money is locked",
            messages == 1 && safe(&chain, "alice.near") == (PRICE, PRICE),
        ),
    )
}

/// Returns a chain on which the callback that opens alice's lock was lost: when it ran, `app.near` had code
/// without it. The right code is back now.
fn chain_with_lost_callback() -> (TestChain, Claim) {
    let mut chain = chain_with_safes();
    let spend = call("vault_spend_locked", message("guestbook.near"));
    let spending = chain.submit("alice.near", "app.near", vec![spend]);
    chain.produce_block();
    chain.produce_block();
    let without_callback = deploy(partner("responses", "hello"));
    let replacing = chain.submit("app.near", "app.near", vec![without_callback]);
    chain.run_until_idle();
    let reason = "MethodNotFound";
    let lost = fails(reason)
        .then_returns_nothing()
        .fails_at("app.near", "vault_spend_locked_callback", reason)
        .moves(pays("guestbook.near", PRICE));
    let is_lost = chain.shows(&[spending, replacing], lost);
    let again = vec![deploy(wasm_of("responses"))];
    let tx = chain.send("app.near", "app.near", again);
    chain.assert_succeeded(tx);
    (chain, is_lost)
}

/// Shows that nobody can open a lock while its callback may still run. When it is overdue, the operator can.
pub fn lock_resolved() -> Figure {
    let (mut chain, is_lost) = chain_with_lost_callback();
    let mut claims = vec![is_lost];
    let mut lines = String::new();
    let (locked, early) = ("The safe is locked", "the callback may still run");
    let refusal = "Only the account itself may do this";
    let resolve = json!({ "owner": "alice.near", "lock": 1, "spent": true });
    let refused = |method: &str, reason: &str| fails(reason).fails_at("app.near", method, reason);
    for (title, blocks, from, method, args, expected, left) in [
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
            "app.near",
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
            refused("vault_resolve", refusal),
            (PRICE, PRICE),
        ),
        (
            "the operator opens it",
            0,
            "app.near",
            "vault_resolve",
            resolve,
            returns_nothing(),
            (NOTHING, NOTHING),
        ),
    ] {
        chain.skip_blocks(blocks);
        let action = call(method, args);
        let action = match method {
            "vault_resolve" => paid(action, Balance::from_yoctonear(1)),
            _ => action,
        };
        let tx = chain.send(from, "app.near", vec![action]);
        claims.push(chain.shows(&[tx], expected.no_balance_moves()));
        claims.push(claim(
            "the safe is locked until the operator opens it",
            safe(&chain, "alice.near") == left,
        ));
        let result = format!("{method} {}", text::result(&chain.result(tx)));
        lines.push_str(&text::case(title, &[&result]));
        for line in safes(&chain, &["alice.near"]).lines() {
            lines.push_str(&format!("    {line}\n"));
        }
    }
    Figure::table(plain(&lines), claims)
}

// ---- With other inputs ----

/// A vault with a guard or without.
const CONTRACT: Input = Input::one_of(
    "method",
    "The contract",
    &[
        ("vulnerable", "debits the safe in the callback"),
        ("state-first", "debits it before the promise"),
        ("locked", "locks it before the promise"),
    ],
);

/// Returns the method with which a vault spends, by the choice of [`CONTRACT`].
fn method(values: &Values) -> &'static str {
    match values.choice("method") {
        "state-first" => "vault_spend",
        "locked" => "vault_spend_locked",
        _ => "vulnerable_spend",
    }
}

/// Two calls of alice, some blocks apart.
pub const WINDOW: Play = Play {
    figure: "money-window",
    inputs: &[
        CONTRACT,
        Input::number("wait", "B comes", [0, 4], 1, "blocks later"),
    ],
    run: |values| {
        let method = method(values);
        let chain = match method {
            "vulnerable_spend" => vulnerable_with_safes(),
            _ => chain_with_safes(),
        };
        Overdraft::of_two_calls(chain, method, values.number("wait"))
    },
};

/// A call of the rogue, who is both the owner of a safe and the guestbook.
pub const REENTRY: Play = Play {
    figure: "money-reentry",
    inputs: &[
        CONTRACT,
        Input::one_of(
            "rogue",
            "rogue.near",
            &[
                ("calls-back-in", "calls back in"),
                ("works", "takes the message"),
                ("fails", "panics"),
            ],
        ),
    ],
    run: |values| {
        let (mut chain, spend) = chain_with_rogue(method(values));
        match values.choice("rogue") {
            "works" => chain.behave("rogue.near", json!("well")),
            "fails" => chain.behave("rogue.near", json!("panic")),
            _ => {}
        }
        let overdraft = Overdraft::play(&chain, "rogue.near", slice::from_ref(&spend));
        let tx = chain.send("rogue.near", "app.near", vec![spend]);
        let figure = chain.rerun_of_blocks(&[tx]);
        match overdraft.is_overdrawn() {
            true => figure
                .with_notes(overdraft.notes(&NOTES_OF_REENTRY))
                .with_warning(overdraft.warning()),
            false => figure,
        }
    },
};
