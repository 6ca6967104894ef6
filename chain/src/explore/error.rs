//! The errors of an exploration, of a replay and of a kept schedule.

use near_primitives::errors::InvalidTxError;
use near_primitives::types::AccountId;

use crate::records::RecordError;

/// The error of a scenario that cannot be explored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ExploreError {
    /// The chain has transactions or receipts under way, whose origin is not known.
    #[error("the chain is not idle: produce blocks until it is, then explore")]
    NotIdle,
    /// A yield waits on the chain. An exploration names it by the transaction that has made it, and knows none.
    #[error("a yield waits on the chain: let it run to its end, or make it in a transaction here")]
    PendingYield,
    /// A text that is no account id.
    #[error("`{0}` is no account id")]
    AccountId(String),
    /// A name with a space, `:` or `=`: schedules could not be read.
    #[error("the name `{0}` is empty or has a space, `:` or `=`: schedules contain it")]
    Name(String),
    /// A transaction that the chain would never take.
    #[error("transaction {number} is not valid: {source}")]
    Transaction {
        /// The number of the transaction, counted from 1.
        number: usize,
        /// The reason.
        source: Box<InvalidTxError>,
    },
    /// An account without any behaviour.
    #[error("{0} has an empty list of behaviours")]
    NoBehaviour(AccountId),
    /// A behaviour whose records cannot be written.
    #[error("a behaviour of {account_id}")]
    Behaviour {
        /// The account.
        account_id: AccountId,
        /// The cause.
        source: RecordError,
    },
    /// A receipt that deploys a global contract: it changes every shard, and is not explored.
    #[error("a receipt distributes a global contract, which is not explored: deploy it before")]
    GlobalContract,
}

/// The error of a schedule that does not fit a scenario.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The scenario cannot be explored.
    #[error(transparent)]
    Explore(#[from] ExploreError),
    /// The schedule is that of another scenario.
    #[error("the schedule is for `{schedule}`, and this is `{scenario}`")]
    Scenario {
        /// The name in the schedule.
        schedule: String,
        /// The name of the scenario.
        scenario: String,
    },
    /// The scenario has other behaviours.
    #[error("the scenario has no such behaviours: {0}")]
    Behaviours(String),
    /// A step that is not possible at its position.
    #[error(
        "step {number} of the schedule, `{step}`, is not possible there: the steps are {possible}"
    )]
    Step {
        /// The number of the step, counted from 1.
        number: usize,
        /// The step.
        step: String,
        /// The steps that are possible, separated by spaces.
        possible: String,
    },
}
