//! The order of execution. RPC names the block of each outcome by its hash. It gives neither the height of the block
//! nor the order of the outcomes in it.

use std::collections::{BTreeMap, BTreeSet};

use near_primitives::hash::CryptoHash;
use near_primitives::views::{ExecutionOutcomeWithIdView, ReceiptEnumView};

use crate::error::TraceError;
use crate::tx_status::TxStatus;

/// A position in the order of execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The height of the block.
    pub height: u64,
    /// The index among the outcomes of the block.
    pub index: usize,
}

/// The position of each outcome, by the id of its transaction or receipt.
#[derive(Debug, Clone, Default)]
pub struct Order {
    positions: BTreeMap<CryptoHash, Position>,
}

impl FromIterator<(CryptoHash, Position)> for Order {
    fn from_iter<T: IntoIterator<Item = (CryptoHash, Position)>>(positions: T) -> Self {
        Self {
            positions: positions.into_iter().collect(),
        }
    }
}

impl Order {
    /// Derives the order from causes and effects: a receipt runs after the receipt that created it, and a callback
    /// runs after the receipts for whose results it waited.
    ///
    /// `heights` has the heights of the blocks by their hashes. If one is missing, all blocks are numbered from 0
    /// without gaps.
    ///
    /// # Errors
    /// Causes and effects form a cycle.
    pub fn derive(
        status: &TxStatus,
        heights: &BTreeMap<CryptoHash, u64>,
    ) -> Result<Self, TraceError> {
        let causes = Causes::new(status);
        let heights = match causes.blocks().all(|block| heights.contains_key(block)) {
            true => heights.clone(),
            false => causes.heights()?,
        };
        Ok(causes.order(&heights))
    }

    /// Returns the position of an outcome.
    pub(crate) fn position(&self, id: &CryptoHash) -> Result<Position, TraceError> {
        self.positions
            .get(id)
            .copied()
            .ok_or(TraceError::MissingOutcome(*id))
    }
}

/// The index of a callback among the effects of a receipt for whose result it waited: after all receipts that this
/// receipt created.
const CALLBACK: usize = usize::MAX;

/// A cause of an outcome: true if the cause has no position yet, its position, and the index of the effect among the
/// effects of this cause.
type Trigger = (bool, Option<Position>, usize);

/// The sort key of an outcome in its block: its last cause, and its last cause that is not a result. The second one
/// decides when two callbacks wait for the same result.
type Key = [Trigger; 2];

/// The outcomes of a transaction and their causes.
struct Causes<'a> {
    /// The outcomes, the transaction's first.
    outcomes: Vec<&'a ExecutionOutcomeWithIdView>,
    /// Cause, effect, and the index of the effect among the effects of this cause.
    pairs: Vec<(CryptoHash, CryptoHash, usize)>,
}

impl<'a> Causes<'a> {
    fn new(status: &'a TxStatus) -> Self {
        let outcome = &status.final_outcome;
        let outcomes: Vec<_> = std::iter::once(&outcome.transaction_outcome)
            .chain(&outcome.receipts_outcome)
            .collect();
        let mut pairs = Vec::new();
        for cause in &outcomes {
            let effects = cause.outcome.receipt_ids.iter().enumerate();
            pairs.extend(effects.map(|(index, effect)| (cause.id, *effect, index)));
        }
        let mut callbacks = BTreeMap::new();
        for receipt in &status.receipts {
            if let ReceiptEnumView::Action { input_data_ids, .. } = &receipt.receipt {
                callbacks.extend(
                    input_data_ids
                        .iter()
                        .map(|data| (*data, receipt.receipt_id)),
                );
            }
        }
        for receipt in &status.receipts {
            if let ReceiptEnumView::Action {
                output_data_receivers,
                ..
            } = &receipt.receipt
            {
                let waiting = output_data_receivers.iter();
                let waiting = waiting.filter_map(|to| callbacks.get(&to.data_id));
                pairs.extend(waiting.map(|callback| (receipt.receipt_id, *callback, CALLBACK)));
            }
        }
        Self { outcomes, pairs }
    }

    fn blocks(&self) -> impl Iterator<Item = &CryptoHash> {
        self.outcomes.iter().map(|outcome| &outcome.block_hash)
    }

    /// Numbers the blocks: each block is one above the highest block that has a cause of one of its outcomes.
    fn heights(&self) -> Result<BTreeMap<CryptoHash, u64>, TraceError> {
        let block_of: BTreeMap<_, _> = self
            .outcomes
            .iter()
            .map(|outcome| (outcome.id, outcome.block_hash))
            .collect();
        let mut heights: BTreeMap<_, _> = self.blocks().map(|block| (*block, 0)).collect();
        // The longest chain of causes has as many steps as there are blocks. A height that rises after that is part
        // of a cycle.
        for _ in 0..=heights.len() {
            let mut has_risen = false;
            for (cause, effect, _) in &self.pairs {
                let (Some(before), Some(after)) = (block_of.get(cause), block_of.get(effect))
                else {
                    continue;
                };
                let least = heights[before] + 1;
                if before != after && heights[after] < least {
                    heights.insert(*after, least);
                    has_risen = true;
                }
            }
            if !has_risen {
                return Ok(heights);
            }
        }
        Err(TraceError::OutOfOrder)
    }

    /// Sorts the outcomes of each block by their causes, and the effects of one cause by their indices.
    fn order(&self, heights: &BTreeMap<CryptoHash, u64>) -> Order {
        let height = |outcome: &ExecutionOutcomeWithIdView| heights[&outcome.block_hash];
        let mut causes: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut effects: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (cause, effect, index) in &self.pairs {
            causes.entry(*effect).or_default().push((*cause, *index));
            effects.entry(*cause).or_default().push(*effect);
        }
        let mut outcomes = self.outcomes.clone();
        outcomes.sort_by_key(|outcome| height(outcome));
        let mut order = Order::default();
        for block in outcomes.chunk_by(|one, next| height(one) == height(next)) {
            // A local receipt runs in the block of its cause, so it has to wait for the cause's position.
            let mut queue = Queue::new(block);
            for outcome in block {
                queue.update(&outcome.id, &causes, &order);
            }
            let mut index = 0;
            while let Some((id, height)) = queue.pop().map(|next| (next.id, height(next))) {
                order.positions.insert(id, Position { height, index });
                index += 1;
                for effect in effects.get(&id).into_iter().flatten() {
                    queue.update(effect, &causes, &order);
                }
            }
        }
        order
    }
}

/// The outcomes of a block that have no position yet, sorted by their keys.
struct Queue<'a> {
    block: &'a [&'a ExecutionOutcomeWithIdView],
    /// The index in `block` and the sort key, by the id of the outcome.
    left: BTreeMap<CryptoHash, (usize, Key)>,
    sorted: BTreeSet<(Key, usize)>,
}

impl<'a> Queue<'a> {
    fn new(block: &'a [&'a ExecutionOutcomeWithIdView]) -> Self {
        let left = block.iter().enumerate();
        Self {
            block,
            left: left
                .map(|(index, outcome)| (outcome.id, (index, Key::default())))
                .collect(),
            sorted: BTreeSet::new(),
        }
    }

    /// Updates the sort key of an outcome. An outcome with a cause that has no position yet sorts last.
    fn update(
        &mut self,
        id: &CryptoHash,
        causes: &BTreeMap<CryptoHash, Vec<(CryptoHash, usize)>>,
        order: &Order,
    ) {
        let Some((index, key)) = self.left.get(id).copied() else {
            return;
        };
        let triggers = causes.get(id).into_iter().flatten().map(|(cause, index)| {
            let is_left = self.left.contains_key(cause);
            (is_left, order.positions.get(cause).copied(), *index)
        });
        let triggers: Vec<Trigger> = triggers.collect();
        let creators = triggers.iter().filter(|(_, _, index)| *index != CALLBACK);
        let updated = [
            triggers.iter().max().copied().unwrap_or_default(),
            creators.max().copied().unwrap_or_default(),
        ];
        self.sorted.remove(&(key, index));
        self.sorted.insert((updated, index));
        self.left.insert(*id, (index, updated));
    }

    /// Removes the first outcome and returns it.
    fn pop(&mut self) -> Option<&'a ExecutionOutcomeWithIdView> {
        let (_, index) = self.sorted.pop_first()?;
        let outcome = self.block[index];
        self.left.remove(&outcome.id);
        Some(outcome)
    }
}
