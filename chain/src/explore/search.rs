//! The exhaustive search: breadth first, over merged states.

use std::collections::HashMap;
use std::rc::Rc;

use super::error::ExploreError;
use super::invariant::{Broken, Invariant, check};
use super::node::{Node, Step};
use super::scenario::{Allowed, Bounds};
use super::system::System;
use super::view::View;

/// The way from a start to a node.
#[derive(Clone)]
pub(super) struct Trail {
    /// The index of the choice of behaviours.
    pub start: usize,
    pub steps: Vec<Step>,
}

/// The bound that has ended a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The greatest number of states.
    States(usize),
    /// The greatest number of steps.
    Steps(u64),
}

/// The numbers of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub states: usize,
    pub end_states: usize,
    pub steps: u64,
    pub schedules: u128,
    pub checks: u64,
}

/// The result of a search.
pub(super) struct Found {
    pub counts: Counts,
    pub bound: Option<Bound>,
    /// The shortest way to a node in which an invariant does not hold.
    pub broken: Option<(Trail, Broken)>,
}

/// Explores until an invariant does not hold, a bound is hit, or everything was seen.
pub(super) fn search(
    system: &mut System,
    invariants: &[Invariant],
    allowed: &Allowed,
    bounds: Bounds,
) -> Result<Found, ExploreError> {
    let mut graph = Graph::default();
    for start in system.starts.clone() {
        graph.node(start, None);
    }
    let mut next = 0;
    let mut bound = None;
    let mut broken = None;
    while next < graph.nodes.len() && broken.is_none() {
        let node = graph.nodes[next].clone();
        let view = View::new(system, &node);
        if let Err(fault) = check(invariants, &view, &mut graph.checks) {
            broken = Some((graph.trail(next), fault));
            break;
        }
        if bound.is_none() {
            bound = graph.is_bounded(bounds);
        }
        if bound.is_none() {
            let steps = system.steps(&node, allowed)?;
            graph.end_states += usize::from(steps.is_empty());
            for step in steps {
                let (successor, _) = system.apply(&node, step)?;
                let successor = graph.node(Rc::new(successor), Some((next, step)));
                graph.successors[next].push(successor);
            }
        }
        next += 1;
    }
    Ok(Found {
        counts: graph.counts(),
        bound,
        broken,
    })
}

/// The nodes that were found, and the steps between them.
#[derive(Default)]
struct Graph {
    nodes: Vec<Rc<Node>>,
    indices: HashMap<Rc<Node>, usize>,
    /// The node and the step by which each node was first found.
    parents: Vec<Option<(usize, Step)>>,
    successors: Vec<Vec<usize>>,
    end_states: usize,
    steps: u64,
    checks: u64,
}

impl Graph {
    /// Returns the index of a node, which is new or was found before.
    fn node(&mut self, node: Rc<Node>, parent: Option<(usize, Step)>) -> usize {
        self.steps += u64::from(parent.is_some());
        if let Some(index) = self.indices.get(&node) {
            return *index;
        }
        let index = self.nodes.len();
        self.nodes.push(node.clone());
        self.indices.insert(node, index);
        self.parents.push(parent);
        self.successors.push(Vec::new());
        index
    }

    fn is_bounded(&self, bounds: Bounds) -> Option<Bound> {
        if self.nodes.len() >= bounds.states {
            Some(Bound::States(bounds.states))
        } else if self.steps >= bounds.steps {
            Some(Bound::Steps(bounds.steps))
        } else {
            None
        }
    }

    /// Returns the way by which a node was first found.
    fn trail(&self, mut index: usize) -> Trail {
        let mut steps = Vec::new();
        while let Some((parent, step)) = self.parents[index] {
            steps.push(step);
            index = parent;
        }
        steps.reverse();
        Trail {
            start: self.nodes[index].start,
            steps,
        }
    }

    fn counts(&self) -> Counts {
        Counts {
            states: self.nodes.len(),
            end_states: self.end_states,
            steps: self.steps,
            schedules: self.schedules(),
            checks: self.checks,
        }
    }

    /// Returns the number of ways from a start to an end. No way leads back: each message is delivered once.
    fn schedules(&self) -> u128 {
        let mut counts: Vec<Option<u128>> = vec![None; self.nodes.len()];
        let mut starts: u128 = 0;
        for start in (0..self.nodes.len()).filter(|index| self.parents[*index].is_none()) {
            let mut to_count = vec![start];
            while let Some(index) = to_count.pop() {
                let successors = &self.successors[index];
                let open: Vec<_> = successors
                    .iter()
                    .copied()
                    .filter(|successor| counts[*successor].is_none())
                    .collect();
                if open.is_empty() {
                    let ways = successors.iter().filter_map(|successor| counts[*successor]);
                    let ways = ways.fold(0, u128::saturating_add);
                    counts[index] = Some(if successors.is_empty() { 1 } else { ways });
                } else {
                    to_count.push(index);
                    to_count.extend(open);
                }
            }
            starts = starts.saturating_add(counts[start].unwrap_or_default());
        }
        starts
    }
}
