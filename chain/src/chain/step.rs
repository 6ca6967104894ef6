//! Steps that a caller has applied in an order of its own, kept as blocks.

use std::sync::Arc;

use near_primitives::receipt::Receipt;
use near_primitives::transaction::{ExecutionOutcomeWithId, SignedTransaction};
use near_primitives::types::Balance;

use super::Chain;
use super::new_block::{BlockContents, next_block};
use crate::runtime::{ApplyResult, BlockOutput};
use crate::state::State;

impl Chain {
    /// Returns a fork in which gas costs nothing: no transaction or receipt has a refund of gas.
    pub(crate) fn with_free_gas(&self) -> Self {
        let mut chain = self.clone();
        let mut config = (*self.config).clone();
        config.min_gas_purchase_price = Balance::ZERO;
        chain.config = Arc::new(config);
        chain
    }

    /// Appends a block with the outcomes and receipts of a step, and the state after it. The chain can be read
    /// then. It is not meant to produce blocks: it does not know which receipts are under way.
    pub(crate) fn append_step(
        &mut self,
        state: State,
        transaction: Option<Arc<SignedTransaction>>,
        outcomes: Vec<ExecutionOutcomeWithId>,
        new_receipts: Vec<Arc<Receipt>>,
    ) {
        let prev = self.head.clone();
        let (epochs, _) = self.epochs_at(prev.height + 1);
        let apply_state = self.next_apply_state();
        let contents = BlockContents {
            receipts: Vec::new(),
            validator_proposals: Vec::new(),
            epochs,
        };
        let result = ApplyResult {
            outcomes,
            new_receipts,
            ..ApplyResult::default()
        };
        let applied = BlockOutput {
            state,
            result,
            updated_validators: Vec::new(),
            transactions: transaction.iter().cloned().collect(),
            invalid_transactions: Vec::new(),
            outgoing_receipts: Default::default(),
            delayed_receipts: Default::default(),
            buffered_receipts: Default::default(),
        };
        let block = Arc::new(next_block(&prev, &apply_state, contents, &applied));
        if let Some(transaction) = transaction {
            self.transactions.insert(*transaction.hash(), transaction);
        }
        let ApplyResult {
            outcomes,
            new_receipts,
            ..
        } = applied.result;
        self.keep(&block, outcomes, new_receipts);
        self.append(block);
    }
}
