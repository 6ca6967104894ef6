//! The explorer: scenarios whose orders are counted by hand, and properties of all scenarios.

mod brute_force;
mod failures;
mod invariants;
mod known;
mod production;
mod replays;
mod reports;
mod yields;

use std::sync::LazyLock;

use chain::Chain;
use chain::explore::{Delivery, Explore, Report};
use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::test_chain::*;

const CAROL: &str = "carol.near";
/// The accounts that carry the probe.
const A: &str = "a.near";
const B: &str = "b.near";
const C: &str = "c.near";
const D: &str = "d.near";

/// A chain with users and probes, to be forked. Its contract is compiled once.
static PROBES: LazyLock<Chain> = LazyLock::new(|| {
    let users = [ALICE, BOB, CAROL];
    let probes = [A, B, C, D];
    let accounts: Vec<_> = users
        .iter()
        .chain(&probes)
        .map(|id| (*id, near(100)))
        .collect();
    let mut chain = chain(&accounts);
    for id in probes {
        deploy(&mut chain, id, PROBE);
    }
    chain
});

fn probes() -> Chain {
    PROBES.clone()
}

/// Returns the actions that run a program.
fn runs(statements: Value) -> Vec<Action> {
    vec![program(statements, 300, Balance::ZERO)]
}

/// Returns the statement that lets another account run a program.
fn let_run(id: &str, statements: Value) -> Value {
    let_run_with(30, id, statements)
}

/// Returns the same with this much gas, in Tgas, so that the program can let others run.
fn let_run_with(tgas: u64, id: &str, statements: Value) -> Value {
    json!({"create": {"to": id, "actions": [{"run": {"program": statements, "tgas": tgas}}]}})
}

fn write(key: &str, value: &str) -> Value {
    json!({"write": {"key": key, "value": value}})
}

fn explored(explore: Explore) -> Report {
    explore.run().expect("the scenario can be explored")
}

/// Explores in both modes.
fn in_both_modes(explore: impl Fn() -> Explore) -> [Report; 2] {
    [Delivery::Fifo, Delivery::Overtaking].map(|delivery| explored(explore().delivery(delivery)))
}
