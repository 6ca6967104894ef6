//! Every order: an explorer that delivers the receipts of a scenario in each order that the network may take.
//!
//! A contract is right when it is right under every order of its receipts and under every failure of those that it calls.
//! Here alice pays carol, who has nothing, and carol pays bob. Does carol's payment always go through?
//!
//! ```
//! use chain::explore::{Explore, ensure};
//! use chain::testing::genesis;
//! use chain::{Chain, Clock, Vm};
//! use near_primitives::action::TransferAction;
//! use near_primitives::types::{AccountId, Balance};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let ids: [AccountId; 3] = ["alice.near".parse()?, "bob.near".parse()?, "carol.near".parse()?];
//! let genesis = genesis(ids.iter().map(|id| (id, Balance::from_near(10))));
//! let chain = Chain::new(genesis, Clock::Manual, Vm::new(None)?)?;
//! let pay = |near| vec![TransferAction { deposit: Balance::from_near(near) }.into()];
//!
//! let report = Explore::new("pay", &chain)
//!     .transaction("alice.near", "carol.near", pay(5))
//!     .transaction("carol.near", "bob.near", pay(12))
//!     .at_end("bob has his money", |view| {
//!         let balance = view.balance("bob.near");
//!         ensure(balance == Balance::from_near(22), || format!("bob has {balance}"))
//!     })
//!     .run()?;
//!
//! // It does not: she may send before she is paid.
//! let found = report.counterexample.expect("carol sends too early");
//! assert_eq!(found.schedule.to_string(), "pay fifo: +1 +2 1");
//! # Ok(())
//! # }
//! ```
//!
//! The words are those of loom, shuttle and stateright. A *schedule* is the order of the steps of a run. An
//! *exhaustive* search ([`Explore::run`]) sees all schedules, a *random* one ([`Explore::random`]) some. A schedule
//! that breaks an invariant is made as simple as possible (*shrunk*), and its text can be kept and *replayed*
//! ([`Explore::replay`]).
//!
//! # Steps
//!
//! Each account is on a shard of its own: accounts that share a shard have fewer orders. A step is one of these:
//!
//! - a transaction is taken at its signer. Those of one key are taken in the order of their nonces, others in any order;
//! - a message is delivered, and what becomes ready runs: a receipt, a refund, or an answer (a data receipt). A callback
//!   runs when all its answers have come. [`Delivery`] says which messages may be next;
//! - a yield expires, and its time-out is under way.
//!
//! `SPEC.md` §10 has the rules of the network, with their sources.
//!
//! # States
//!
//! Two schedules that lead to equal accounts and equal messages lead to one state, and the search continues once from there. So
//! nothing of the schedule is in a state. Gas costs nothing here, and is no part of a state. All steps run at one height, unless
//! [`Explore::time`] says [`Time::Rising`]. Transactions do not expire, and yields expire by a step.
//!
//! # In a crate of your own
//!
//! The library is in this tree alone: name it by its path, `chain = { path = "…/chain" }`, under `[dev-dependencies]`,
//! with near-primitives in the version that it has. Deploy the wasm of your contract on a [`Chain`], and begin as
//! above.
//!
//! # Limits
//!
//! What an exploration does not see: prices of gas, the delays of a real network, and contracts that are not on the
//! chain.

mod error;
mod failure;
mod invariant;
mod messages;
mod node;
mod replay;
mod report;
mod scenario;
mod schedule;
mod search;
mod shards;
mod shrink;
mod system;
mod view;
mod view_calls;
mod walk;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use near_crypto::PublicKey;
use near_primitives::action::Action;
use near_primitives::errors::InvalidTxError;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::{ExecutionOutcomeWithId, SignedTransaction};
use near_primitives::types::{AccountId, Nonce};

pub use self::error::{ExploreError, ReplayError};
use self::invariant::{Broken, Invariant, Scope};
pub use self::invariant::{
    at_most_once, has_a_single_holder, is_empty, no_money_appears,
    takes_out_no_more_than_it_put_in, tokens_are_conserved,
};
pub use self::replay::{Replay, ReplayViolation};
pub use self::report::{Counterexample, Report, Search};
use self::scenario::{Allowed, Behaviour, Bounds, Scenario};
pub use self::scenario::{Delivery, Time};
pub use self::schedule::{Ending, MessageName, Schedule, ScheduleError, StepName};
pub use self::search::Bound;
use self::search::{Counts, Found, Trail, search};
use self::shrink::shrink;
use self::system::System;
pub use self::view::{Verdict, View, Violation, ensure};
use self::walk::walk;
use crate::chain::Chain;
use crate::testing::signer;

/// The number of states after which a search ends if [`Explore::at_most_states`] says nothing else.
pub const MAX_STATES: usize = 200_000;

/// The number of steps after which a search ends if [`Explore::at_most_steps`] says nothing else.
pub const MAX_STEPS: u64 = 5_000_000;

/// A scenario, and the invariants that must hold in it: a chain to fork, and what may happen on it.
pub struct Explore {
    scenario: Scenario,
    invariants: Vec<Invariant>,
    /// For each key the nonce of its latest transaction here.
    nonces: HashMap<(AccountId, PublicKey), Nonce>,
    /// The first error of the scenario.
    error: Option<ExploreError>,
}

impl Explore {
    /// Begins with a fork of a chain, on which nothing is under way. Schedules contain the name of the scenario.
    pub fn new(scenario: &str, chain: &Chain) -> Self {
        let mut explore = Self {
            scenario: Scenario {
                name: scenario.to_owned(),
                chain: chain.with_free_gas(),
                transactions: Vec::new(),
                may_fail: Default::default(),
                behaviours: Vec::new(),
                delivery: Delivery::default(),
                time: Time::default(),
                bounds: Bounds {
                    states: MAX_STATES,
                    steps: MAX_STEPS,
                },
                facts: Vec::new(),
            },
            invariants: Vec::new(),
            nonces: HashMap::new(),
            error: None,
        };
        if !chain.is_idle() {
            explore.fail(ExploreError::NotIdle);
        } else if chain.has_pending_yield() {
            explore.fail(ExploreError::PendingYield);
        }
        explore.check_name(scenario);
        explore
    }

    /// Adds a transaction that may be sent, signed with the key of [`signer`]. Transactions of one signer keep their
    /// order.
    pub fn transaction(mut self, signer_id: &str, receiver_id: &str, actions: Vec<Action>) -> Self {
        let (Some(signer_id), Some(receiver_id)) = (self.id(signer_id), self.id(receiver_id))
        else {
            return self;
        };
        let signer = signer(&signer_id);
        let key = (signer_id.clone(), signer.public_key());
        let known = self.scenario.chain.head().state.access_key(&key.0, &key.1);
        let nonce = self
            .nonces
            .entry(key)
            .or_insert_with(|| known.map_or(0, |key| key.nonce));
        *nonce += 1;
        let chain = &self.scenario.chain;
        let transaction = chain.signed_with_nonce(&signer, &receiver_id, *nonce, actions);
        self.signed_transaction(transaction)
    }

    /// Adds a transaction that may be sent, which another key has signed.
    pub fn signed_transaction(mut self, transaction: SignedTransaction) -> Self {
        let number = self.scenario.transactions.len() + 1;
        // The balance may come while the transaction waits.
        match self.scenario.chain.check(&transaction) {
            Ok(())
            | Err(
                InvalidTxError::NotEnoughBalance { .. }
                | InvalidTxError::LackBalanceForState { .. },
            ) => {}
            Err(source) => self.fail(ExploreError::Transaction {
                number,
                source: Box::new(source),
            }),
        }
        self.scenario.transactions.push(Arc::new(transaction));
        self
    }

    /// Lets receipts fail on an account, in each way of [`Ending`]. Refunds do not fail.
    pub fn may_fail(mut self, account_id: &str) -> Self {
        if let Some(id) = self.id(account_id) {
            self.scenario.may_fail.insert(id);
        }
        self
    }

    /// Lets an account begin with each of these behaviours. A behaviour has a name, and is a list of records that are
    /// written into the state before the first step, for example those that a contract reads its orders from.
    pub fn behaviours<'n>(
        mut self,
        account_id: &str,
        behaviours: impl IntoIterator<Item = (&'n str, Vec<StateRecord>)>,
    ) -> Self {
        let Some(id) = self.id(account_id) else {
            return self;
        };
        let mut named = Vec::new();
        for (name, records) in behaviours {
            self.check_name(name);
            let name = name.to_owned();
            named.push(Behaviour { name, records });
        }
        if named.is_empty() {
            self.fail(ExploreError::NoBehaviour(id.clone()));
        }
        self.scenario.behaviours.push((id, named));
        self
    }

    /// Gives the scenario another name, which schedules contain.
    pub fn named(mut self, scenario: &str) -> Self {
        self.check_name(scenario);
        self.scenario.name = scenario.to_owned();
        self
    }

    /// Sets the order in which messages may be delivered.
    pub fn delivery(mut self, delivery: Delivery) -> Self {
        self.scenario.delivery = delivery;
        self
    }

    /// Sets the time at which steps run.
    pub fn time(mut self, time: Time) -> Self {
        self.scenario.time = time;
        self
    }

    /// Ends the search after this number of states. The report then says so.
    pub fn at_most_states(mut self, states: usize) -> Self {
        self.scenario.bounds.states = states;
        self
    }

    /// Ends the search after this number of steps. The report then says so.
    pub fn at_most_steps(mut self, steps: u64) -> Self {
        self.scenario.bounds.steps = steps;
        self
    }

    /// Adds an invariant that must hold before the first step and after each one, also while money is under way.
    pub fn always(self, sentence: &str, check: impl Fn(&View) -> Verdict + 'static) -> Self {
        self.invariant(sentence, Scope::Always, check)
    }

    /// Adds an invariant that must hold whenever nothing is under way, also if not all transactions were sent.
    pub fn at_rest(self, sentence: &str, check: impl Fn(&View) -> Verdict + 'static) -> Self {
        self.invariant(sentence, Scope::AtRest, check)
    }

    /// Adds an invariant that must hold when nothing is under way and all transactions were sent.
    pub fn at_end(self, sentence: &str, check: impl Fn(&View) -> Verdict + 'static) -> Self {
        self.invariant(sentence, Scope::AtEnd, check)
    }

    /// Reads a fact from each outcome, for example from its logs. Invariants see all facts so far ([`View::facts`]), and
    /// states with other facts are not merged.
    pub fn remember(
        mut self,
        fact: impl Fn(&ExecutionOutcomeWithId) -> Option<String> + 'static,
    ) -> Self {
        self.scenario.facts.push(Box::new(fact));
        self
    }

    /// Explores all schedules, up to the bounds. Ends at the first violation, which is the shortest.
    ///
    /// # Errors
    /// The scenario cannot be explored.
    pub fn run(&self) -> Result<Report, ExploreError> {
        let mut system = self.system()?;
        let allowed = Allowed::all(&self.scenario);
        let Found {
            counts,
            bound,
            broken,
        } = search(
            &mut system,
            &self.invariants,
            &allowed,
            self.scenario.bounds,
        )?;
        self.report(&mut system, Search::Exhaustive, counts, bound, broken)
    }

    /// Explores this number of schedules, which a random walk chooses: each possible step of a state has the same
    /// chance. For scenarios that are too large for [`Explore::run`].
    ///
    /// # Errors
    /// The scenario cannot be explored.
    pub fn random(&self, seed: u64, schedules: u64) -> Result<Report, ExploreError> {
        let mut system = self.system()?;
        let (counts, broken) = walk(&mut system, &self.invariants, seed, schedules)?;
        self.report(&mut system, Search::Random { seed }, counts, None, broken)
    }

    /// Replays a schedule, and delivers what it has left under way.
    ///
    /// # Errors
    /// The schedule does not fit the scenario. The error says where.
    pub fn replay(&self, schedule: &Schedule) -> Result<Replay, ReplayError> {
        let mut system = self.system()?;
        replay::replay(&mut system, &self.invariants, schedule)
    }

    fn report(
        &self,
        system: &mut System,
        search: Search,
        counts: Counts,
        bound: Option<Bound>,
        broken: Option<(Trail, Broken)>,
    ) -> Result<Report, ExploreError> {
        let executions = system.executions();
        let counterexample = match broken {
            None => None,
            Some(found) => {
                let (trail, broken) = shrink(system, &self.invariants, found)?;
                Some(Counterexample {
                    invariant: self.invariants[broken.invariant].sentence.clone(),
                    violation: broken.violation,
                    schedule: replay::schedule(system, &trail)?,
                    steps: words::lines(system, &trail)?,
                })
            }
        };
        Ok(Report {
            scenario: self.scenario.name.clone(),
            delivery: self.scenario.delivery,
            time: self.scenario.time,
            search,
            bound,
            states: counts.states,
            end_states: counts.end_states,
            steps: counts.steps,
            executions,
            schedules: counts.schedules,
            checks: counts.checks,
            counterexample,
        })
    }

    fn system(&self) -> Result<System<'_>, ExploreError> {
        match &self.error {
            Some(error) => Err(error.clone()),
            None => System::new(&self.scenario),
        }
    }

    fn invariant(
        mut self,
        sentence: &str,
        scope: Scope,
        check: impl Fn(&View) -> Verdict + 'static,
    ) -> Self {
        self.invariants.push(Invariant {
            sentence: sentence.to_owned(),
            scope,
            check: Box::new(check),
        });
        self
    }

    fn id(&mut self, account_id: &str) -> Option<AccountId> {
        let id = account_id.parse().ok();
        if id.is_none() {
            self.fail(ExploreError::AccountId(account_id.to_owned()));
        }
        id
    }

    fn check_name(&mut self, name: &str) {
        let breaks_schedules = |letter: char| letter.is_whitespace() || ":=".contains(letter);
        if name.is_empty() || name.contains(breaks_schedules) {
            self.fail(ExploreError::Name(name.to_owned()));
        }
    }

    fn fail(&mut self, error: ExploreError) {
        self.error.get_or_insert(error);
    }
}
