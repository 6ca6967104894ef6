//! The outcome of a transaction, the tree of its receipts, and its progress (`SPEC.md` §4).

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

/// The progress of a transaction that is in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    /// Receipts have still to run.
    Included,
    /// Only refunds have still to run.
    Executed,
    /// All receipts have run.
    Final,
}

impl Progress {
    /// Returns the status that RPC reports. Every block is final at once, so the levels for blocks that
    /// are not final never occur.
    pub fn status(self) -> TxExecutionStatus {
        match self {
            Self::Included => TxExecutionStatus::IncludedFinal,
            Self::Executed => TxExecutionStatus::Executed,
            Self::Final => TxExecutionStatus::Final,
        }
    }

    /// Returns `true` if a client that waits for `wanted` need not wait any longer.
    pub fn satisfies(self, wanted: &TxExecutionStatus) -> bool {
        let needed = match wanted {
            TxExecutionStatus::None
            | TxExecutionStatus::Included
            | TxExecutionStatus::IncludedFinal => Self::Included,
            TxExecutionStatus::ExecutedOptimistic | TxExecutionStatus::Executed => Self::Executed,
            TxExecutionStatus::Final => Self::Final,
        };
        self >= needed
    }
}

/// Returns the progress of a transaction, `None` if no block has it. The id of a receipt is no transaction.
pub fn progress(chain: &Chain, transaction: &CryptoHash) -> Option<Progress> {
    chain.transaction(transaction)?;
    let outcome = chain.outcome(transaction)?;
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

/// Returns the outcome of a transaction that is in a block, with the receipts that have run so far.
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

/// Returns the outcome with the receipts themselves. A first receipt that is local (the signer is the
/// receiver) is left out, because a node does not store it.
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
    /// The receipts that have run, parents before children, in the order of emission.
    executed: Vec<&'a Arc<Outcome>>,
    /// The receipts that have not run yet.
    missing: Vec<CryptoHash>,
}

impl<'a> Tree<'a> {
    /// Returns the tree below a transaction.
    fn of(chain: &'a Chain, root: &'a Outcome) -> Self {
        let mut tree = Self {
            executed: Vec::new(),
            missing: Vec::new(),
        };
        let mut visited = HashSet::new();
        let mut to_visit: Vec<_> = root.outcome.receipt_ids.iter().rev().collect();
        while let Some(id) = to_visit.pop() {
            if !visited.insert(id) {
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

/// Returns the value or failure at the end of the chain of returned receipts.
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
