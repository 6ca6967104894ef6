//! Replays: the steps of a schedule, one after the other, with their outcomes.

use std::rc::Rc;
use std::sync::Arc;

use near_primitives::hash::CryptoHash;

use super::error::{ExploreError, ReplayError};
use super::invariant::{Invariant, check};
use super::node::{Effect, Node, Step};
use super::scenario::Allowed;
use super::schedule::{Schedule, StepName};
use super::search::Trail;
use super::system::System;
use super::view::{View, Violation};
use crate::chain::Chain;

/// The run of a schedule.
pub struct Replay {
    /// A chain with a block for each step, in order. Read the outcomes with [`crate::views`], for example with
    /// [`crate::views::final_outcome_with_receipts`]; the height of an outcome's block is the order of its step. This
    /// chain is for reading: it does not know what is under way.
    pub chain: Chain,
    /// The transactions that were taken, in order, by their hashes.
    pub transactions: Vec<CryptoHash>,
    /// The first invariant that does not hold, after how many steps, and the reason.
    pub violation: Option<ReplayViolation>,
    /// The steps that the schedule has left open. They were added, messages first, until nothing was under way, so that
    /// each transaction has run to its end.
    pub added: Vec<StepName>,
}

/// An invariant that does not hold in a replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayViolation {
    /// The sentence of the invariant.
    pub invariant: String,
    /// The reason.
    pub violation: Violation,
    /// The number of steps before.
    pub steps: usize,
}

/// Replays a schedule, and then delivers what is still under way.
pub(super) fn replay(
    system: &mut System,
    invariants: &[Invariant],
    schedule: &Schedule,
) -> Result<Replay, ReplayError> {
    let trail = trail(system, schedule)?;
    let mut run = Run::new(system, trail.start);
    run.check(system, invariants, 0);
    for (index, step) in trail.steps.iter().enumerate() {
        run.apply(system, *step)?;
        run.check(system, invariants, index + 1);
    }
    let nothing_more = Allowed {
        transactions: vec![false; system.scenario.transactions.len()],
        may_fail: Default::default(),
    };
    let mut added = Vec::new();
    while let Some(step) = system.steps(&run.node, &nothing_more)?.first().copied() {
        added.push(system.name(&run.node, step));
        run.apply(system, step)?;
    }
    Ok(Replay {
        chain: run.chain,
        transactions: run.transactions,
        violation: run.violation,
        added,
    })
}

/// Finds the steps that a schedule names.
pub(super) fn trail(system: &mut System, schedule: &Schedule) -> Result<Trail, ReplayError> {
    let scenario = system.scenario;
    if schedule.scenario != scenario.name {
        return Err(ReplayError::Scenario {
            schedule: schedule.scenario.clone(),
            scenario: scenario.name.clone(),
        });
    }
    let choices = scenario.behaviour_choices();
    let named = |choice: &Vec<usize>| scenario.behaviour_names(choice) == schedule.behaviours;
    let Some(start) = choices.iter().position(named) else {
        let names = schedule.behaviours.iter();
        let names: Vec<_> = names.map(|(id, name)| format!("{id}={name}")).collect();
        return Err(ReplayError::Behaviours(names.join(" ")));
    };
    let allowed = Allowed::all(scenario);
    let mut node = system.starts[start].clone();
    let mut steps = Vec::new();
    for (index, wanted) in schedule.steps.iter().enumerate() {
        let possible = system.steps(&node, &allowed)?;
        let found = possible
            .iter()
            .copied()
            .find(|step| system.name(&node, *step) == *wanted);
        let Some(step) = found else {
            let possible = possible.iter();
            let names = possible.map(|step| system.name(&node, *step).to_string());
            return Err(ReplayError::Step {
                number: index + 1,
                step: wanted.to_string(),
                possible: names.collect::<Vec<_>>().join(" "),
            });
        };
        steps.push(step);
        node = Rc::new(system.apply(&node, step)?.0);
    }
    Ok(Trail { start, steps })
}

/// Returns the schedule of a way.
pub(super) fn schedule(system: &mut System, trail: &Trail) -> Result<Schedule, ExploreError> {
    let scenario = system.scenario;
    let mut node = system.starts[trail.start].clone();
    let mut steps = Vec::new();
    for step in &trail.steps {
        steps.push(system.name(&node, *step));
        node = Rc::new(system.apply(&node, *step)?.0);
    }
    let choice = &scenario.behaviour_choices()[trail.start];
    Ok(Schedule {
        scenario: scenario.name.clone(),
        delivery: scenario.delivery,
        behaviours: scenario.behaviour_names(choice),
        steps,
    })
}

/// A replay so far.
struct Run {
    node: Rc<Node>,
    chain: Chain,
    transactions: Vec<CryptoHash>,
    violation: Option<ReplayViolation>,
}

impl Run {
    fn new(system: &System, start: usize) -> Self {
        Self {
            node: system.starts[start].clone(),
            chain: system.scenario.chain.clone(),
            transactions: Vec::new(),
            violation: None,
        }
    }

    fn check(&mut self, system: &System, invariants: &[Invariant], steps: usize) {
        if self.violation.is_some() {
            return;
        }
        let view = View::new(system, &self.node);
        self.violation = check(invariants, &view, &mut 0)
            .err()
            .map(|broken| ReplayViolation {
                invariant: invariants[broken.invariant].sentence.clone(),
                violation: broken.violation,
                steps,
            });
    }

    fn apply(&mut self, system: &mut System, step: Step) -> Result<(), ExploreError> {
        let (node, effect) = system.apply(&self.node, step)?;
        self.node = Rc::new(node);
        self.append(system, step, &effect);
        Ok(())
    }

    /// Appends the block of a step. A step without an outcome has one too: a message may wait for others.
    fn append(&mut self, system: &System, step: Step, effect: &Effect) {
        let taken = match step {
            Step::Send(index) if effect.refused.is_none() => {
                Some(system.scenario.transactions[index].clone())
            }
            _ => None,
        };
        if let Some(transaction) = &taken {
            self.transactions.push(*transaction.hash());
        }
        let mut state = self.chain.head().state.clone();
        state.apply_changes(system.changes(effect));
        let result = &effect.result;
        let receipts: Vec<Arc<_>> = result.new_receipts.clone();
        self.chain
            .append_step(state, taken, result.outcomes.clone(), receipts);
    }
}
