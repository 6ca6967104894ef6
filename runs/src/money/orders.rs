//! Every order: scenarios in which the machine looks for a loss, without a hint of where it is.

use chain::explore::{Explore, Verdict, View, Violation, ensure};
use near_primitives::types::Balance;
use serde_json::json;

use super::rogue::behaviours;
use super::{
    PRICE, behave, call_back, fill_safe, fill_vulnerable_safe, message, new_chain, paid,
    storage_of_safe, vulnerable,
};
use crate::test_chain::{TestChain, call, with_gas};

/// The owners of safes. Everybody else has none.
const OWNERS: [&str; 3] = ["alice.near", "bob.near", "rogue.near"];

/// Returns a chain with a vault: the vulnerable one, if the method is.
fn vault_of(method: &str, owner: &str) -> TestChain {
    let (mut chain, fill): (_, fn(&mut TestChain, &str, Balance)) =
        match method.starts_with("vulnerable") {
            true => (vulnerable(), fill_vulnerable_safe),
            false => (new_chain(), fill_safe),
        };
    fill(&mut chain, owner, PRICE);
    fill(&mut chain, "bob.near", Balance::from_near(1));
    chain.reset_balances();
    chain
}

/// Returns the scenario in which alice, whose safe pays for one message, spends this many times. The guestbook may fail
/// in each way.
pub fn alice_spends(method: &str, times: usize) -> Explore {
    let chain = vault_of(method, "alice.near");
    let spend = || vec![call(method, message("guestbook.near"))];
    let scenario = chain.explore(method).may_fail("guestbook.near");
    (0..times)
        .fold(scenario, |scenario, _| {
            scenario.transaction("alice.near", "app.near", spend())
        })
        .at_rest(
            "app.near holds what its safes say",
            holds_what_its_safes_say,
        )
}

/// Returns the scenario in which the rogue is the owner of a safe and the guestbook, with each of its behaviours, while
/// alice spends `times` times.
pub fn rogue_spends(method: &str, times: usize) -> Explore {
    let mut chain = vault_of(method, "rogue.near");
    if times > 0 {
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
    let named: Vec<_> = behaviours
        .into_iter()
        .map(|(title, behaviour)| {
            let mut told = chain.clone();
            behave(&mut told, behaviour);
            (title.replace(' ', "-"), told.storage_records("rogue.near"))
        })
        .collect();
    let spend = with_gas(call(method, message("rogue.near")), 200);
    let scenario = chain
        .explore(method)
        .behaviours(
            "rogue.near",
            named
                .iter()
                .map(|(name, records)| (name.as_str(), records.clone())),
        )
        .transaction("rogue.near", "app.near", vec![spend]);
    let spend = || vec![call(method, message("guestbook.near"))];
    (0..times)
        .fold(scenario, |scenario, _| {
            scenario.transaction("alice.near", "app.near", spend())
        })
        .at_rest(
            "app.near holds what its safes say",
            holds_what_its_safes_say,
        )
}

/// Returns the scenario in which alice spends, and closes her safe, while bob spends too. The guestbook may fail in each
/// way.
pub fn alice_closes(method: &str) -> Explore {
    let spend = || vec![call(method, message("guestbook.near"))];
    vault_of(method, "alice.near")
        .explore(&format!("{method}-and-close"))
        .may_fail("guestbook.near")
        .transaction("alice.near", "app.near", spend())
        .transaction(
            "alice.near",
            "app.near",
            vec![call("vault_close", json!({}))],
        )
        .transaction("bob.near", "app.near", spend())
        .at_rest(
            "app.near holds what its safes say",
            holds_what_its_safes_say,
        )
}

/// Returns the scenario in which alice pays a guestbook that may fail in each way.
pub fn alice_signs() -> Explore {
    let sign = call("vulnerable_sign", message("guestbook.near"));
    let sign = paid(with_gas(sign, 100), PRICE);
    vulnerable()
        .explore("vulnerable_sign")
        .may_fail("guestbook.near")
        .transaction("alice.near", "app.near", vec![sign])
        .at_rest(
            "app.near holds what its safes say",
            holds_what_its_safes_say,
        )
}

/// Checks that `app.near` has not lost money of its own: its balance without what it owes, compared with the start.
fn holds_what_its_safes_say(view: &View) -> Verdict {
    let own = |view: &View| -> Result<i128, Violation> {
        let balance = view.balance("app.near").as_yoctonear();
        Ok(balance as i128 - owes(view)? as i128)
    };
    let (before, after) = (own(&view.at_start())?, own(view)?);
    ensure(after >= before, || {
        let lost = Balance::from_yoctonear((before - after) as u128);
        format!("it has lost {lost} of what belongs to others or to itself")
    })
}

/// Returns what the safes hold with their storage, and what is owed beside them, in yoctoNEAR.
fn owes(view: &View) -> Result<u128, Violation> {
    let mut owes = 0;
    for owner in OWNERS {
        let args = json!({ "account_id": owner });
        let safe = view.call("app.near", "get_safe", args.clone())?;
        let balance = safe["balance"].as_str().unwrap_or("0");
        owes += balance
            .parse::<u128>()
            .map_err(|_| format!("the safe of {owner} is {safe}"))?;
        if !safe.is_null() {
            // Who closes a safe gets this back.
            owes += storage_of_safe(owner).as_yoctonear();
        }
        // The vulnerable vault knows no other debts.
        owes += view.amount("app.near", "get_owed", args).unwrap_or(0);
    }
    Ok(owes)
}
