//! Shrinking: the same violation with fewer transactions, failures and delays.

use std::rc::Rc;

use super::error::ExploreError;
use super::invariant::{Broken, Invariant, check};
use super::node::{Node, Step};
use super::scenario::{Allowed, Bounds};
use super::schedule::Ending;
use super::search::{Trail, search};
use super::system::System;
use super::view::View;

/// The greatest number of states of a search with less.
const STATES: usize = 50_000;

/// Returns a simple way to a violation of the same invariant.
///
/// It leaves out one transaction after the other, then the failures of one account after the other, and explores again:
/// the search finds the shortest way. Then it moves steps of one transaction together where the violation stays.
pub(super) fn shrink(
    system: &mut System,
    invariants: &[Invariant],
    found: (Trail, Broken),
) -> Result<(Trail, Broken), ExploreError> {
    let mut found = found;
    let mut allowed = Allowed::all(system.scenario);
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
    without_failures(system, invariants, &mut found)?;
    without_delays(system, invariants, &mut found)?;
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

/// Lets receipts end as their contracts say where the violation stays.
fn without_failures(
    system: &mut System,
    invariants: &[Invariant],
    found: &mut (Trail, Broken),
) -> Result<(), ExploreError> {
    for index in 0..found.0.steps.len() {
        let Some(Step::Deliver(message, ending)) = found.0.steps.get(index).copied() else {
            continue;
        };
        if ending != Ending::AsWritten {
            let mut steps = found.0.steps.clone();
            steps[index] = Step::Deliver(message, Ending::AsWritten);
            replace(system, invariants, found, steps)?;
        }
    }
    Ok(())
}

/// Moves each step forward to the earlier steps of its transaction where the violation stays.
fn without_delays(
    system: &mut System,
    invariants: &[Invariant],
    found: &mut (Trail, Broken),
) -> Result<(), ExploreError> {
    for index in 1..found.0.steps.len() {
        let Some((transactions, _)) = follow(system, &found.0)? else {
            return Ok(());
        };
        let own = transactions[index];
        let Some(before) = transactions[..index]
            .iter()
            .rposition(|other| *other == own)
        else {
            continue;
        };
        let mut moved = found.0.clone();
        let step = moved.steps.remove(index);
        moved.steps.insert(before + 1, step);
        if let Some((after, _)) = follow(system, &moved)?
            && switches(&after) < switches(&transactions)
        {
            replace(system, invariants, found, moved.steps)?;
        }
    }
    Ok(())
}

fn switches(transactions: &[usize]) -> usize {
    let pairs = transactions.windows(2);
    pairs.filter(|pair| pair[0] != pair[1]).count()
}

/// Takes other steps if they are possible and end in a violation of the same invariant.
fn replace(
    system: &mut System,
    invariants: &[Invariant],
    found: &mut (Trail, Broken),
    steps: Vec<Step>,
) -> Result<(), ExploreError> {
    let trail = Trail {
        start: found.0.start,
        steps,
    };
    let Some((_, node)) = follow(system, &trail)? else {
        return Ok(());
    };
    if let Err(broken) = check(invariants, &View::new(system, &node), &mut 0)
        && broken.invariant == found.1.invariant
    {
        *found = (trail, broken);
    }
    Ok(())
}

/// Returns the transaction of each step and the last node, `None` if a step is not possible.
fn follow(
    system: &mut System,
    trail: &Trail,
) -> Result<Option<(Vec<usize>, Rc<Node>)>, ExploreError> {
    let allowed = Allowed::all(system.scenario);
    let mut node = system.starts[trail.start].clone();
    let mut transactions = Vec::new();
    for step in &trail.steps {
        if !system.steps(&node, &allowed)?.contains(step) {
            return Ok(None);
        }
        transactions.push(system.name(&node, *step).transaction());
        node = Rc::new(system.apply(&node, *step)?.0);
    }
    Ok(Some((transactions, node)))
}
