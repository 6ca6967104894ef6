//! What became of a transaction: the tree of its receipts, and how far it has come (SPEC.md §4).

use std::collections::HashSet;
use std::sync::Arc;

use near_primitives::errors::TxExecutionError;
use near_primitives::hash::CryptoHash;
use near_primitives::transaction::{ExecutionStatus, SignedTransaction};
use near_primitives::views::{
    ExecutionOutcomeWithIdView, FinalExecutionOutcomeView, FinalExecutionOutcomeWithReceiptView,
    FinalExecutionStatus, ReceiptView, TxExecutionStatus,
};

use crate::block::Outcome;
use crate::chain::Chain;

/// How far a transaction has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    /// Accepted, and in no block yet.
    Pending,
    /// In a block, with receipts still to run.
    Included,
    /// Only refunds have still to run.
    Executed,
    /// Nothing is left to do.
    Final,
}

impl Progress {
    /// What is known to the clients of RPC. Every block is final at once, so the levels that only tell
    /// what is in a final block from what is not are never the answer.
    pub fn status(self) -> TxExecutionStatus {
        match self {
            Self::Pending => TxExecutionStatus::None,
            Self::Included => TxExecutionStatus::IncludedFinal,
            Self::Executed => TxExecutionStatus::Executed,
            Self::Final => TxExecutionStatus::Final,
        }
    }

    /// Whether a client that waits for `wanted` has its answer.
    pub fn satisfies(self, wanted: &TxExecutionStatus) -> bool {
        let needed = match wanted {
            TxExecutionStatus::None => Self::Pending,
            TxExecutionStatus::Included | TxExecutionStatus::IncludedFinal => Self::Included,
            TxExecutionStatus::ExecutedOptimistic | TxExecutionStatus::Executed => Self::Executed,
            TxExecutionStatus::Final => Self::Final,
        };
        self >= needed
    }
}

/// How far a transaction has come, `None` where the chain does not know it.
pub fn progress(chain: &Chain, transaction: &CryptoHash) -> Option<Progress> {
    let Some(outcome) = chain.outcome(transaction) else {
        return chain.is_pending(transaction).then_some(Progress::Pending);
    };
    let tree = Tree::of(chain, outcome);
    let refunds_only = || {
        tree.missing.iter().all(|id| {
            chain
                .receipt(id)
                .is_some_and(|receipt| receipt.predecessor_id().is_system())
        })
    };
    Some(if tree.missing.is_empty() {
        Progress::Final
    } else if refunds_only() {
        Progress::Executed
    } else {
        Progress::Included
    })
}

/// The outcome of a transaction that is in a block, as far as it is known.
pub fn final_outcome(chain: &Chain, transaction: &CryptoHash) -> Option<FinalExecutionOutcomeView> {
    let signed: &Arc<SignedTransaction> = chain.transaction(transaction)?;
    let outcome = chain.outcome(transaction)?;
    let tree = Tree::of(chain, outcome);
    Some(FinalExecutionOutcomeView {
        status: final_status(chain, outcome),
        transaction: (**signed).clone().into(),
        transaction_outcome: view(outcome),
        receipts_outcome: tree.executed.into_iter().map(view).collect(),
    })
}

/// The same with the receipts themselves. The first one is left out where it is local (the signer is
/// the receiver): a node makes it out of the transaction and does not keep it.
pub fn final_outcome_with_receipts(
    chain: &Chain,
    transaction: &CryptoHash,
) -> Option<FinalExecutionOutcomeWithReceiptView> {
    let final_outcome = final_outcome(chain, transaction)?;
    let is_local = final_outcome.transaction.signer_id == final_outcome.transaction.receiver_id;
    let receipts = final_outcome
        .receipts_outcome
        .iter()
        .skip(usize::from(is_local))
        .filter_map(|outcome| chain.receipt(&outcome.id))
        .map(|receipt| ReceiptView::from((**receipt).clone()))
        .collect();
    Some(FinalExecutionOutcomeWithReceiptView {
        final_outcome,
        receipts,
    })
}

/// The tree of a transaction's receipts.
struct Tree<'a> {
    /// Those that ran, parents before children, in the order in which they were emitted.
    executed: Vec<&'a Arc<Outcome>>,
    /// Those that did not run yet.
    missing: Vec<CryptoHash>,
}

impl<'a> Tree<'a> {
    fn of(chain: &'a Chain, root: &'a Outcome) -> Self {
        let mut tree = Self {
            executed: Vec::new(),
            missing: Vec::new(),
        };
        let mut seen = HashSet::new();
        let mut to_visit: Vec<_> = root.outcome.receipt_ids.iter().rev().collect();
        while let Some(id) = to_visit.pop() {
            if !seen.insert(id) {
                continue;
            }
            match chain.outcome(id) {
                Some(outcome) => {
                    tree.executed.push(outcome);
                    to_visit.extend(outcome.outcome.receipt_ids.iter().rev());
                }
                None => tree.missing.push(*id),
            }
        }
        tree
    }
}

/// The first value or failure at the end of the returned receipts.
fn final_status(chain: &Chain, transaction: &Outcome) -> FinalExecutionStatus {
    let mut outcome = transaction;
    loop {
        outcome = match &outcome.outcome.status {
            ExecutionStatus::SuccessReceiptId(id) => match chain.outcome(id) {
                Some(next) => next,
                None => return FinalExecutionStatus::Started,
            },
            ExecutionStatus::SuccessValue(value) => {
                return FinalExecutionStatus::SuccessValue(value.clone());
            }
            ExecutionStatus::Failure(error) => return failure(error),
            ExecutionStatus::Unknown => return FinalExecutionStatus::Started,
        }
    }
}

fn failure(error: &TxExecutionError) -> FinalExecutionStatus {
    FinalExecutionStatus::Failure(error.clone())
}

fn view(outcome: &Arc<Outcome>) -> ExecutionOutcomeWithIdView {
    ExecutionOutcomeWithIdView {
        proof: Vec::new(),
        block_hash: outcome.block_hash,
        id: outcome.id,
        outcome: outcome.outcome.clone().into(),
    }
}
