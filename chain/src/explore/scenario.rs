//! The scenario of an exploration: a chain, and what may happen on it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use near_primitives::state_record::StateRecord;
use near_primitives::transaction::{ExecutionOutcomeWithId, SignedTransaction};
use near_primitives::types::AccountId;

use crate::chain::Chain;

/// The order in which messages may be delivered (`SPEC.md` §10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// Between the same two accounts, in one direction, messages arrive in the order in which they were sent.
    #[default]
    Fifo,
    /// Any message that is under way may be the next. So it is between shards that are congested. Each order of
    /// [`Delivery::Fifo`] is one of these orders too.
    Overtaking,
}

impl Delivery {
    /// Both modes.
    pub const ALL: [Self; 2] = [Self::Fifo, Self::Overtaking];
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Fifo => "fifo",
            Self::Overtaking => "overtaking",
        })
    }
}

/// The height and the time at which steps run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Time {
    /// All steps run at one height. Equal states are merged.
    #[default]
    Fixed,
    /// Each step runs this number of heights above the one before. States that differ in time are not merged, so only
    /// small scenarios can be explored completely.
    Rising(u64),
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Fixed => f.write_str("fixed"),
            Self::Rising(1) => f.write_str("rising"),
            Self::Rising(blocks) => write!(f, "rising by {blocks} blocks"),
        }
    }
}

/// The number of states and steps after which an exploration ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub states: usize,
    pub steps: u64,
}

/// A behaviour that an account may have from the start: its name, and the records that it is.
pub(super) struct Behaviour {
    pub name: String,
    pub records: Vec<StateRecord>,
}

/// Reads a fact from the outcome of a receipt.
pub(super) type Fact = Box<dyn Fn(&ExecutionOutcomeWithId) -> Option<String>>;

/// A chain, and what may happen on it.
pub(super) struct Scenario {
    pub name: String,
    /// A fork in which gas costs nothing.
    pub chain: Chain,
    pub transactions: Vec<Arc<SignedTransaction>>,
    pub may_fail: BTreeSet<AccountId>,
    pub behaviours: Vec<(AccountId, Vec<Behaviour>)>,
    pub delivery: Delivery,
    pub time: Time,
    pub bounds: Bounds,
    pub facts: Vec<Fact>,
}

impl Scenario {
    /// Returns each choice of behaviours: for each account the index of its behaviour.
    pub fn behaviour_choices(&self) -> Vec<Vec<usize>> {
        let mut choices = vec![Vec::new()];
        for (_, behaviours) in &self.behaviours {
            let longer = choices.into_iter().flat_map(|choice: Vec<usize>| {
                (0..behaviours.len()).map(move |index| [choice.clone(), vec![index]].concat())
            });
            choices = longer.collect();
        }
        choices
    }

    /// Returns the names of a choice of behaviours, each with its account.
    pub fn behaviour_names(&self, choice: &[usize]) -> Vec<(String, String)> {
        let chosen = self.behaviours.iter().zip(choice);
        chosen
            .map(|((account_id, behaviours), index)| {
                (account_id.to_string(), behaviours[*index].name.clone())
            })
            .collect()
    }
}

/// The part of a scenario that a search uses: shrinking leaves some of it out.
#[derive(Clone)]
pub(super) struct Allowed {
    /// For each transaction, `true` if it may be sent.
    pub transactions: Vec<bool>,
    pub may_fail: BTreeSet<AccountId>,
}

impl Allowed {
    /// Allows all of a scenario.
    pub fn all(scenario: &Scenario) -> Self {
        Self {
            transactions: vec![true; scenario.transactions.len()],
            may_fail: scenario.may_fail.clone(),
        }
    }
}
