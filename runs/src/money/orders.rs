//! Every order: scenarios in which the machine looks for a loss, without a hint of where it is.
//!
//! Here are those of the vault, which the page shows. `safes`, `payments`, `retries`, `questions`,
//! `tokens` and `overdue` have the other methods of chapter 4 that move money, `batches` those of
//! chapter 2, `owner` the pauses and upgrades of chapter 5, `forged` the callbacks that somebody
//! else calls. `holdings` has the invariants. [`scenarios`](crate::scenarios) has them all by their
//! names.

pub mod batches;
pub mod forged;
mod holdings;
pub mod overdue;
pub mod owner;
pub mod payments;
pub mod questions;
pub mod retries;
pub mod safes;
pub mod tokens;

use chain::explore::Explore;
use near_primitives::types::Balance;

use self::holdings::holds_what_its_safes_say;
use super::rogue::behaviours;
use super::{PRICE, call_back, fill_safe, fill_vulnerable_safe, message, new_chain, vulnerable};
use crate::test_chain::{TestChain, call, paid, with_gas};

/// The invariant of the vaults.
pub const HOLDS: &str = "app.near holds what its safes say";

/// Returns a chain with a vault: the vulnerable one, if the method is.
fn vault_of(method: &str, owner: &str) -> TestChain {
    if !method.starts_with("vulnerable") {
        let mut chain = new_chain();
        fill_safes(&mut chain, owner);
        return chain;
    }
    let mut chain = vulnerable();
    fill_vulnerable_safe(&mut chain, owner, PRICE);
    fill_vulnerable_safe(&mut chain, "bob.near", Balance::from_near(1));
    chain.reset_balances();
    chain
}

/// Opens a safe that pays for one message, and one of bob with 1 NEAR.
fn fill_safes(chain: &mut TestChain, owner: &str) {
    fill_safe(chain, owner, PRICE);
    fill_safe(chain, "bob.near", Balance::from_near(1));
    chain.reset_balances();
}

// ANCHOR: alice_spends
/// Returns the scenario in which alice, whose safe pays for one message, spends twice. The
/// guestbook may fail in each way.
pub fn alice_spends(method: &str) -> Explore {
    let chain = vault_of(method, "alice.near");
    let spend = || vec![call(method, message("guestbook.near"))];
    chain
        .explore(method)
        .transaction("alice.near", "app.near", spend())
        .transaction("alice.near", "app.near", spend())
        .may_fail("guestbook.near")
        .at_rest(HOLDS, holds_what_its_safes_say)
}
// ANCHOR_END: alice_spends

/// Returns the scenario in which the rogue is the owner of a safe and the guestbook, with each of
/// its behaviours. It spends `times` times, and alice too, this often.
///
/// A guestbook gets too little gas to call a guarded vault back with success. So the rogue needs
/// two transactions there.
pub fn rogue_spends(method: &str, times: usize, alices: usize) -> Explore {
    let mut chain = vault_of(method, "rogue.near");
    if alices > 0 {
        match method.starts_with("vulnerable") {
            true => fill_vulnerable_safe(&mut chain, "alice.near", PRICE),
            false => fill_safe(&mut chain, "alice.near", PRICE),
        }
    }
    let again = format!("calls back {method}");
    let calls_back = (again, call_back(method, &message("rogue.near")));
    let mut behaviours = behaviours();
    if !behaviours.iter().any(|(title, _)| *title == calls_back.0) {
        behaviours.push(calls_back);
    }
    let own = || vec![with_gas(call(method, message("rogue.near")), 200)];
    let spend = || vec![call(method, message("guestbook.near"))];
    let scenario = chain.explore_behaviours(method, "rogue.near", behaviours);
    let scenario = (0..times).fold(scenario, |scenario, _| {
        scenario.transaction("rogue.near", "app.near", own())
    });
    (0..alices)
        .fold(scenario, |scenario, _| {
            scenario.transaction("alice.near", "app.near", spend())
        })
        .at_rest(HOLDS, holds_what_its_safes_say)
}

/// Returns the scenario in which alice pays a guestbook that may fail in each way.
pub fn alice_signs() -> Explore {
    let sign = call("vulnerable_sign", message("guestbook.near"));
    let sign = paid(with_gas(sign, 100), PRICE);
    vulnerable()
        .explore("vulnerable_sign")
        .may_fail("guestbook.near")
        .transaction("alice.near", "app.near", vec![sign])
        .at_rest(HOLDS, holds_what_its_safes_say)
}
