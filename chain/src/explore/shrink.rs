//! Shrinking: a violation of the same invariant with fewer transactions and failures, and in fewer steps.

use super::error::ExploreError;
use super::invariant::{Broken, Invariant};
use super::scenario::{Allowed, Bounds};
use super::search::{Trail, search};
use super::system::System;

/// The greatest number of states of a search with less.
const STATES: usize = 50_000;

/// Returns a simple way to a violation of the same invariant.
///
/// It leaves out one transaction after the other, then the failures of one account after the other, and explores again:
/// the search finds the shortest way, and delivers old messages first.
pub(super) fn shrink(
    system: &mut System,
    invariants: &[Invariant],
    found: (Trail, Broken),
) -> Result<(Trail, Broken), ExploreError> {
    let mut found = found;
    let mut allowed = Allowed::all(system.scenario);
    // A random walk is not the shortest way.
    keep(system, invariants, &allowed, &mut found)?;
    for index in 0..allowed.transactions.len() {
        let mut less = allowed.clone();
        less.transactions[index] = false;
        if keep(system, invariants, &less, &mut found)? {
            allowed = less;
        }
    }
    for account_id in allowed.may_fail.clone() {
        let mut less = allowed.clone();
        less.may_fail.remove(&account_id);
        if keep(system, invariants, &less, &mut found)? {
            allowed = less;
        }
    }
    Ok(found)
}

/// Searches with what is allowed. Returns true if the same invariant is broken: then that is `found`.
fn keep(
    system: &mut System,
    invariants: &[Invariant],
    allowed: &Allowed,
    found: &mut (Trail, Broken),
) -> Result<bool, ExploreError> {
    let bounds = Bounds {
        states: STATES,
        steps: u64::MAX,
    };
    let only = std::slice::from_ref(&invariants[found.1.invariant]);
    let less = search(system, only, allowed, bounds)?.broken;
    let is_kept = less.is_some();
    if let Some((trail, broken)) = less {
        *found = (
            trail,
            Broken {
                invariant: found.1.invariant,
                violation: broken.violation,
            },
        );
    }
    Ok(is_kept)
}
