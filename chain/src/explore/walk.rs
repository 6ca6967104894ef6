//! The random search: walks that choose each step with the same chance.

use std::collections::HashSet;
use std::rc::Rc;

use super::error::ExploreError;
use super::invariant::{Broken, Invariant, check};
use super::node::Node;
use super::scenario::Allowed;
use super::search::{Counts, Trail};
use super::system::System;
use super::view::View;

/// Walks `schedules` times from a start to an end, until an invariant does not hold.
pub(super) fn walk(
    system: &mut System,
    invariants: &[Invariant],
    seed: u64,
    schedules: u64,
) -> Result<(Counts, Option<(Trail, Broken)>), ExploreError> {
    let allowed = Allowed::all(system.scenario);
    let mut random = Random(seed);
    let mut counts = Counts::default();
    let mut seen: HashSet<Rc<Node>> = HashSet::new();
    let mut ends: HashSet<Rc<Node>> = HashSet::new();
    let mut broken = None;
    while broken.is_none() && counts.schedules < u128::from(schedules) {
        let start = random.below(system.starts.len());
        let mut node = system.starts[start].clone();
        let mut trail = Trail {
            start,
            steps: Vec::new(),
        };
        loop {
            // A state that was seen was checked.
            if seen.insert(node.clone()) {
                let view = View::new(system, &node);
                if let Err(fault) = check(invariants, &view, &mut counts.checks) {
                    broken = Some((trail, fault));
                    break;
                }
            }
            let steps = system.steps(&node, &allowed)?;
            if steps.is_empty() {
                ends.insert(node);
                break;
            }
            let step = steps[random.below(steps.len())];
            trail.steps.push(step);
            node = Rc::new(system.apply(&node, step)?.0);
            counts.steps += 1;
        }
        counts.schedules += 1;
    }
    counts.states = seen.len();
    counts.end_states = ends.len();
    Ok((counts, broken))
}

/// Random numbers that follow from a seed (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        let scaled = (u128::from(self.next()) * end as u128) >> 64;
        usize::try_from(scaled).unwrap_or_default()
    }
}
