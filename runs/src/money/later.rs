//! Work that comes later: retries, and the reply of an oracle.

use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::{BOBS, EVERYBODY, PRICE, blocks_with_money, message, new_chain, plain, with_money};
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{TestChain, TxHash, call, gains, loses, paid, returns};
use crate::text;

// ---- Trying again ----

/// Returns the result of an attempt at order 0.
fn attempt(signed: bool, attempts_left: u8) -> Value {
    json!({ "order": 0, "signed": signed, "attempts_left": attempts_left })
}

/// Shows an order whose first attempt fails and whose second, by bob, succeeds.
pub fn order() -> Figure {
    let mut chain = new_chain();
    chain.behave("rogue.near", "panic");
    let money = chain.money(&EVERYBODY);
    let ordered = chain.pay(
        "order_message",
        message("rogue.near"),
        Balance::from_near(1),
    );
    let waiting = chain.view("app.near", "get_order", json!({ "id": 0 }));
    let first_lines = format!("{}\n{waiting:#}\n", money.table(&chain, ordered));
    let deposit = Balance::from_near(1);
    let first_claim = returns(attempt(false, 2))
        .fails_at("rogue.near", "add_message", "I panic")
        .moves([loses("alice.near", deposit), gains("app.near", deposit)]);
    let first_claim = chain.shows(&[ordered], first_claim);

    chain.behave("rogue.near", "well");
    chain.reset_balances();
    let money = chain.money(&EVERYBODY);
    let retry = call("retry_order", json!({ "id": 0 }));
    let retried = chain.send("bob.near", "app.near", vec![retry]);
    let lines = format!(
        "{}\n{first_lines}\n{}\n{}",
        chain.timeline(&[ordered]),
        chain.timeline(&[retried]),
        money.table(&chain, retried)
    );
    let expected = returns(attempt(false, 2))
        .then_returns(attempt(true, 0))
        .fails_at("rogue.near", "add_message", "I panic")
        .moves([loses("alice.near", PRICE), gains("rogue.near", PRICE)]);
    chain
        .figure_with(&[ordered, retried], lines, expected)
        .claims(first_claim)
        .with_inputs(ORDER.inputs)
}

/// Shows an order that the guestbook refuses every time.
pub fn order_given_up() -> Figure {
    let mut chain = new_chain();
    chain.behave("rogue.near", "panic");
    let money = chain.money(&EVERYBODY);
    let mut hashes = Vec::new();
    let mut lines = String::new();
    for attempt in 1..=4 {
        let (method, tx) = match attempt {
            1 => {
                let args = message("rogue.near");
                let tx = chain.pay("order_message", args, Balance::from_near(1));
                ("order_message", tx)
            }
            _ => {
                let retry = call("retry_order", json!({ "id": 0 }));
                let tx = chain.send("bob.near", "app.near", vec![retry]);
                ("retry_order", tx)
            }
        };
        let order = chain.view("app.near", "get_order", json!({ "id": 0 }));
        let order = match order.is_null() {
            true => "there is no order".to_owned(),
            false => format!("attempts of the order: {}", order["attempts"]),
        };
        let result = text::result(&chain.result(tx));
        lines.push_str(&text::case(method, &[&result, &order]));
        hashes.push(tx);
    }
    let no_order = "There is no such order";
    let expected = returns(attempt(false, 2))
        .then_returns(attempt(false, 1))
        .then_returns(attempt(false, 0))
        .then_fails(no_order)
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at("app.near", "retry_order", no_order)
        .no_balance_moves();
    let claims = [chain.shows(&hashes, expected)];
    let table = money.table_of_all(&chain, &hashes);
    Figure::table(plain(&format!("{lines}\n{table}")), claims)
}

// ---- From outside ----

/// Returns a chain on which bob is the oracle.
pub(super) fn chain_with_oracle() -> TestChain {
    let mut chain = new_chain();
    let oracle = json!({ "oracle": "bob.near" });
    chain.prepare_with_yocto("trust_oracle", oracle);
    chain.reset_balances();
    chain
}

fn ask(chain: &mut TestChain) -> CryptoHash {
    let ask = call("ask_oracle", json!({ "text": "Will it rain?" }));
    let hash = chain.submit(
        "alice.near",
        "app.near",
        vec![paid(ask, Balance::from_near(1))],
    );
    chain.run_until_idle();
    hash
}

fn reply(chain: &mut TestChain, from: &str) -> TxHash {
    let result = call("answer_question", json!({ "id": 0, "answer": "Yes" }));
    chain.send(from, "app.near", vec![result])
}

/// Shows that bob replies ten blocks later.
pub fn oracle() -> Figure {
    let mut chain = chain_with_oracle();
    let money = chain.money(&BOBS);
    let asking = ask(&mut chain);
    for _ in 0..10 {
        chain.produce_block();
    }
    let answering = reply(&mut chain, "bob.near");
    let expected = returns(json!("Yes"))
        .then_returns_nothing()
        .runs_in(14, "app.near", "answer_question")
        .runs_in(15, "app.near", "ask_oracle_callback")
        .moves([loses("alice.near", PRICE), gains("bob.near", PRICE)]);
    blocks_with_money(&chain, &[asking, answering], &money, expected).with_inputs(ORACLE.inputs)
}

/// Shows a question without a reply.
pub fn oracle_silent() -> Figure {
    let mut chain = chain_with_oracle();
    let money = chain.money(&BOBS);
    let hash = ask(&mut chain);
    for _ in 0..200 {
        chain.produce_block();
    }
    chain.run_until_idle();
    let expected = returns(json!(null))
        .runs_in(202, "app.near", "ask_oracle_callback")
        .no_balance_moves();
    with_money(&chain, hash, &money, expected)
}

/// Shows who may reply, and how often.
pub fn oracle_errors() -> Figure {
    let mut chain = chain_with_oracle();
    let mut hashes = vec![ask(&mut chain)];
    let mut lines = String::new();
    for (title, from) in [
        ("alice answers her own question", "alice.near"),
        ("bob, the oracle, answers", "bob.near"),
        ("bob answers once more", "bob.near"),
    ] {
        let tx = reply(&mut chain, from);
        hashes.push(tx);
        lines.push_str(&text::case(title, &[&text::result(&chain.result(tx))]));
    }
    let (not_you, too_late) = ("You are not the oracle", "There is no such question");
    let expected = returns(json!("Yes"))
        .then_fails(not_you)
        .then_returns_nothing()
        .then_fails(too_late)
        .fails_at("app.near", "answer_question", not_you)
        .fails_at("app.near", "answer_question", too_late)
        .moves([loses("alice.near", PRICE), gains("bob.near", PRICE)]);
    Figure::table(plain(&lines), [chain.shows(&hashes, expected)])
}

// ---- With other inputs ----

/// An order and a retry by bob, at a guestbook that may fail at each.
pub const ORDER: Play = Play {
    figure: "money-order",
    inputs: &[
        Input::one_of(
            "first",
            "At first, rogue.near",
            &[("panics", "panics"), ("works", "works")],
        ),
        Input::one_of(
            "second",
            "Then it",
            &[
                ("works", "works"),
                ("panics", "panics"),
                ("burns-all-gas", "burns all its gas"),
            ],
        ),
    ],
    run: |values| {
        let mut chain = new_chain();
        behaves(&mut chain, values.choice("first"));
        let order = message("rogue.near");
        let ordered = chain.pay("order_message", order, Balance::from_near(1));
        behaves(&mut chain, values.choice("second"));
        // The retry comes in the block in which the recorded one comes.
        chain.produce_block();
        let retry = call("retry_order", json!({ "id": 0 }));
        let retried = chain.send("bob.near", "app.near", vec![retry]);
        chain.rerun_of_blocks(&[ordered, retried])
    },
};

fn behaves(chain: &mut TestChain, choice: &str) {
    let behaviour = match choice {
        "works" => "well",
        "burns-all-gas" => "burn_all_gas",
        _ => "panic",
    };
    // A play counts all money, so somebody pays for this.
    let args = json!({ "behaviour": behaviour });
    chain.prepare("bob.near", "rogue.near", "behave", args);
}

/// A question, and a reply some blocks later: by the oracle, or by another account.
pub const ORACLE: Play = Play {
    figure: "money-oracle",
    inputs: &[
        Input::one_of(
            "signer",
            "The reply is of",
            &[
                ("bob.near", "bob.near, the oracle"),
                ("alice.near", "alice.near, who asks"),
            ],
        ),
        Input::number("wait", "It comes after", [1, 250], 10, "blocks"),
    ],
    run: |values| {
        let mut chain = chain_with_oracle();
        let asking = ask(&mut chain);
        for _ in 0..values.number("wait") {
            chain.produce_block();
        }
        let answering = reply(&mut chain, values.choice("signer"));
        chain.run_to_the_last_yield();
        chain.rerun_of_blocks(&[asking, answering])
    },
};
