//! What one block works with while it is made: the rules, the machine, the state, and what has come of
//! the transactions and receipts so far.

use std::sync::Arc;

use near_parameters::RuntimeConfig;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::transaction::ExecutionOutcomeWithId;
use near_primitives::types::{Balance, BlockHeight, Compute, EpochHeight, ProtocolVersion};

use crate::state::{BlockState, State};
use crate::validation::Rules;
use crate::validators::Validators;
use crate::vm::Vm;

/// What receipts can ask of the block that executes them.
#[derive(Clone, Debug)]
pub(crate) struct BlockContext {
    pub height: BlockHeight,
    /// Nanoseconds since 1970.
    pub timestamp: u64,
    pub epoch_height: EpochHeight,
    /// yoctoNEAR for a unit of gas.
    pub gas_price: Balance,
    pub random_seed: CryptoHash,
}

/// The parts of a chain that no block changes.
#[derive(Clone, Copy)]
pub(crate) struct Environment<'a> {
    pub config: &'a RuntimeConfig,
    pub vm: &'a Vm,
    pub chain_id: &'a str,
    pub validators: &'a Validators,
    pub protocol_version: ProtocolVersion,
}

/// A block in the making.
pub(crate) struct Runtime<'a> {
    pub env: Environment<'a>,
    pub block: BlockContext,
    pub state: BlockState,
    /// What became of each transaction and action receipt, in the order of their execution.
    pub outcomes: Vec<ExecutionOutcomeWithId>,
    /// Receipts for the next block, in the order of their emission.
    pub outgoing: Vec<Arc<Receipt>>,
    /// All receipts that the block has made, those that ran at once included.
    pub emitted: Vec<Arc<Receipt>>,
    /// Compute spent, which ends the block at the limit.
    pub compute: Compute,
    /// Tokens burnt, which leave the supply.
    pub tokens_burnt: Balance,
    /// Tokens minted for one-yocto deposits of empty accounts.
    pub subsidized: Balance,
    /// Tokens of refunds that found no account.
    pub lost: Balance,
}

impl<'a> Runtime<'a> {
    pub fn new(env: Environment<'a>, block: BlockContext, state: BlockState) -> Self {
        Self {
            env,
            block,
            state,
            outcomes: Vec::new(),
            outgoing: Vec::new(),
            emitted: Vec::new(),
            compute: 0,
            tokens_burnt: Balance::ZERO,
            subsidized: Balance::ZERO,
            lost: Balance::ZERO,
        }
    }

    pub fn rules(&self) -> Rules<'a> {
        Rules {
            limits: &self.env.config.wasm_config.limit_config,
            protocol_version: self.env.protocol_version,
        }
    }

    pub fn emit(&mut self, receipt: Receipt) -> Arc<Receipt> {
        let receipt = Arc::new(receipt);
        self.emitted.push(receipt.clone());
        receipt
    }

    pub fn record(&mut self, outcome: ExecutionOutcomeWithId) {
        self.tokens_burnt = self
            .tokens_burnt
            .saturating_add(outcome.outcome.tokens_burnt);
        self.compute += outcome.outcome.compute_usage.unwrap_or_default();
        self.outcomes.push(outcome);
    }

    /// Closes the block.
    pub fn finish(self) -> Made {
        Made {
            context: self.block,
            state: self.state.into_state(),
            outcomes: self.outcomes,
            outgoing: self.outgoing,
            emitted: self.emitted,
            minted: self.subsidized,
            destroyed: self.tokens_burnt.saturating_add(self.lost),
        }
    }
}

/// What a block has come to.
pub(crate) struct Made {
    pub context: BlockContext,
    pub state: State,
    pub outcomes: Vec<ExecutionOutcomeWithId>,
    pub outgoing: Vec<Arc<Receipt>>,
    pub emitted: Vec<Arc<Receipt>>,
    /// Tokens that came into being, yoctoNEAR.
    pub minted: Balance,
    /// Tokens that are gone, yoctoNEAR.
    pub destroyed: Balance,
}
