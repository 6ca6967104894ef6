//! Tokens of the contract, sold for NEAR.

use near_primitives::types::Balance;
use serde_json::json;

use super::with_money;
use crate::claim::{Claim, claim};
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{
    ExpectationBuilder, ONE_TOKEN, TestChain, TxHash, call, fails, gains, loses, paid, returns,
};
use crate::text;

const TRADERS: [&str; 3] = ["alice.near", "app.near", "gold.app.near"];

/// The price of an entry in the balances of a token.
const STORAGE_DEPOSIT: Balance = Balance::from_yoctonear(125 * 10u128.pow(19));

/// The deposit that `ft_transfer` asks for.
const YOCTO: Balance = Balance::from_yoctonear(1);

/// The price of three tokens.
const PRICE: Balance = Balance::from_near(3);

/// Shows that alice buys three tokens.
pub fn sale() -> Figure {
    let mut chain = TestChain::shop_of("app.near");
    let money = chain.money(&TRADERS);
    let tx = buy(&mut chain, "gold", 3);
    let fees = STORAGE_DEPOSIT.saturating_add(YOCTO);
    let expected = returns(json!(true)).moves([
        loses("alice.near", PRICE.saturating_add(fees)),
        gains("app.near", PRICE),
        gains("gold.app.near", fees),
    ]);
    let figure = with_money(&chain, tx, &money, expected);
    figure.with(&tokens(&chain), have(&chain, Some(3), 7))
}

/// Shows a buyer who is registered with the token already.
pub fn sale_known_buyer() -> Figure {
    let mut chain = shop_that_knows_alice();
    let money = chain.money(&TRADERS);
    let tx = buy(&mut chain, "gold", 3);
    let spent = PRICE.saturating_add(STORAGE_DEPOSIT);
    let expected = returns(json!(true))
        .runs_in(3, "app.near", "transfer 0.00125 NEAR")
        .moves([
            loses("alice.near", spent.saturating_add(YOCTO)),
            gains("app.near", spent),
            gains("gold.app.near", YOCTO),
        ]);
    let figure = with_money(&chain, tx, &money, expected);
    figure.with(&tokens(&chain), have(&chain, Some(3), 7))
}

/// Shows that alice asks for more tokens than there are.
pub fn sale_sold_out() -> Figure {
    let mut chain = TestChain::shop_of("app.near");
    let money = chain.money(&TRADERS);
    let tx = buy(&mut chain, "gold", 11);
    let expected = sold_out().no_balance_moves();
    let figure = with_money(&chain, tx, &money, expected);
    figure
        .with(&tokens(&chain), have(&chain, None, 10))
        .with_inputs(SALE_SOLD_OUT.inputs)
}

/// Shows the same for a registered buyer: the token schedules a refund, and its failure undoes the refund.
pub fn sale_undone_refund() -> Figure {
    let mut chain = shop_that_knows_alice();
    let money = chain.money(&TRADERS);
    let tx = buy(&mut chain, "gold", 11);
    let expected = sold_out().logs("refunding the deposit");
    with_money(&chain, tx, &money, expected.no_balance_moves())
}

/// Returns the expectation of four receipts, none of which is a refund by the token.
fn sold_out() -> ExpectationBuilder {
    returns(json!(false))
        .fails_at("gold.app.near", "ft_transfer", "enough balance")
        .runs_in(4, "alice.near", "transfer 20 NEAR")
        .receipts(4)
}

/// Shows the other errors of a sale, and what alice gets back after each.
pub fn sale_errors() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (title, owner, name, failed, reason) in [
        (
            "the shop has no tokens, and no room for any",
            "bob.near",
            "gold",
            ("gold.app.near", "ft_transfer"),
            "is not registered",
        ),
        (
            "there is no such token",
            "app.near",
            "silver",
            ("silver.app.near", "storage_deposit"),
            "doesn't exist",
        ),
    ] {
        let mut chain = TestChain::shop_of(owner);
        let money = chain.money(&TRADERS);
        let tx = buy(&mut chain, name, 3);
        let expected = returns(json!(false)).fails_at(failed.0, failed.1, reason);
        claims.push(chain.shows(&[tx], expected.no_balance_moves()));
        let error = chain.first_error(tx);
        let alice = format!("buy_tokens {}", text::result(&chain.result(tx)));
        let table = money.table(&chain, tx);
        lines.push_str(&text::case(title, &[&error, &alice]));
        for line in table.lines() {
            lines.push_str(&format!("    {line}\n"));
        }
    }
    Figure::table(lines, claims)
}

/// Shows that a function-call key cannot send tokens.
pub fn function_call_key() -> Figure {
    let mut chain = TestChain::shop_of("app.near");
    let args = json!({ "receiver_id": "bob.near", "amount": "1" });
    let transfer = paid(call("ft_transfer", args), YOCTO);
    let refusal = chain.refusal_of_function_call_key("gold.app.near", transfer);
    let is_about_the_key = refusal
        .text
        .contains("deposit with a function call action is not allowed");
    Figure::table(
        text::case(
            "ft_transfer with 1 yoctoNEAR, signed with a function-call key",
            &[&refusal.text],
        ),
        [claim(
            "a function-call key cannot attach a deposit",
            is_about_the_key,
        )],
    )
}

/// Shows a call to `ft_approve`, which NEP-141 does not have.
pub fn ft_approve() -> Figure {
    let mut chain = TestChain::shop_of("app.near");
    let args = json!({ "spender_id": "app.near", "amount": "1" });
    let tx = chain.send(
        "alice.near",
        "gold.app.near",
        vec![call("ft_approve", args)],
    );
    chain.figure(
        tx,
        fails("MethodNotFound")
            .fails_at("gold.app.near", "ft_approve", "MethodNotFound")
            .no_balance_moves(),
    )
}

fn shop_that_knows_alice() -> TestChain {
    let mut chain = TestChain::shop_of("app.near");
    let room = paid(
        call("storage_deposit", json!({ "account_id": "alice.near" })),
        STORAGE_DEPOSIT,
    );
    let tx = chain.send("alice.near", "gold.app.near", vec![room]);
    chain.assert_succeeded(tx);
    chain.reset_balances();
    chain
}

fn buy(chain: &mut TestChain, name: &str, tokens: u128) -> TxHash {
    let args = json!({ "name": name, "amount": (tokens * ONE_TOKEN).to_string() });
    chain.pay("buy_tokens", args, Balance::from_near(20))
}

/// Returns true if an account is registered with the token, and the number of its tokens.
fn held(chain: &TestChain, name: &str) -> (bool, u128) {
    let args = json!({ "account_id": name });
    let balance = chain.view("gold.app.near", "ft_balance_of", args.clone());
    let balance: u128 = balance.as_str().expect("a text").parse().expect("a number");
    let room = chain.view("gold.app.near", "storage_balance_of", args);
    (!room.is_null(), balance / ONE_TOKEN)
}

fn tokens(chain: &TestChain) -> String {
    let mut lines = String::new();
    for name in ["alice.near", "app.near"] {
        let (has_room, tokens) = held(chain, name);
        let room = if has_room { "room" } else { "no room" };
        lines.push_str(&format!(
            "{name} has {room} at gold.app.near, and {tokens} tokens.\n"
        ));
    }
    lines
}

/// Claims the numbers of tokens of alice (`None`: she is not registered) and of the shop.
fn have(chain: &TestChain, alices: Option<u128>, shops: u128) -> Claim {
    let alice = (alices.is_some(), alices.unwrap_or_default());
    claim(
        "the right accounts have the tokens and are registered",
        held(chain, "alice.near") == alice && held(chain, "app.near") == (true, shops),
    )
}

/// A sale of tokens, of which the shop has ten.
pub const SALE_SOLD_OUT: Play = Play {
    figure: "batch-sale-sold-out",
    inputs: &[
        Input::number("tokens", "alice buys", [1, 12], 11, "tokens"),
        Input::one_of(
            "buyer",
            "alice is",
            &[
                ("new", "new to the token"),
                ("registered", "registered with it"),
            ],
        ),
    ],
    run: |values| {
        let mut chain = match values.choice("buyer") {
            "registered" => shop_that_knows_alice(),
            _ => TestChain::shop_of("app.near"),
        };
        let tx = buy(&mut chain, "gold", u128::from(values.number("tokens")));
        chain.rerun(tx)
    },
};
