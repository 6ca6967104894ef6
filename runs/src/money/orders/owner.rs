//! The owner of the contract, who pauses it, upgrades it or withdraws its earnings while a call is under way.

use chain::explore::Explore;
use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::holdings::{can_pay_what_it_owes, checked, pays_all_or_nothing};
use super::{fill_safes, safes};
use crate::money::{fill_safe, message};
use crate::test_chain::{TestChain, call, deploy, paid, wasm_of, with_gas};
use crate::testing::upgrade::upgrade_to;
use crate::testing::{owned_by, owners};

/// The methods that move money and have a callback.
pub const METHODS: [&str; 7] = [
    "sign_guestbook",
    "sign_guestbooks",
    "vault_spend",
    "vault_spend_locked",
    "vault_withdraw",
    "vault_close",
    "order_message",
];

/// Returns the scenario in which bob, the owner, pauses the contract while this method of alice is under way.
pub fn bob_pauses(method: &str) -> Explore {
    let mut chain = owned_by("bob.near");
    fill_safes(&mut chain, "alice.near");
    alice_calls(&chain, "pause", method).transaction(
        "bob.near",
        "app.near",
        vec![owners("pause", json!({}))],
    )
}

/// Returns the scenario in which bob, the owner, upgrades the contract to the same release while this method of alice is
/// under way.
pub fn bob_upgrades(method: &str) -> Explore {
    let mut chain = owned_by("bob.near");
    fill_safes(&mut chain, "alice.near");
    alice_calls(&chain, "owners-upgrade", method).transaction(
        "bob.near",
        "app.near",
        vec![upgrade_to(&wasm_of("testing"))],
    )
}

/// Returns the scenario in which the contract of chapter 4 becomes that of chapter 5, with or without a migration, while
/// this method of alice is under way.
pub fn app_upgrades(method: &str, migrates: bool) -> Explore {
    let mut chain = TestChain::with_guests("responses", &[]);
    fill_safes(&mut chain, "alice.near");
    let mut release = vec![deploy(wasm_of("testing"))];
    if migrates {
        release.push(with_gas(call("migrate", json!({})), 10));
    }
    alice_calls(&chain, "upgrade", method).transaction("app.near", "app.near", release)
}

fn alice_calls(chain: &TestChain, meanwhile: &str, method: &str) -> Explore {
    let scenario = chain
        .explore(&format!("{method}-{meanwhile}"))
        .transaction("alice.near", "app.near", vec![action(method)])
        .may_fail("guestbook.near")
        .may_fail("alice.near");
    checked(scenario)
}

fn action(method: &str) -> Action {
    let texts = json!({ "texts": ["Hello"] });
    let books = json!({ "guestbooks": ["guestbook.near"], "text": "Hello" });
    match method {
        "sign_guestbook" => paid(call(method, texts), Balance::from_near(1)),
        "sign_guestbooks" => paid(call(method, books), Balance::from_millinear(100)),
        "order_message" => paid(
            call(method, message("guestbook.near")),
            Balance::from_near(1),
        ),
        _ => safes::method(method, 100),
    }
}

/// Returns the scenario in which bob, the owner, withdraws all earnings, and the deposit of a failed call with them,
/// while alice's call is under way. The contract keeps this least balance.
pub fn bob_withdraws(least: Balance) -> Explore {
    let mut chain = owned_by("bob.near");
    keep(&mut chain, least);
    chain.reset_balances();
    let price = Balance::from_millinear(100);
    let amount = earnings(&chain).saturating_add(price);
    chain
        .explore("earnings")
        .transaction("alice.near", "app.near", vec![action("sign_guestbook")])
        .transaction("bob.near", "app.near", vec![withdraw(amount)])
        .may_fail("guestbook.near")
        .at_rest(
            "alice pays all or nothing",
            pays_all_or_nothing("alice.near", price),
        )
        .at_rest("app.near can pay what it owes", can_pay_what_it_owes)
}

/// Returns the scenario in which bob, the owner, withdraws 1 NEAR while alice spends from her safe, which has 5 NEAR, and
/// closes it. The contract has too little money of its own to pay her before the refund of the guestbook, which may fail.
pub fn bob_withdraws_from_a_late_payment() -> Explore {
    let mut chain = owned_by("bob.near");
    fill_safe(&mut chain, "alice.near", Balance::from_near(5));
    chain.set_balance("app.near", 20);
    keep(&mut chain, Balance::from_millinear(50));
    let tx = chain.send("bob.near", "app.near", vec![withdraw(earnings(&chain))]);
    chain.assert_succeeded(tx);
    // The price of one message, and of the storage of two debts.
    keep(&mut chain, Balance::from_millinear(103));
    chain
        .explore("late-payment")
        .transaction("alice.near", "app.near", vec![action("vault_spend")])
        .transaction("alice.near", "app.near", vec![action("vault_close")])
        .transaction(
            "bob.near",
            "app.near",
            vec![withdraw(Balance::from_near(1))],
        )
        .may_fail("guestbook.near")
        .at_rest("app.near can pay what it owes", can_pay_what_it_owes)
}

/// Lets the contract keep a least balance that its owner cannot withdraw.
fn keep(chain: &mut TestChain, least: Balance) {
    let limits = json!({ "max_deposit": Balance::from_near(10), "min_free_balance": least });
    let limit = owners("set_limits", json!({ "limits": limits }));
    let tx = chain.send("bob.near", "app.near", vec![limit]);
    chain.assert_succeeded(tx);
}

fn earnings(chain: &TestChain) -> Balance {
    let earnings = chain.view("app.near", "get_earnings", json!({}));
    crate::money::amount(&earnings)
}

fn withdraw(amount: Balance) -> Action {
    owners("withdraw_earnings", json!({ "amount": amount }))
}
