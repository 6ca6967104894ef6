//! When things happened. An answer of RPC names the block of each outcome by its hash, and says neither
//! how high the block is nor which of its outcomes came first.

use std::collections::{BTreeMap, BTreeSet};

use near_primitives::hash::CryptoHash;
use near_primitives::views::{ExecutionOutcomeWithIdView, ReceiptEnumView};

use crate::{Answer, TraceError};

/// A place in the order of execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The height of the block.
    pub height: u64,
    /// The place among the outcomes of the block.
    pub place: usize,
}

/// The moment of each outcome.
#[derive(Debug, Clone, Default)]
pub struct Order {
    moments: BTreeMap<CryptoHash, Moment>,
}

impl FromIterator<(CryptoHash, Moment)> for Order {
    fn from_iter<T: IntoIterator<Item = (CryptoHash, Moment)>>(moments: T) -> Self {
        Self {
            moments: moments.into_iter().collect(),
        }
    }
}

impl Order {
    /// The order as far as an answer implies it: what was made stands in a later block than what made it,
    /// and a callback comes after the answers that it waited for.
    ///
    /// `heights` has the heights of the blocks by their hashes. Unless it has all of them, blocks are
    /// counted from 0, without gaps.
    ///
    /// # Errors
    /// The answer does not hold together.
    pub fn derived(
        answer: &Answer,
        heights: &BTreeMap<CryptoHash, u64>,
    ) -> Result<Self, TraceError> {
        let causes = Causes::of(answer);
        let heights = match causes.blocks().all(|block| heights.contains_key(block)) {
            true => heights.clone(),
            false => causes.heights()?,
        };
        Ok(causes.order(&heights))
    }

    pub(crate) fn moment(&self, id: &CryptoHash) -> Result<Moment, TraceError> {
        self.moments
            .get(id)
            .copied()
            .ok_or(TraceError::NoOutcome(*id))
    }
}

/// The place of an answer among what an outcome led to: after all that it made.
const ANSWER: usize = usize::MAX;

/// Whether a cause is still to be placed, its moment otherwise, and the place of the effect there.
type Trigger = (bool, Option<Moment>, usize);

/// The reason for which an outcome of a block comes first: what it came of last and its index there, and the same of
/// what made it, for two callbacks may wait for one answer.
type Key = [Trigger; 2];

/// Which outcome came of which.
struct Causes<'a> {
    /// The outcomes, the transaction's first.
    outcomes: Vec<&'a ExecutionOutcomeWithIdView>,
    /// Cause and effect, and the place of the effect among those of its cause. Answers come after what
    /// was made.
    pairs: Vec<(CryptoHash, CryptoHash, usize)>,
}

impl<'a> Causes<'a> {
    fn of(answer: &'a Answer) -> Self {
        let outcome = &answer.final_outcome;
        let outcomes: Vec<_> = std::iter::once(&outcome.transaction_outcome)
            .chain(&outcome.receipts_outcome)
            .collect();
        let mut pairs = Vec::new();
        for cause in &outcomes {
            let effects = cause.outcome.receipt_ids.iter().enumerate();
            pairs.extend(effects.map(|(place, effect)| (cause.id, *effect, place)));
        }
        let mut waiting = BTreeMap::new();
        for receipt in &answer.receipts {
            if let ReceiptEnumView::Action { input_data_ids, .. } = &receipt.receipt {
                waiting.extend(
                    input_data_ids
                        .iter()
                        .map(|data| (*data, receipt.receipt_id)),
                );
            }
        }
        for receipt in &answer.receipts {
            if let ReceiptEnumView::Action {
                output_data_receivers,
                ..
            } = &receipt.receipt
            {
                let readers = output_data_receivers.iter();
                let readers = readers.filter_map(|to| waiting.get(&to.data_id));
                pairs.extend(readers.map(|reader| (receipt.receipt_id, *reader, ANSWER)));
            }
        }
        Self { outcomes, pairs }
    }

    fn blocks(&self) -> impl Iterator<Item = &CryptoHash> {
        self.outcomes.iter().map(|outcome| &outcome.block_hash)
    }

    /// Each block stands one above the highest of those in which its outcomes were caused.
    fn heights(&self) -> Result<BTreeMap<CryptoHash, u64>, TraceError> {
        let block_of: BTreeMap<_, _> = self
            .outcomes
            .iter()
            .map(|outcome| (outcome.id, outcome.block_hash))
            .collect();
        let mut heights: BTreeMap<_, _> = self.blocks().map(|block| (*block, 0)).collect();
        // The longest way has as many steps as there are blocks; whoever still rises then goes in a circle.
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

    /// Within a block, in the order of the causes; of one cause, in the order in which it made them.
    fn order(&self, heights: &BTreeMap<CryptoHash, u64>) -> Order {
        let height = |outcome: &ExecutionOutcomeWithIdView| heights[&outcome.block_hash];
        let mut causes: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut effects: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (cause, effect, place) in &self.pairs {
            causes.entry(*effect).or_default().push((*cause, *place));
            effects.entry(*cause).or_default().push(*effect);
        }
        let mut outcomes = self.outcomes.clone();
        outcomes.sort_by_key(|outcome| height(outcome));
        let mut order = Order::default();
        for block in outcomes.chunk_by(|one, other| height(one) == height(other)) {
            // What is local runs in the block of its cause, and so after it.
            let mut queue = Queue::of(block);
            for outcome in block {
                queue.renew(&outcome.id, &causes, &order);
            }
            let mut place = 0;
            while let Some((id, height)) = queue.pop().map(|next| (next.id, height(next))) {
                order.moments.insert(id, Moment { height, place });
                place += 1;
                for effect in effects.get(&id).into_iter().flatten() {
                    queue.renew(effect, &causes, &order);
                }
            }
        }
        order
    }
}

/// The outcomes of a block that are still to be placed, the next one first.
struct Queue<'a> {
    block: &'a [&'a ExecutionOutcomeWithIdView],
    /// The index in the block, and what decides.
    left: BTreeMap<CryptoHash, (usize, Key)>,
    in_order: BTreeSet<(Key, usize)>,
}

impl<'a> Queue<'a> {
    fn of(block: &'a [&'a ExecutionOutcomeWithIdView]) -> Self {
        let left = block.iter().enumerate();
        Self {
            block,
            left: left
                .map(|(index, outcome)| (outcome.id, (index, Key::default())))
                .collect(),
            in_order: BTreeSet::new(),
        }
    }

    /// Decides anew when an outcome comes. What waits for something that is still to be placed comes later.
    fn renew(
        &mut self,
        id: &CryptoHash,
        causes: &BTreeMap<CryptoHash, Vec<(CryptoHash, usize)>>,
        order: &Order,
    ) {
        let Some((index, key)) = self.left.get(id).copied() else {
            return;
        };
        let triggers = causes.get(id).into_iter().flatten().map(|(cause, place)| {
            let is_left = self.left.contains_key(cause);
            (is_left, order.moments.get(cause).copied(), *place)
        });
        let triggers: Vec<Trigger> = triggers.collect();
        let made = triggers.iter().filter(|(_, _, place)| *place != ANSWER);
        let renewed = [
            triggers.iter().max().copied().unwrap_or_default(),
            made.max().copied().unwrap_or_default(),
        ];
        self.in_order.remove(&(key, index));
        self.in_order.insert((renewed, index));
        self.left.insert(*id, (index, renewed));
    }

    fn pop(&mut self) -> Option<&'a ExecutionOutcomeWithIdView> {
        let (_, index) = self.in_order.pop_first()?;
        let outcome = self.block[index];
        self.left.remove(&outcome.id);
        Some(outcome)
    }
}
