//! Payments to several guestbooks, to a payer who is gone, and claims of a debt.

use chain::explore::Explore;
use near_primitives::types::Balance;
use serde_json::json;

use super::holdings::{checked, counts_what_it_owes, pays_all_or_nothing};
use crate::money::{CAROL, PRICE, carol_leaves, join, new_chain, owed_to};
use crate::test_chain::{call, delete, paid};

/// Returns the scenario in which alice and bob each pay a guestbook that may fail.
pub fn two_sign() -> Explore {
    let price = Balance::from_millinear(100);
    let args = json!({ "guestbooks": ["guestbook.near"], "text": "Hello" });
    let sign = || vec![paid(call("sign_guestbooks", args.clone()), price)];
    let scenario = new_chain()
        .explore("two-sign")
        .transaction("alice.near", "app.near", sign())
        .transaction("bob.near", "app.near", sign())
        .may_fail("guestbook.near");
    checked(scenario)
        .at_rest(
            "alice pays all or nothing",
            pays_all_or_nothing("alice.near", price),
        )
        .at_rest(
            "bob pays all or nothing",
            pays_all_or_nothing("bob.near", price),
        )
}

/// Returns the scenario in which carol pays two guestbooks, one of which panics, and deletes her account.
pub fn carol_signs_and_leaves() -> Explore {
    let mut chain = new_chain();
    join(&mut chain);
    chain.behave("rogue.near", "panic");
    let args = json!({ "guestbooks": ["guestbook.near", "rogue.near"], "text": "Hello" });
    let sign = paid(call("sign_guestbooks", args), Balance::from_millinear(200));
    let scenario = chain
        .explore("carol-leaves")
        .transaction(CAROL, "app.near", vec![sign])
        .transaction(CAROL, CAROL, vec![delete("alice.near")])
        .may_fail("guestbook.near");
    checked(scenario)
}

/// Returns the scenario in which carol, who is owed 0.1 NEAR, claims it for herself and for bob. Each payment may fail.
///
/// # Panics
/// The contract does not record the debt.
pub fn carol_claims_twice() -> Explore {
    let mut chain = new_chain();
    carol_leaves(&mut chain);
    assert_eq!(owed_to(&chain, CAROL), PRICE);
    join(&mut chain);
    chain.reset_balances();
    let for_bob = call("withdraw_owed", json!({ "receiver_id": "bob.near" }));
    let for_bob = paid(for_bob, Balance::from_yoctonear(1));
    let scenario = chain
        .explore("carol-claims")
        .transaction(CAROL, "app.near", vec![call("withdraw_owed", json!({}))])
        .transaction(CAROL, "app.near", vec![for_bob])
        .may_fail(CAROL)
        .may_fail("bob.near");
    checked(scenario)
}

/// The pairs of methods that may meet at one watched account.
pub const PAIRS: [[&str; 2]; 3] = [
    ["unwatch", "unwatch"],
    ["unwatch", "watch"],
    ["watch", "unwatch"],
];

/// Returns the scenario in which alice, who watches hello, calls two methods with it. Payments to her may fail.
pub fn alice_watches(pair: [&str; 2]) -> Explore {
    let method = |name| {
        let action = call(name, json!({ "account_id": "hello.near" }));
        match name {
            "watch" => paid(action, Balance::from_near(1)),
            _ => action,
        }
    };
    let mut chain = new_chain();
    let tx = chain.send("alice.near", "app.near", vec![method("watch")]);
    chain.assert_succeeded(tx);
    chain.reset_balances();
    chain
        .explore(&pair.join("-"))
        .transaction("alice.near", "app.near", vec![method(pair[0])])
        .transaction("alice.near", "app.near", vec![method(pair[1])])
        .may_fail("alice.near")
        .at_rest("app.near counts what it owes", counts_what_it_owes)
}
