//! Invariants, and those that many contracts share.

use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::view::{Verdict, View, Violation, ensure};

/// The nodes in which an invariant must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// After each step, and before the first one.
    Always,
    /// Whenever nothing is under way.
    AtRest,
    /// When nothing is under way and all transactions were sent.
    AtEnd,
}

/// A sentence that must be true, and its check.
pub(super) struct Invariant {
    pub sentence: String,
    pub scope: Scope,
    pub check: Box<dyn Fn(&View) -> Verdict>,
}

/// The index of an invariant that does not hold, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub invariant: usize,
    pub violation: Violation,
}

/// Checks the invariants that must hold in a view. `checks` counts them.
pub(super) fn check(invariants: &[Invariant], view: &View, checks: &mut u64) -> Result<(), Broken> {
    let (is_at_rest, is_at_end) = (view.is_at_rest(), view.is_at_end());
    for (invariant, Invariant { scope, check, .. }) in invariants.iter().enumerate() {
        let applies = match scope {
            Scope::Always => true,
            Scope::AtRest => is_at_rest,
            Scope::AtEnd => is_at_end,
        };
        if applies {
            *checks += 1;
            check(view).map_err(|violation| Broken {
                invariant,
                violation,
            })?;
        }
    }
    Ok(())
}

/// Returns the check that these accounts have together no more yoctoNEAR than at the start. What is under way to them
/// counts as theirs. Use it with [`Explore::always`](super::Explore::always).
pub fn no_money_appears(account_ids: &[&str]) -> impl Fn(&View) -> Verdict + 'static {
    let account_ids = owned(account_ids);
    move |view| {
        let (before, after) = (
            total(&view.at_start(), &account_ids),
            total(view, &account_ids),
        );
        ensure(after <= before, || {
            let names = account_ids.join(", ");
            format!("{names} had {before} together, and have {after}")
        })
    }
}

/// Returns the check that an account has no more than at the start, where `claim` is what a contract holds for it, in
/// yoctoNEAR. What is under way to it counts as its own. Use it with [`Explore::at_rest`](super::Explore::at_rest),
/// or with [`Explore::always`](super::Explore::always) if the claim falls before the money leaves.
pub fn takes_out_no_more_than_it_put_in(
    account_id: &str,
    claim: impl Fn(&View) -> Result<u128, Violation> + 'static,
) -> impl Fn(&View) -> Verdict + 'static {
    let account_ids = owned(&[account_id]);
    move |view| {
        let has = |view: &View| -> Result<Balance, Violation> {
            let claim = Balance::from_yoctonear(claim(view)?);
            Ok(total(view, &account_ids).saturating_add(claim))
        };
        let (before, after) = (has(&view.at_start())?, has(view)?);
        ensure(after <= before, || {
            format!(
                "{} had {before} with its claim, and has {after}",
                account_ids[0]
            )
        })
    }
}

/// Returns the check that a fungible token (NEP-141) has as many tokens as at the start, and that these holders have
/// no more together. Use it with [`Explore::always`](super::Explore::always).
pub fn tokens_are_conserved(token: &str, holders: &[&str]) -> impl Fn(&View) -> Verdict + 'static {
    let (token, holders) = (token.to_owned(), owned(holders));
    move |view| {
        let supply = |view: &View| view.amount(&token, "ft_total_supply", json!({}));
        let (before, after) = (supply(&view.at_start())?, supply(view)?);
        let mut held: u128 = 0;
        for holder in &holders {
            let args = json!({ "account_id": holder });
            held = held.saturating_add(view.amount(&token, "ft_balance_of", args)?);
        }
        ensure(before == after && held <= after, || {
            format!("{token} had {before} tokens and has {after}, of which {held} are held")
        })
    }
}

/// Returns the check that a non-fungible token (NEP-171) has exactly one of these holders. Use it with
/// [`Explore::always`](super::Explore::always).
pub fn has_a_single_holder(
    contract: &str,
    token_id: &str,
    holders: &[&str],
) -> impl Fn(&View) -> Verdict + 'static {
    let (contract, token_id, holders) = (contract.to_owned(), token_id.to_owned(), owned(holders));
    move |view| {
        let token = view.call(&contract, "nft_token", json!({ "token_id": token_id }))?;
        let owner = token["owner_id"].as_str().unwrap_or_default();
        ensure(holders.iter().any(|holder| holder == owner), || {
            format!("{token_id} belongs to `{owner}`")
        })
    }
}

/// Returns the check that a view method returns nothing, zero, `false` or an empty list: nothing is owed, nothing is
/// locked. Use it with [`Explore::at_end`](super::Explore::at_end).
pub fn is_empty(contract: &str, method: &str, args: Value) -> impl Fn(&View) -> Verdict + 'static {
    let (contract, method) = (contract.to_owned(), method.to_owned());
    move |view| {
        let value = view.call(&contract, &method, args.clone())?;
        let is_empty = match &value {
            Value::Null => true,
            Value::Bool(value) => !value,
            Value::Number(number) => number.as_f64() == Some(0.0),
            Value::String(text) => text.is_empty() || text == "0",
            Value::Array(list) => list.is_empty(),
            Value::Object(fields) => fields.is_empty(),
        };
        ensure(is_empty, || format!("{contract}.{method} returns {value}"))
    }
}

/// Returns the check that a fact came at most once. [`Explore::remember`](super::Explore::remember) reads facts. Use it
/// with [`Explore::always`](super::Explore::always).
pub fn at_most_once(fact: &str) -> impl Fn(&View) -> Verdict + 'static {
    let fact = fact.to_owned();
    move |view| {
        let times = view.facts().iter().filter(|known| **known == fact).count();
        ensure(times <= 1, || format!("`{fact}` came {times} times"))
    }
}

fn owned(account_ids: &[&str]) -> Vec<String> {
    account_ids.iter().map(|id| (*id).to_owned()).collect()
}

/// Returns what accounts have, and what is under way to them.
fn total(view: &View, account_ids: &[String]) -> Balance {
    let amounts = account_ids
        .iter()
        .flat_map(|id| [view.balance(id), view.under_way_to(id)]);
    amounts.fold(Balance::ZERO, Balance::saturating_add)
}
