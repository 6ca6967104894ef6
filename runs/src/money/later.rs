//! What comes later: another try, and answers from outside.

use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::{
    BOBS, EVERYBODY, PRICE, behave, blocks_with_money, message, new_chain, plain, with_money,
};
use crate::figure::Figure;
use crate::test_chain::{TestChain, TxHash, answers, call, gains, loses, paid};
use crate::text;

// ---- Trying again ----

/// What became of a try of order 0.
fn attempt(signed: bool, attempts_left: u8) -> Value {
    json!({ "order": 0, "signed": signed, "attempts_left": attempts_left })
}

/// The first try fails, and bob's succeeds.
pub fn order() -> Figure {
    let mut chain = new_chain();
    behave(&mut chain, json!("panic"));
    let money = chain.money(&EVERYBODY);
    let ordered = chain.pay(
        "order_message",
        message("rogue.near"),
        Balance::from_near(1),
    );
    let waiting = chain.view("book.near", "get_order", json!({ "id": 0 }));
    let kept = format!("{}\n{waiting:#}\n", money.table(&chain, ordered));
    let deposit = Balance::from_near(1);
    let keeps = answers(attempt(false, 2))
        .fails_at("rogue.near", "add_message", "I panic")
        .moves([loses("alice.near", deposit), gains("book.near", deposit)]);
    let keeps = chain.shows(&[ordered], keeps);

    behave(&mut chain, json!("well"));
    let money = chain.money(&EVERYBODY);
    let retry = call("retry_order", json!({ "id": 0 }));
    let retried = chain.send("bob.near", "book.near", vec![retry]);
    let told = format!(
        "{}\n{kept}\n{}\n{}",
        chain.timeline(&[ordered]),
        chain.timeline(&[retried]),
        money.table(&chain, retried)
    );
    let expected = answers(attempt(false, 2))
        .then_answers(attempt(true, 0))
        .fails_at("rogue.near", "add_message", "I panic")
        .moves([loses("alice.near", PRICE), gains("rogue.near", PRICE)]);
    chain
        .figure_with(&[ordered, retried], told, expected)
        .claims(keeps)
}

/// The book refuses every time.
pub fn order_given_up() -> Figure {
    let mut chain = new_chain();
    behave(&mut chain, json!("panic"));
    let money = chain.money(&EVERYBODY);
    let mut hashes = Vec::new();
    let mut told = String::new();
    for attempt in 1..=4 {
        let (method, tx) = match attempt {
            1 => {
                let args = message("rogue.near");
                let tx = chain.pay("order_message", args, Balance::from_near(1));
                ("order_message", tx)
            }
            _ => {
                let retry = call("retry_order", json!({ "id": 0 }));
                let tx = chain.send("bob.near", "book.near", vec![retry]);
                ("retry_order", tx)
            }
        };
        let order = chain.view("book.near", "get_order", json!({ "id": 0 }));
        let order = match order.is_null() {
            true => "there is no order".to_owned(),
            false => format!("attempts of the order: {}", order["attempts"]),
        };
        let end = text::end(&chain.end(tx));
        told.push_str(&text::case(method, &[&end, &order]));
        hashes.push(tx);
    }
    let no_order = "There is no such order";
    let expected = answers(attempt(false, 2))
        .then_answers(attempt(false, 1))
        .then_answers(attempt(false, 0))
        .then_fails(no_order)
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at("book.near", "retry_order", no_order)
        .nobodys_balance_moves();
    let claims = [chain.shows(&hashes, expected)];
    let table = money.table_of_all(&chain, &hashes);
    Figure::table(plain(&format!("{told}\n{table}")), claims)
}

// ---- From outside ----

/// A chain on which bob is the oracle.
fn chain_with_oracle() -> TestChain {
    let mut chain = new_chain();
    let oracle = json!({ "oracle": "bob.near" });
    chain.operate("trust_oracle", oracle);
    chain.reset_balances();
    chain
}

fn ask(chain: &mut TestChain) -> CryptoHash {
    let ask = call("ask_oracle", json!({ "text": "Will it rain?" }));
    let hash = chain.submit(
        "alice.near",
        "book.near",
        vec![paid(ask, Balance::from_near(1))],
    );
    chain.run_to_the_end();
    hash
}

fn answer(chain: &mut TestChain, from: &str) -> TxHash {
    let answer = call("answer_question", json!({ "id": 0, "answer": "Yes" }));
    chain.send(from, "book.near", vec![answer])
}

/// Ten blocks later bob answers.
pub fn oracle() -> Figure {
    let mut chain = chain_with_oracle();
    let money = chain.money(&BOBS);
    let asking = ask(&mut chain);
    for _ in 0..10 {
        chain.next_block();
    }
    let answering = answer(&mut chain, "bob.near");
    let expected = answers(json!("Yes"))
        .then_answers_nothing()
        .runs_in(14, "book.near", "answer_question")
        .runs_in(15, "book.near", "ask_oracle_callback")
        .moves([loses("alice.near", PRICE), gains("bob.near", PRICE)]);
    blocks_with_money(&chain, &[asking, answering], &money, expected)
}

/// Nobody answers.
pub fn oracle_silent() -> Figure {
    let mut chain = chain_with_oracle();
    let money = chain.money(&BOBS);
    let hash = ask(&mut chain);
    for _ in 0..200 {
        chain.next_block();
    }
    chain.run_to_the_end();
    let expected = answers(json!(null))
        .runs_in(202, "book.near", "ask_oracle_callback")
        .nobodys_balance_moves();
    with_money(&chain, hash, &money, expected)
}

/// Who may answer, and how often.
pub fn oracle_errors() -> Figure {
    let mut chain = chain_with_oracle();
    let mut hashes = vec![ask(&mut chain)];
    let mut told = String::new();
    for (what, from) in [
        ("alice answers her own question", "alice.near"),
        ("bob, the oracle, answers", "bob.near"),
        ("bob answers once more", "bob.near"),
    ] {
        let tx = answer(&mut chain, from);
        hashes.push(tx);
        told.push_str(&text::case(what, &[&text::end(&chain.end(tx))]));
    }
    let (not_you, too_late) = ("You are not the oracle", "There is no such question");
    let expected = answers(json!("Yes"))
        .then_fails(not_you)
        .then_answers_nothing()
        .then_fails(too_late)
        .fails_at("book.near", "answer_question", not_you)
        .fails_at("book.near", "answer_question", too_late)
        .moves([loses("alice.near", PRICE), gains("bob.near", PRICE)]);
    Figure::table(plain(&told), [chain.shows(&hashes, expected)])
}
