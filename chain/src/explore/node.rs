//! A state of the whole, and a step to the next.

use near_primitives::errors::InvalidTxError;

use super::messages::MessageId;
use super::schedule::Ending;
use super::shards::ShardId;
use crate::runtime::ApplyResult;

/// The number of an account.
pub(super) type AccountIndex = usize;

/// A state of the whole: two nodes are equal if everything that can still happen is the same.
///
/// Nothing of the way that has led here is in it: no order, no gas, and no height unless time rises.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Node {
    /// The index of the choice of behaviours that all began with.
    pub start: usize,
    /// The state of each account. Accounts at the end of the list that do not exist are left out.
    pub shards: Vec<ShardId>,
    /// The messages under way: by channels, and there by their age. Where they may overtake each other, sorted.
    pub under_way: Vec<MessageId>,
    /// For each transaction, `true` if it was sent, or refused by the state.
    pub sent: Vec<bool>,
    /// The facts that invariants ask for, sorted.
    pub facts: Vec<usize>,
    /// The number of heights above the start.
    pub time: u64,
}

/// A step from one node to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// A transaction is taken at its signer.
    Send(usize),
    /// A message is delivered.
    Deliver(MessageId, Ending),
    /// The first yield of an account that can still expire does so.
    Expire(AccountIndex),
}

/// The effect of a step on the one account on which it runs.
pub(super) struct Effect {
    pub account: AccountIndex,
    pub before: ShardId,
    pub after: ShardId,
    pub messages: Vec<MessageId>,
    pub facts: Vec<usize>,
    pub result: ApplyResult,
    /// The reason if a transaction was refused.
    pub refused: Option<InvalidTxError>,
    /// The other endings that the receipt could have had.
    pub choices: &'static [Ending],
}

impl Node {
    /// Returns the state of an account.
    pub fn shard(&self, account: AccountIndex) -> ShardId {
        self.shards
            .get(account)
            .copied()
            .unwrap_or(ShardId::MISSING)
    }

    /// Sets the state of an account. Accounts at the end that do not exist are left out, so that equal nodes
    /// are equal.
    pub fn set_shard(&mut self, account: AccountIndex, shard: ShardId) {
        if account >= self.shards.len() {
            self.shards.resize(account + 1, ShardId::MISSING);
        }
        self.shards[account] = shard;
        while self.shards.last() == Some(&ShardId::MISSING) {
            self.shards.pop();
        }
    }
}
