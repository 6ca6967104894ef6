//! Messages with a deposit, and whose money it is.

use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::with_money;
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{
    Expectation, TestChain, answers, call, delete, fails, gains, loses, paid, with_gas,
};
use crate::text;

const SIGNERS: [&str; 3] = ["alice.near", "book.near", "guestbook.near"];

/// Alice's own batch fails, and its deposit with it.
pub fn deposit_to_the_sender() -> Figure {
    let mut chain = TestChain::batch();
    let message = with_gas(call("add_message", json!({ "text": "Good morning" })), 10);
    let actions = vec![
        paid(message, Balance::from_near(1)),
        with_gas(call("no_such_method", json!({})), 10),
    ];
    let tx = chain.send("alice.near", "guestbook.near", actions);
    chain.figure(
        tx,
        fails("MethodNotFound")
            .fails_at("guestbook.near", "no_such_method", "Action #1")
            .nobodys_balance_moves(),
    )
}

/// Two messages, and more money than they cost.
pub fn sign() -> Figure {
    let mut chain = TestChain::batch();
    let money = chain.money(&SIGNERS);
    let texts = json!({ "texts": ["Good morning", "Good night"] });
    let tx = chain.pay("sign_guestbook", texts, Balance::from_near(1));
    let cost = Balance::from_millinear(200);
    let expected = answers(json!(true))
        .runs_in(4, "alice.near", "transfer 0.8 NEAR")
        .moves([loses("alice.near", cost), gains("guestbook.near", cost)]);
    with_money(&chain, tx, &money, expected)
}

/// The second message is too long for its gas.
pub fn sign_fails() -> Figure {
    let mut chain = TestChain::batch();
    let money = chain.money(&SIGNERS);
    let tx = chain.pay("sign_guestbook", one_too_long(), Balance::from_near(1));
    with_money(&chain, tx, &money, comes_back())
}

/// The same, block by block.
pub fn sign_fails_blocks() -> Figure {
    let mut chain = TestChain::batch();
    let tx = chain.pay("sign_guestbook", one_too_long(), Balance::from_near(1));
    let hashes = [tx];
    let expected = chain.shows(&hashes, comes_back());
    Figure::table(chain.timeline(&hashes), [expected])
}

fn one_too_long() -> Value {
    json!({ "texts": ["Good morning", "x".repeat(300_000), "Good night"] })
}

/// The batch fails, and the callback sends alice what she paid.
fn comes_back() -> Expectation {
    answers(json!(false))
        .fails_at(
            "guestbook.near",
            "add_message",
            "Action #1: Exceeded the prepaid gas",
        )
        .runs_in(3, "book.near", "sign_guestbook_callback")
        .runs_in(4, "alice.near", "transfer 1 NEAR")
        .nobodys_balance_moves()
}

/// Less money than the messages cost.
pub fn sign_poor() -> Figure {
    let mut chain = TestChain::batch();
    let texts = json!({ "texts": ["Good morning", "Good night"] });
    let tx = chain.pay("sign_guestbook", texts, Balance::from_millinear(199));
    let reason = "Attach at least 0.2 NEAR";
    chain.figure(
        tx,
        fails(reason)
            .fails_at("book.near", "sign_guestbook", reason)
            .receipts(1)
            .nobodys_balance_moves(),
    )
}

/// Bob pays, and is gone when the rest comes back.
pub fn payer_gone() -> Figure {
    let mut chain = TestChain::batch();
    let before = chain.balance("book.near");
    let texts = json!({ "texts": ["Good morning"] });
    let sign = paid(call("sign_guestbook", texts), Balance::from_near(1));
    let signing = chain.submit("bob.near", "book.near", vec![sign]);
    chain.next_block();
    let leaving = chain.submit("bob.near", "bob.near", vec![delete("alice.near")]);
    chain.run_to_the_end();

    let kept = chain.balance("book.near").saturating_sub(before);
    let end = chain.end(signing);
    let told = format!(
        "The first transaction of bob.near {}, and book.near has {} more than before.",
        text::end(&end),
        text::near(kept),
    );
    let told = text::wrapped(&told, text::WIDTH).join("\n");
    let rest = Balance::from_millinear(900);
    let expected = answers(json!(true))
        .then_answers_nothing()
        .fails_at("bob.near", "transfer 0.9 NEAR", "doesn't exist")
        .runs_in(1, "bob.near", "delete the account")
        .moves([
            loses("bob.near", Balance::from_near(1)),
            gains("book.near", rest),
            gains("guestbook.near", Balance::from_millinear(100)),
        ]);
    chain.figure_of_blocks(&[signing, leaving], expected).with(
        &format!("{told}\n"),
        claim("the rest stays there", kept == rest),
    )
}
