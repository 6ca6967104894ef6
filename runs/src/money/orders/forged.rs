//! Callbacks that somebody else calls, with a promise result of his own.

use chain::explore::Explore;
use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::fill_safes;
use super::holdings::{checked, keeps_nothing};
use super::questions::{ask, bob_is_paid_for_his_answer};
use crate::money::later::chain_with_oracle;
use crate::money::{PRICE, message, new_chain};
use crate::test_chain::{Forgery, TestChain, call, paid};

/// The account that calls the callbacks.
const FORGER: &str = "rogue.near";

fn forgery(method: &'static str, args: Value) -> Forgery {
    Forgery {
        method,
        args,
        success: r#""Yes""#,
    }
}

/// Returns the callbacks of chapter 2 that pay somebody back.
fn of_batches(payer: &str) -> [Forgery; 3] {
    let args = || json!({ "payer": payer, "deposit": PRICE, "price": PRICE });
    let buyer = json!({ "buyer": payer, "deposit": PRICE, "price": PRICE });
    [
        forgery("sign_guestbook_callback", args()),
        forgery("launch_token_callback", args()),
        forgery("buy_tokens_callback", buyer),
    ]
}

/// Returns the callbacks of chapter 4 that pay somebody back, or put money into a safe, and that of a payment with tokens.
fn of_payments(owner: &str) -> [Forgery; 5] {
    let books = json!({ "payer": owner, "guestbooks": ["guestbook.near"], "price": PRICE });
    [
        forgery("sign_guestbooks_callback", books),
        forgery(
            "vault_spend_callback",
            json!({ "owner": owner, "price": PRICE }),
        ),
        forgery(
            "vault_withdraw_callback",
            json!({ "owner": owner, "amount": PRICE }),
        ),
        forgery("pay_callback", json!({ "owner": owner, "amount": PRICE })),
        forgery(
            "ft_on_transfer_callback",
            json!({ "amount": "2", "price": "1" }),
        ),
    ]
}

/// Returns the scenario in which bob calls a callback of the contract of chapter 2.
pub fn in_chapter_2() -> Explore {
    TestChain::batch()
        .explore_forgeries("forged", "bob.near", &of_batches("bob.near"))
        .at_rest("app.near keeps nothing", keeps_nothing)
}

/// Returns the scenario in which the rogue calls a callback of the contract of chapter 4 or 5.
pub fn in_chapter(chapter: &str) -> Explore {
    let mut chain = TestChain::with_guests(chapter, &[(FORGER, "rogue")]);
    fill_safes(&mut chain, FORGER);
    let callbacks: Vec<_> = of_batches(FORGER)
        .into_iter()
        .chain(of_payments(FORGER))
        .collect();
    during(&chain, &callbacks)
}

fn during(chain: &TestChain, callbacks: &[Forgery]) -> Explore {
    checked(chain.explore_forgeries("forged", FORGER, callbacks))
}

fn alices(scenario: Explore, action: Action) -> Explore {
    scenario.transaction("alice.near", "app.near", vec![action])
}

/// Returns the scenario in which the rogue calls the callback of a lock while alice spends. The guestbook may fail.
pub fn of_a_lock() -> Explore {
    let mut chain = new_chain();
    fill_safes(&mut chain, "alice.near");
    let lock = json!({ "owner": "alice.near", "lock": 1 });
    let callback = forgery("vault_spend_locked_callback", lock);
    alices(
        during(&chain, &[callback]),
        call("vault_spend_locked", message("guestbook.near")),
    )
    .may_fail("guestbook.near")
}

/// Returns the scenario in which the rogue calls the callback of an order while alice's is under way. The guestbook may
/// fail.
pub fn of_an_order() -> Explore {
    let attempt = json!({ "id": 0, "attempt": 1 });
    let callback = forgery("order_message_callback", attempt);
    let order = call("order_message", message("guestbook.near"));
    let order = paid(order, Balance::from_near(1));
    alices(during(&new_chain(), &[callback]), order).may_fail("guestbook.near")
}

/// Returns the scenario in which the rogue calls the callback of a question while alice's waits, and bob answers.
pub fn of_a_question() -> Explore {
    let callback = forgery("ask_oracle_callback", json!({ "id": 0 }));
    let scenario = alices(during(&chain_with_oracle(), &[callback]), ask());
    bob_is_paid_for_his_answer(scenario)
}
