//! A guestbook that misbehaves, against every method that pays a guestbook.

use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::{EVERYBODY, PRICE, amount, call_back, fill_safe, message, new_chain};
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{TestChain, call, paid, with_gas};
use crate::text;

/// The methods that pay a guestbook, with alice's deposit.
const METHODS: [(&str, Balance); 4] = [
    ("sign_guestbooks", PRICE),
    ("vault_spend", Balance::ZERO),
    ("vault_spend_locked", Balance::ZERO),
    ("order_message", Balance::from_near(1)),
];

/// Returns the behaviours of the rogue.
pub(super) fn behaviours() -> Vec<(String, Value)> {
    let mut behaviours: Vec<_> = [
        ("behaves well", json!("well")),
        ("panics", json!("panic")),
        ("burns all its gas", json!("burn_all_gas")),
        ("returns garbage", json!("return_garbage")),
        ("returns another type", json!("return_other_type")),
        ("returns nothing", json!("return_nothing")),
        (
            "returns twenty kilobytes",
            json!({ "return_bytes": 20_000 }),
        ),
    ]
    .map(|(title, behaviour)| (title.to_owned(), behaviour))
    .into();
    let owner = json!({ "owner": "rogue.near", "price": PRICE });
    for (method, args) in [
        ("no_such_method", json!({})),
        ("vault_spend", message("rogue.near")),
        ("vault_spend_locked", message("rogue.near")),
        ("vault_spend_callback", owner),
        ("vault_close", json!({})),
        ("withdraw_owed", json!({})),
        ("retry_order", json!({ "id": 0 })),
    ] {
        behaviours.push((format!("calls back {method}"), call_back(method, &args)));
    }
    behaviours
}

/// Shows each behaviour, and who has the 0.1 NEAR afterwards.
pub fn rogue() -> Figure {
    let mut header = vec!["the book".to_owned()];
    header.extend(METHODS.map(|(method, _)| method.to_owned()));
    let mut rows = vec![header];
    let (mut runs, mut claims) = (0, Vec::new());
    for (title, behaviour) in behaviours() {
        let mut row = vec![title];
        for (method, deposit) in METHODS {
            let (who, goes_through) = who_has_the_price(method, deposit, &behaviour);
            let who_should = if goes_through { "the book" } else { "alice" };
            let sentence = format!(
                "{method}, {behaviour}: the book has the price where its receipt goes through, and \
                 else alice has what she had"
            );
            claims.push(claim(&sentence, who == who_should));
            row.push(who.to_owned());
            runs += 1;
        }
        rows.push(row);
    }
    let own = "app.near had as much money of its own after it as before";
    let lines = format!(
        "{}\nIn each of these {runs} runs {own}.\n",
        text::table(&rows)
    );
    Figure::table(lines, claims)
}

/// Returns the owner of the 0.1 NEAR afterwards, and true if the rogue's receipt succeeded.
///
/// # Panics
/// Another account has lost or gained something.
fn who_has_the_price(method: &str, deposit: Balance, behaviour: &Value) -> (&'static str, bool) {
    let mut chain = new_chain();
    fill_safe(&mut chain, "alice.near", Balance::from_near(1));
    fill_safe(&mut chain, "bob.near", Balance::from_near(1));
    chain.behave("rogue.near", behaviour.clone());
    let (money, own, alices) = (chain.money(&EVERYBODY), own(&chain), alices(&chain));
    let rogues = chain.balance("rogue.near");

    let args = match method {
        "sign_guestbooks" => json!({ "guestbooks": ["rogue.near"], "text": "Hello" }),
        _ => message("rogue.near"),
    };
    let call = with_gas(paid(call(method, args), deposit), 900);
    let tx = chain.send("alice.near", "app.near", vec![call]);

    // The table panics if money has appeared or vanished.
    money.table(&chain, tx);
    assert_eq!(own, self::own(&chain), "{method} {behaviour}");
    let won = chain.balance("rogue.near").saturating_sub(rogues);
    let after = self::alices(&chain).saturating_add(chain.tokens_burnt(tx));
    assert_eq!(alices, after.saturating_add(won), "{method} {behaviour}");
    let who = match won {
        PRICE => "the book",
        Balance::ZERO => "alice",
        other => panic!("{method} {behaviour}: the rogue has gained {other}"),
    };
    let transaction = chain.transaction(tx);
    let mut receipts = transaction.receipts().iter();
    let at_rogue = receipts.find(|receipt| receipt.receiver == "rogue.near");
    (who, at_rogue.is_some_and(|receipt| receipt.succeeded()))
}

/// Returns the money of alice: on her account, in her safe, in her order, and the amount that she is owed.
fn alices(chain: &TestChain) -> Balance {
    let view = |method, args| chain.view("app.near", method, args);
    let alice = || json!({ "account_id": "alice.near" });
    let order = view("get_order", json!({ "id": 0 }));
    let ordered = match order.is_null() {
        true => Balance::ZERO,
        false => amount(&order["deposit"]),
    };
    [
        chain.balance("alice.near"),
        amount(&view("get_safe", alice())["balance"]),
        ordered,
        amount(&view("get_owed", alice())),
    ]
    .into_iter()
    .fold(Balance::ZERO, Balance::saturating_add)
}

/// Returns the money of `app.near` alone: its balance without alice's and bob's money.
fn own(chain: &TestChain) -> Balance {
    let bob = json!({ "account_id": "bob.near" });
    let bobs = chain.view("app.near", "get_safe", bob);
    let on_her_account = chain.balance("alice.near");
    chain
        .balance("app.near")
        .checked_sub(alices(chain).saturating_sub(on_her_account))
        .and_then(|own| own.checked_sub(amount(&bobs["balance"])))
        .expect("the balance covers the debts")
}
