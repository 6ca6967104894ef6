//! Messages with a deposit, and the refund of the deposit.

use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::with_money;
use crate::claim::claim;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{
    Expectation, TestChain, call, delete, fails, gains, loses, paid, returns, with_gas,
};
use crate::text;

const SIGNERS: [&str; 3] = ["alice.near", "app.near", "guestbook.near"];

/// Shows that a batch of alice's own fails, and its deposit comes back.
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
            .no_balance_moves(),
    )
}

/// Shows two messages with a deposit above their price.
pub fn sign() -> Figure {
    let mut chain = TestChain::batch();
    let money = chain.money(&SIGNERS);
    let texts = json!({ "texts": ["Good morning", "Good night"] });
    let tx = chain.pay("sign_guestbook", texts, Balance::from_near(1));
    let cost = Balance::from_millinear(200);
    let expected = returns(json!(true))
        .runs_in(4, "alice.near", "transfer 0.8 NEAR")
        .moves([loses("alice.near", cost), gains("guestbook.near", cost)]);
    with_money(&chain, tx, &money, expected)
}

/// Shows that the second message fails: it is too long for its gas.
pub fn sign_fails() -> Figure {
    let mut chain = TestChain::batch();
    let money = chain.money(&SIGNERS);
    let tx = chain.pay(
        "sign_guestbook",
        three_texts(Some(1)),
        Balance::from_near(1),
    );
    with_money(&chain, tx, &money, comes_back()).with_inputs(SIGN_FAILS.inputs)
}

/// Shows the run of [`sign_fails`] block by block.
pub fn sign_fails_blocks() -> Figure {
    let mut chain = TestChain::batch();
    let tx = chain.pay(
        "sign_guestbook",
        three_texts(Some(1)),
        Balance::from_near(1),
    );
    let hashes = [tx];
    let expected = chain.shows(&hashes, comes_back());
    Figure::table(chain.timeline(&hashes), [expected])
}

/// Returns three texts, one of which may be too long for its gas.
fn three_texts(too_long: Option<usize>) -> Value {
    let mut texts = ["Good morning", "Good day", "Good night"].map(str::to_owned);
    if let Some(index) = too_long {
        texts[index] = "x".repeat(300_000);
    }
    json!({ "texts": texts })
}

/// Returns the expectation that the batch fails and the callback refunds alice.
fn comes_back() -> Expectation {
    returns(json!(false))
        .fails_at(
            "guestbook.near",
            "add_message",
            "Action #1: Exceeded the prepaid gas",
        )
        .runs_in(3, "app.near", "sign_guestbook_callback")
        .runs_in(4, "alice.near", "transfer 1 NEAR")
        .no_balance_moves()
}

/// Shows a deposit below the price of the messages.
pub fn sign_poor() -> Figure {
    let mut chain = TestChain::batch();
    let texts = json!({ "texts": ["Good morning", "Good night"] });
    let tx = chain.pay("sign_guestbook", texts, Balance::from_millinear(199));
    let reason = "Attach at least 0.2 NEAR";
    chain.figure(
        tx,
        fails(reason)
            .fails_at("app.near", "sign_guestbook", reason)
            .receipts(1)
            .no_balance_moves(),
    )
}

/// Shows a refund to bob, who pays and then deletes his account.
pub fn payer_gone() -> Figure {
    let mut chain = TestChain::batch();
    let before = chain.balance("app.near");
    let texts = json!({ "texts": ["Good morning"] });
    let sign = paid(call("sign_guestbook", texts), Balance::from_near(1));
    let signing = chain.submit("bob.near", "app.near", vec![sign]);
    chain.produce_block();
    let leaving = chain.submit("bob.near", "bob.near", vec![delete("alice.near")]);
    chain.run_until_idle();

    let gained = chain.balance("app.near").saturating_sub(before);
    let result = chain.result(signing);
    let sentence = format!(
        "The first transaction of bob.near {}, and app.near has {} more than before.",
        text::result(&result),
        text::near(gained),
    );
    let sentence = text::wrapped(&sentence, text::WIDTH).join("\n");
    let rest = Balance::from_millinear(900);
    let expected = returns(json!(true))
        .then_returns_nothing()
        .fails_at("bob.near", "transfer 0.9 NEAR", "doesn't exist")
        .runs_in(1, "bob.near", "delete the account")
        .moves([
            loses("bob.near", Balance::from_near(1)),
            gains("app.near", rest),
            gains("guestbook.near", Balance::from_millinear(100)),
        ]);
    chain.figure_of_blocks(&[signing, leaving], expected).with(
        &format!("{sentence}\n"),
        claim("the rest stays with the contract", gained == rest),
    )
}

/// Three messages, one of which is too long for its gas, and a deposit.
pub const SIGN_FAILS: Play = Play {
    figure: "batch-sign-fails",
    inputs: &[
        Input::one_of(
            "fails",
            "The message that fails",
            &[
                ("second", "the second"),
                ("first", "the first"),
                ("third", "the third"),
                ("none", "none"),
            ],
        ),
        Input::number("deposit", "Deposit", [2, 20], 10, "tenths of a NEAR"),
    ],
    run: |values| {
        let too_long = match values.choice("fails") {
            "first" => Some(0),
            "second" => Some(1),
            "third" => Some(2),
            _ => None,
        };
        let deposit = Balance::from_millinear(100 * u128::from(values.number("deposit")));
        let mut chain = TestChain::batch();
        let tx = chain.pay("sign_guestbook", three_texts(too_long), deposit);
        chain.rerun(tx)
    },
};
