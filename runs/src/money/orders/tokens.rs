//! Tokens that pay for messages.

use chain::explore::{Explore, Verdict, View, ensure, tokens_are_conserved};
use near_primitives::types::Balance;
use serde_json::json;

use crate::money::tokens::{market, register, transfer_call, wanted};
use crate::test_chain::{ONE_TOKEN, call, paid};

/// Returns the scenario in which alice, who has ten tokens, sends five for two messages, and sends six to bob. The
/// guestbook may fail.
pub fn alice_pays_with_tokens() -> Explore {
    let mut chain = market();
    register(&mut chain, "bob.near");
    chain.reset_balances();
    let messages = wanted("guestbook.near", &["Good morning", "Good night"]);
    let args = json!({ "receiver_id": "bob.near", "amount": (6 * ONE_TOKEN).to_string() });
    let to_bob = paid(call("ft_transfer", args), Balance::from_yoctonear(1));
    chain
        .explore("tokens")
        .transaction(
            "alice.near",
            "gold.near",
            vec![transfer_call("app.near", 5, &messages)],
        )
        .transaction("alice.near", "gold.near", vec![to_bob])
        .may_fail("guestbook.near")
        .always(
            "no token is lost",
            tokens_are_conserved("gold.near", &["alice.near", "bob.near", "app.near"]),
        )
        .at_rest("app.near has one token for each message", is_paid_for_each)
}

/// Checks that `app.near` has as many tokens as the guestbook has messages.
fn is_paid_for_each(view: &View) -> Verdict {
    let messages = view.amount("guestbook.near", "total_messages", json!({}))?;
    let args = json!({ "account_id": "app.near" });
    let tokens = view.amount("gold.near", "ft_balance_of", args)?;
    ensure(tokens == messages * ONE_TOKEN, || {
        format!("there are {messages} messages for {tokens} of the smallest unit")
    })
}
