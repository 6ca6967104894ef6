//! The invariants of the scenarios: the money of `app.near` itself, and the price that a user pays.
//!
//! Gas costs nothing in an exploration, so no gas is in a balance.

use chain::explore::{Explore, Verdict, View, Violation, ensure};
use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::money::{CAROL, storage_of_safe};

/// The accounts that a scenario may give a safe or a debt. Everybody else has none.
const USERS: [&str; 4] = ["alice.near", "bob.near", "rogue.near", CAROL];

/// The greatest number of an order or a question in a scenario.
const LAST_ID: u64 = 2;

/// The price of a byte of storage: 10^19 yoctoNEAR.
const YOCTONEAR_PER_BYTE: u128 = 10u128.pow(19);

/// The most that `app.near` gains by debts that it does not record: two below 0.00134 NEAR, one for
/// each of two transactions.
const LEFT_BEHIND: u128 = 2 * 1_340 * 10u128.pow(18);

// ANCHOR: holds
/// Checks that `app.near` has not lost money of its own: its balance without its safes and debts,
/// compared with the start.
pub(super) fn holds_what_its_safes_say(view: &View) -> Verdict {
    let (before, after) = before_and_after(view, safes_and_debts)?;
    ensure(after >= before, || {
        let lost = Balance::from_yoctonear((before - after) as u128);
        format!("it has lost {lost} of what belongs to others or to itself")
    })
}
// ANCHOR_END: holds

/// Checks that `app.near` has neither lost nor gained money: its balance without its safes, orders,
/// questions and debts, compared with the start. So no user has lost money to it.
fn holds_what_it_owes(view: &View) -> Verdict {
    let (before, after) = before_and_after(view, |view| {
        Ok(safes_and_debts(view)? + deposits(view, "get_order")? + deposits(view, "get_question")?)
    })?;
    ensure(
        (before..=before + LEFT_BEHIND as i128).contains(&after),
        || format!("its own money was {before} yoctoNEAR, and is {after}"),
    )
}

/// Adds the invariants of a contract that holds money for others.
pub(super) fn checked(scenario: Explore) -> Explore {
    scenario
        .at_rest("app.near holds what it owes", holds_what_it_owes)
        .at_rest("app.near counts what it owes", counts_each_entry)
}

/// Checks that the liabilities which `app.near` counts are its safes, orders, questions and debts,
/// without what is locked or in flight.
pub(super) fn counts_each_entry(view: &View) -> Verdict {
    let mut owes = deposits(view, "get_order")? + deposits(view, "get_question")?;
    for user in USERS {
        let safe = safe_of(view, user)?;
        if !safe.is_null() {
            owes += amount(&safe["balance"])? - amount(&safe["lock"]["amount"])?;
        }
        owes += owed_to(view, user).as_yoctonear();
    }
    for order in entries(view, "get_order")? {
        if order["in_flight"] == true {
            owes -= amount(&order["price"])?;
        }
    }
    let counts = view.amount("app.near", "get_liabilities", json!({}))?;
    ensure(counts == owes, || {
        format!("it counts {counts}, and owes {owes}")
    })
}

/// Checks that `app.near` has neither lost nor gained money beside the liabilities that it counts
/// itself.
pub(super) fn counts_what_it_owes(view: &View) -> Verdict {
    let (before, after) = before_and_after(view, |view| {
        view.amount("app.near", "get_liabilities", json!({}))
    })?;
    ensure(
        (before..=before + LEFT_BEHIND as i128).contains(&after),
        || format!("its own money was {before} yoctoNEAR, and is {after}"),
    )
}

/// Checks that `app.near` has as much as at the start, and what it owes.
pub(super) fn keeps_nothing(view: &View) -> Verdict {
    let own = |view: &View| {
        let owes = USERS.map(|user| owed_to(view, user).as_yoctonear());
        view.balance("app.near").as_yoctonear() as i128 - owes.iter().sum::<u128>() as i128
    };
    let (before, after) = (own(&view.at_start()), own(view));
    ensure(before == after, || {
        let kept = Balance::from_yoctonear((after - before).unsigned_abs());
        match after > before {
            true => format!("it has {kept} that it owes to nobody"),
            false => format!("it lacks {kept}"),
        }
    })
}

/// Returns the check that an account has paid `price` or nothing. What it is owed counts as not
/// paid.
pub(super) fn pays_all_or_nothing(
    account_id: &'static str,
    price: Balance,
) -> impl Fn(&View) -> Verdict + 'static {
    let has = move |view: &View| {
        let balance = view.balance(account_id);
        balance.saturating_add(owed_to(view, account_id))
    };
    move |view| {
        let (before, after) = (has(&view.at_start()), has(view));
        let all = before.saturating_sub(price);
        ensure(after == before || after == all, || {
            format!("{account_id} had {before}, and has {after}")
        })
    }
}

/// Returns what an account has gained since the start, with what it is owed, in yoctoNEAR.
pub(super) fn has_gained(view: &View, account_id: &str) -> i128 {
    let has = |view: &View| {
        let owed = owed_to(view, account_id).as_yoctonear() as i128;
        view.balance(account_id).as_yoctonear() as i128 + owed
    };
    has(view) - has(&view.at_start())
}

/// Checks that `app.near` can pay the liabilities that it counts itself, from what storage does not
/// lock.
pub(super) fn can_pay_what_it_owes(view: &View) -> Verdict {
    let owes = view.amount("app.near", "get_liabilities", json!({}))?;
    let storage = view
        .account("app.near")
        .map_or(0, |account| u128::from(account.storage_usage()));
    let locked = storage.saturating_mul(YOCTONEAR_PER_BYTE);
    let free = view.balance("app.near").as_yoctonear();
    let free = free.saturating_sub(locked);
    ensure(free >= owes, || {
        format!("it can pay {free} yoctoNEAR, and owes {owes}")
    })
}

/// Returns the debt of `app.near` to an account. A contract without debts owes nothing.
fn owed_to(view: &View, account_id: &str) -> Balance {
    let args = json!({ "account_id": account_id });
    let owed = view.amount("app.near", "get_owed", args);
    Balance::from_yoctonear(owed.unwrap_or_default())
}

/// Returns the money of `app.near` itself at the start and now, in yoctoNEAR.
fn before_and_after(
    view: &View,
    owes: impl Fn(&View) -> Result<u128, Violation>,
) -> Result<(i128, i128), Violation> {
    let own = |view: &View| -> Result<i128, Violation> {
        let balance = view.balance("app.near").as_yoctonear();
        Ok(balance as i128 - owes(view)? as i128)
    };
    Ok((own(&view.at_start())?, own(view)?))
}

/// Returns what the safes hold, with the price of their storage, and what is owed beside them, in
/// yoctoNEAR.
fn safes_and_debts(view: &View) -> Result<u128, Violation> {
    let mut owes = 0;
    for user in USERS {
        let safe = safe_of(view, user)?;
        if !safe.is_null() {
            owes += amount(&safe["balance"])? + storage_of_safe(user).as_yoctonear();
        }
        owes += owed_to(view, user).as_yoctonear();
    }
    Ok(owes)
}

/// Returns a safe, `null` if there is none.
fn safe_of(view: &View, owner: &str) -> Result<Value, Violation> {
    view.call("app.near", "get_safe", json!({ "account_id": owner }))
}

/// Returns the deposits of all orders or of all questions, in yoctoNEAR.
fn deposits(view: &View, method: &str) -> Result<u128, Violation> {
    let entries = entries(view, method)?;
    entries.iter().map(|entry| amount(&entry["deposit"])).sum()
}

/// Returns all orders or all questions.
fn entries(view: &View, method: &str) -> Result<Vec<Value>, Violation> {
    let ids = 0..=LAST_ID;
    let entries = ids.map(|id| view.call("app.near", method, json!({ "id": id })));
    let entries: Result<Vec<_>, _> = entries.collect();
    Ok(entries?
        .into_iter()
        .filter(|entry| !entry.is_null())
        .collect())
}

fn amount(value: &Value) -> Result<u128, Violation> {
    let amount = value.as_str().and_then(|text| text.parse().ok());
    amount.ok_or_else(|| Violation(format!("{value} is no amount")))
}
