//! The result of a step, and of a block.

use std::sync::Arc;

use near_primitives::receipt::Receipt;
use near_primitives::transaction::ExecutionOutcomeWithId;
use near_primitives::types::validator_stake::ValidatorStake;
use near_primitives::types::{AccountId, Balance, Compute};

/// A receipt that waits to be delivered.
#[derive(Clone, Debug)]
pub struct OutgoingReceipt {
    /// The account on which it was created. The predecessor does not always tell: that of a refund is
    /// `system`.
    pub sender_id: AccountId,
    /// The receipt.
    pub receipt: Arc<Receipt>,
}

/// The result of applying transactions and receipts.
#[derive(Default)]
pub struct ApplyResult {
    /// The outcomes of transactions and action receipts, in the order of execution.
    pub outcomes: Vec<ExecutionOutcomeWithId>,
    /// All receipts that were created, in order. Those that ran at once are among them.
    pub new_receipts: Vec<Arc<Receipt>>,
    /// The receipts to be delivered later, in the order in which they were created.
    pub outgoing_receipts: Vec<OutgoingReceipt>,
    /// The stakes that accounts have proposed, in order.
    pub validator_proposals: Vec<ValidatorStake>,
    /// The compute spent.
    pub compute_usage: Compute,
    /// The tokens burnt, in yoctoNEAR.
    pub tokens_burnt: Balance,
    /// The tokens minted for the 1 yoctoNEAR that accounts without balance attach, in yoctoNEAR.
    pub tokens_minted: Balance,
    /// The tokens of refunds whose receiver does not exist, in yoctoNEAR.
    pub tokens_lost: Balance,
}

impl ApplyResult {
    /// Adds the result of a later step.
    pub fn append(&mut self, later: ApplyResult) {
        self.outcomes.extend(later.outcomes);
        self.new_receipts.extend(later.new_receipts);
        self.outgoing_receipts.extend(later.outgoing_receipts);
        self.validator_proposals.extend(later.validator_proposals);
        self.compute_usage += later.compute_usage;
        self.tokens_burnt = self.tokens_burnt.saturating_add(later.tokens_burnt);
        self.tokens_minted = self.tokens_minted.saturating_add(later.tokens_minted);
        self.tokens_lost = self.tokens_lost.saturating_add(later.tokens_lost);
    }

    /// Adds an outcome, with its compute and the tokens that it burnt.
    pub(super) fn add_outcome(&mut self, outcome: ExecutionOutcomeWithId) {
        let spent = &outcome.outcome;
        self.tokens_burnt = self.tokens_burnt.saturating_add(spent.tokens_burnt);
        self.compute_usage += spent.compute_usage.unwrap_or_default();
        self.outcomes.push(outcome);
    }

    /// Adds a receipt that is to be delivered later.
    pub(super) fn add_outgoing(&mut self, sender_id: AccountId, receipt: Receipt) {
        let receipt = self.add_new_receipt(receipt);
        self.outgoing_receipts
            .push(OutgoingReceipt { sender_id, receipt });
    }

    /// Adds a receipt that runs in this step, and returns it.
    pub(super) fn add_new_receipt(&mut self, receipt: Receipt) -> Arc<Receipt> {
        let receipt = Arc::new(receipt);
        self.new_receipts.push(receipt.clone());
        receipt
    }
}
