//! Two methods of one safe, in each order and with each failure of those that are paid.

use chain::explore::Explore;
use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::holdings::checked;
use super::vault_of;
use crate::money::{PRICE, fill_safe, message, new_chain};
use crate::test_chain::{call, paid};

/// The methods of a safe that move money.
pub const METHODS: [&str; 5] = [
    "vault_spend",
    "vault_spend_locked",
    "vault_withdraw",
    "vault_close",
    "vault_deposit",
];

/// Returns the scenario in which alice, whose safe pays for one message, calls two methods of it. She withdraws 0.06 NEAR
/// first, or 0.04 NEAR second. The guestbook may fail, and payments to her too.
pub fn alice_calls(first: &str, second: &str) -> Explore {
    let scenario = vault_of("vault_spend", "alice.near")
        .explore(&format!("{first}-{second}"))
        .transaction("alice.near", "app.near", vec![method(first, 60)])
        .transaction("alice.near", "app.near", vec![method(second, 40)])
        .may_fail("guestbook.near")
        .may_fail("alice.near");
    checked(scenario)
}

/// Returns the scenario in which alice spends and closes her safe, and the money of the contract itself is the price of one
/// message and less than the storage of a debt. So it can pay her before the refund of the guestbook has come, and could
/// not record a debt then. The guestbook may fail, and the payment to her too.
pub fn alice_closes_with_little_money() -> Explore {
    let mut chain = new_chain();
    fill_safe(&mut chain, "alice.near", PRICE);
    chain.reset_balances();
    let own = PRICE.saturating_add(Balance::from_micronear(500));
    let free = PRICE.saturating_add(own);
    chain.write_balance("app.near", chain.locked("app.near").saturating_add(free));
    let close = call("vault_close", json!({}));
    let scenario = chain
        .explore("little-money")
        .transaction(
            "alice.near",
            "app.near",
            vec![call("vault_spend", message("guestbook.near"))],
        )
        .transaction("alice.near", "app.near", vec![close])
        .may_fail("guestbook.near")
        .may_fail("alice.near");
    checked(scenario)
}

/// Returns a call of a method of alice's safe. If it withdraws, then this many thousandths of a NEAR.
pub(super) fn method(name: &str, withdrawn: u128) -> Action {
    match name {
        "vault_withdraw" => call(
            name,
            json!({ "amount": Balance::from_millinear(withdrawn) }),
        ),
        "vault_close" => call(name, json!({})),
        "vault_deposit" => paid(call(name, json!({})), Balance::from_near(1)),
        _ => call(name, message("guestbook.near")),
    }
}
