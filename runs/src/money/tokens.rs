//! Tokens that are sent with a call, and the refund of unused ones.

use near_primitives::action::{Action, DeployContractAction};
use near_primitives::types::Balance;
use serde_json::json;

use super::{call_back, plain};
use crate::claim::{Claim, claim};
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::{self, BEHAVIOURS, Play};
use crate::test_chain::{
    ExpectationBuilder, ONE_TOKEN, TestChain, call, fails, gains, loses, paid, partner, returns,
    with_gas,
};
use crate::text;

/// Returns a chain with a token: alice has ten, `app.near` is registered and accepts them.
pub(super) fn market() -> TestChain {
    let guests = [("gold.near", "token"), ("rogue.near", "rogue")];
    let mut chain = TestChain::with_guests("responses", &guests);
    let supply = (10 * ONE_TOKEN).to_string();
    let init = json!({ "owner_id": "alice.near", "total_supply": supply });
    chain.prepare("gold.near", "gold.near", "new", init);
    let gold = json!({ "token": "gold.near" });
    chain.prepare_with_yocto("accept_token", gold);
    register(&mut chain, "app.near");
    chain.reset_balances();
    chain
}

pub(super) fn register(chain: &mut TestChain, name: &str) {
    let room = paid(
        call("storage_deposit", json!({ "account_id": name })),
        Balance::from_yoctonear(125 * 10u128.pow(19)),
    );
    let tx = chain.send("bob.near", "gold.near", vec![room]);
    chain.assert_succeeded(tx);
}

pub(super) fn wanted(book: &str, texts: &[&str]) -> String {
    json!({ "guestbook": book, "texts": texts }).to_string()
}

pub(super) fn transfer_call(receiver: &str, tokens: u128, msg: &str) -> Action {
    let amount = (tokens * ONE_TOKEN).to_string();
    let args = json!({ "receiver_id": receiver, "amount": amount, "msg": msg });
    let transfer = paid(call("ft_transfer_call", args), Balance::from_yoctonear(1));
    with_gas(transfer, 200)
}

fn tokens_of(chain: &TestChain, name: &str) -> u128 {
    let balance = chain.view("gold.near", "ft_balance_of", json!({ "account_id": name }));
    let balance: u128 = balance.as_str().expect("a text").parse().expect("a number");
    balance / ONE_TOKEN
}

fn tokens(chain: &TestChain, names: &[&str]) -> String {
    let lines = names.iter().map(|name| {
        let tokens = counted(tokens_of(chain, name));
        format!("{name} has {tokens}.\n")
    });
    lines.collect()
}

/// Claims the numbers of tokens of alice and of `app.near`.
fn have(chain: &TestChain, alices: u128, ours: u128) -> Claim {
    let sentence = format!("alice.near has {alices} tokens and app.near has {ours}");
    let held = ["alice.near", "app.near"].map(|name| tokens_of(chain, name));
    claim(&sentence, held == [alices, ours])
}

/// Returns the expectation that the transaction returns the number of used tokens. The token keeps alice's
/// yoctoNEAR.
fn used(tokens: u128) -> ExpectationBuilder {
    returns(json!((tokens * ONE_TOKEN).to_string()))
}

const YOCTO: Balance = Balance::from_yoctonear(1);

fn counted(tokens: u128) -> String {
    match tokens {
        1 => "1 token".to_owned(),
        _ => format!("{tokens} tokens"),
    }
}

/// The texts that alice pays for.
const TWO_TEXTS: [&str; 2] = ["Good morning", "Good night"];

/// Shows two texts for five tokens.
pub fn rest() -> Figure {
    let mut chain = market();
    let msg = wanted("guestbook.near", &TWO_TEXTS);
    let transfer = transfer_call("app.near", 5, &msg);
    let tx = chain.send("alice.near", "gold.near", vec![transfer]);
    let expected = used(2)
        .receipts(6)
        .runs_in(5, "gold.near", "ft_resolve_transfer")
        .moves([loses("alice.near", YOCTO), gains("gold.near", YOCTO)]);
    chain
        .figure(tx, expected)
        .with(
            &tokens(&chain, &["alice.near", "app.near"]),
            have(&chain, 8, 2),
        )
        .with_inputs(REST.inputs)
}

/// Shows a receiver that sends the tokens on and then reports them as unused, so nothing is left to refund.
pub fn forwarded() -> Figure {
    let mut chain = market();
    register(&mut chain, "rogue.near");
    register(&mut chain, "bob.near");
    chain.behave("rogue.near", json!({ "forward_tokens": "bob.near" }));
    chain.reset_balances();
    let tx = chain.send(
        "alice.near",
        "gold.near",
        vec![transfer_call("rogue.near", 5, "")],
    );
    let expected = used(5).moves([
        loses("alice.near", YOCTO),
        loses("rogue.near", YOCTO),
        gains("gold.near", Balance::from_yoctonear(2)),
    ]);
    let held = ["alice.near", "rogue.near", "bob.near"].map(|name| tokens_of(&chain, name));
    chain.figure(tx, expected).with(
        &tokens(&chain, &["alice.near", "rogue.near", "bob.near"]),
        claim("alice has lost five tokens to bob", held == [5, 0, 5]),
    )
}

/// Shows the other outcomes for five of alice's ten tokens.
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
    for (title, receiver, msg, behaviour, used) in [
        ("two texts", "app.near", guestbook(&["one", "two"]), None, 2),
        (
            "one of three texts is too long",
            "app.near",
            guestbook(&["one", &long, "three"]),
            None,
            2,
        ),
        (
            "six texts, too few tokens",
            "app.near",
            guestbook(&["1", "2", "3", "4", "5", "6"]),
            None,
            0,
        ),
        (
            "there is no such book",
            "app.near",
            wanted("nobody.near", &["one"]),
            None,
            0,
        ),
        (
            "our method panics: unreadable msg",
            "app.near",
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
            "it returns garbage",
            "rogue.near",
            String::new(),
            Some(json!("return_garbage")),
            0,
        ),
        (
            "it returns that ten are unused",
            "rogue.near",
            String::new(),
            Some(supply),
            0,
        ),
    ] {
        let mut chain = market();
        if receiver != "app.near" {
            register(&mut chain, receiver);
        }
        if let Some(behaviour) = behaviour {
            chain.behave("rogue.near", behaviour);
        }
        let transfer = transfer_call(receiver, 5, &msg);
        let tx = chain.send("alice.near", "gold.near", vec![transfer]);
        chain.assert_succeeded(tx);
        let [alice, other] = ["alice.near", receiver].map(|name| tokens_of(&chain, name));
        let sentence = format!("{title}: the receiver has {used} tokens, and alice has the rest");
        claims.push(claim(&sentence, [alice, other] == [10 - used, used]));
        rows.push(vec![
            title.to_owned(),
            receiver.to_owned(),
            alice.to_string(),
            other.to_string(),
        ]);
    }
    Figure::table(text::table(&rows), claims)
}

/// Shows a receiver that is not registered: the transfer does not begin.
pub fn no_room() -> Figure {
    let mut chain = market();
    let transfer = transfer_call("rogue.near", 5, "");
    let tx = chain.send("alice.near", "gold.near", vec![transfer]);
    let reason = "rogue.near is not registered";
    let expected = fails(reason)
        .fails_at("gold.near", "ft_transfer_call", reason)
        .receipts(1)
        .no_balance_moves();
    let lines = text::case(
        "alice sends five tokens to rogue.near, which has no room",
        &[&text::result(&chain.result(tx))],
    );
    let claims = [chain.shows(&[tx], expected), have(&chain, 10, 0)];
    Figure::table(plain(&lines), claims)
}

/// Shows that alice calls `ft_on_transfer` herself.
pub fn false_sender() -> Figure {
    let mut chain = market();
    let msg = wanted("guestbook.near", &["free"]);
    let args = json!({ "sender_id": "alice.near", "amount": ONE_TOKEN.to_string(), "msg": msg });
    let tx = chain.call("ft_on_transfer", args);
    let reason = "is not the token that we take";
    let expected = fails(reason)
        .fails_at("app.near", "ft_on_transfer", reason)
        .no_balance_moves();
    let lines = text::case(
        "alice calls ft_on_transfer without any token",
        &[&text::result(&chain.result(tx))],
    );
    let claim = chain.shows(&[tx], expected);
    Figure::table(plain(&lines), [claim])
}

/// Shows that the owner of `app.near` deploys, before the callback, a contract without the callback.
pub fn upgrade() -> Figure {
    let mut chain = market();
    let msg = wanted("guestbook.near", &["Good morning"]);
    let transfer = transfer_call("app.near", 5, &msg);
    let sending = chain.submit("alice.near", "gold.near", vec![transfer]);
    chain.produce_block();
    chain.produce_block();
    chain.produce_block();
    let deploy = DeployContractAction {
        code: partner("responses", "hello"),
    };
    let deploying = chain.submit("app.near", "app.near", vec![Action::DeployContract(deploy)]);
    chain.run_until_idle();
    let messages = chain.view("guestbook.near", "total_messages", json!({}));
    let tokens = tokens(&chain, &["alice.near", "app.near"]);
    let expected = used(0)
        .then_returns_nothing()
        .fails_at("app.near", "ft_on_transfer_callback", "MethodNotFound")
        .runs_in(3, "app.near", "deploy a contract")
        .moves([loses("alice.near", YOCTO), gains("gold.near", YOCTO)]);
    chain
        .figure_of_blocks(&[sending, deploying], expected)
        .with(
            &format!("{tokens}guestbook.near has {messages} message.\n"),
            have(&chain, 10, 0),
        )
        .claims(claim("alice has the message too", messages == 1))
}

/// Shows that alice unregisters before the refund, so the refund finds nobody.
pub fn sender_left() -> Figure {
    let mut chain = market();
    let msg = wanted("guestbook.near", &["Good morning"]);
    let transfer = transfer_call("app.near", 10, &msg);
    let sending = chain.submit("alice.near", "gold.near", vec![transfer]);
    chain.produce_block();
    chain.produce_block();
    let leave = paid(
        call("storage_unregister", json!({})),
        Balance::from_yoctonear(1),
    );
    let leaving = chain.submit("alice.near", "gold.near", vec![leave]);
    chain.run_until_idle();
    let supply = chain.view("gold.near", "ft_total_supply", json!({}));
    let supply: u128 = supply.as_str().expect("a text").parse().expect("a number");
    let tokens = tokens(&chain, &["alice.near", "app.near"]);
    let left = counted(supply / ONE_TOKEN);
    // The token refunds her storage deposit and keeps the yoctoNEAR of her call.
    let room = Balance::from_yoctonear(125 * 10u128.pow(19));
    let expected = used(10).then_returns(json!(true)).moves([
        gains("alice.near", room.saturating_sub(YOCTO)),
        loses("gold.near", room.saturating_sub(YOCTO)),
    ]);
    chain
        .figure_of_blocks(&[sending, leaving], expected)
        .with(
            &format!("{tokens}In all there are {left} left.\n"),
            have(&chain, 0, 1),
        )
        .claims(claim("the refund is burnt", supply / ONE_TOKEN == 1))
}

/// Two texts for some tokens, at a guestbook that may misbehave.
pub const REST: Play = Play {
    figure: "money-token-rest",
    inputs: &[
        Input::number("tokens", "alice sends", [1, 10], 5, "tokens"),
        Input::one_of("guestbook", "guestbook.near", BEHAVIOURS),
    ],
    run: |values| {
        let mut chain = market();
        play::behave(&mut chain, "guestbook.near", values.choice("guestbook"));
        let msg = wanted("guestbook.near", &TWO_TEXTS);
        let transfer = transfer_call("app.near", values.number("tokens").into(), &msg);
        let tx = chain.send("alice.near", "gold.near", vec![transfer]);
        chain.rerun(tx)
    },
};
