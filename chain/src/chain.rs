//! The chain: it takes transactions, produces blocks, and keeps their outcomes.

mod history;
mod new_block;
mod pool;
mod step;

use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use imbl::{HashMap, Vector};
use near_chain_configs::GenesisConfig;
use near_crypto::PublicKey;
use near_parameters::{RuntimeConfig, RuntimeConfigStore};
use near_primitives::errors::InvalidTxError;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::{ExecutionOutcomeWithId, SignedTransaction};
use near_primitives::types::validator_stake::ValidatorStake;
use near_primitives::types::{AccountId, BlockHeight, Gas, Nonce, ProtocolVersion};

use self::history::History;
pub use self::history::KEPT_BLOCKS;
use self::new_block::{BlockContents, genesis_block, next_block, unique_proposals};
use self::pool::in_nonce_order;
use crate::block::{
    Block, FastForwardError, MAX_HEIGHT, Outcome, TIMESTAMP_LIMIT, TooHigh, TooLate,
};
use crate::clock::{Clock, SKIPPED_BLOCK_TIME, nanos};
use crate::epochs::{Epochs, LockedStakes};
use crate::genesis::{Genesis, GenesisError, SUPPORTED_PROTOCOL_VERSIONS};
use crate::patch;
use crate::records::RecordError;
use crate::runtime::{
    ApplyState, BlockInput, apply_block, validate_transaction, verify_and_charge,
};
use crate::vm::Vm;

/// The parameters of all protocol versions. To read them takes longer than a block.
static PARAMETERS: LazyLock<RuntimeConfigStore> = LazyLock::new(|| RuntimeConfigStore::new(None));

/// A NEAR chain of one shard.
///
/// Nothing happens by itself: [`Chain::submit`] takes a transaction, [`Chain::produce_block`] produces one
/// block. A clone is a fork and costs almost nothing: both continue from the same past.
#[derive(Clone)]
pub struct Chain {
    genesis: Arc<GenesisConfig>,
    config: Arc<RuntimeConfig>,
    vm: Vm,
    clock: Clock,
    /// The time that all fast-forwards have added.
    skipped: Duration,
    history: History,
    head: Arc<Block>,
    transactions: HashMap<CryptoHash, Arc<SignedTransaction>>,
    receipts: HashMap<CryptoHash, Arc<Receipt>>,
    outcomes: HashMap<CryptoHash, Arc<Outcome>>,
    /// The transactions for the next block, in the order of their arrival.
    pool: Vector<Arc<SignedTransaction>>,
    /// The transactions that the latest block has left out.
    invalid_transactions: Arc<[(Arc<SignedTransaction>, InvalidTxError)]>,
    /// The receipts for the next block.
    incoming: Vector<Arc<Receipt>>,
    /// The receipts that earlier blocks had no room for.
    delayed: Vector<Arc<Receipt>>,
    /// The receipts that earlier blocks could not send.
    buffered: Vector<Arc<Receipt>>,
    patches: Vector<StateRecord>,
    /// The stakes that accounts have proposed in the head.
    validator_proposals: Vec<ValidatorStake>,
}

impl Chain {
    /// Creates a chain that has only its first block.
    ///
    /// # Errors
    /// The genesis is not valid, or asks for something that this chain does not support.
    pub fn new(genesis: Genesis, clock: Clock, vm: Vm) -> Result<Self, GenesisError> {
        let version = genesis.config.protocol_version;
        if !SUPPORTED_PROTOCOL_VERSIONS.contains(&version) {
            return Err(GenesisError::ProtocolVersion(version));
        }
        if genesis.config.epoch_length == 0 {
            return Err(GenesisError::EpochLength);
        }
        if genesis.config.gas_limit == Gas::ZERO {
            return Err(GenesisError::GasLimit);
        }
        if genesis.config.genesis_height > MAX_HEIGHT {
            return Err(TooHigh.into());
        }
        let shards = genesis.config.shard_layout.num_shards();
        if shards != 1 {
            return Err(GenesisError::Shards(shards));
        }
        let config = PARAMETERS.get_config(version).clone();
        let head = Arc::new(genesis_block(&genesis, &config)?);
        Ok(Self {
            config,
            vm,
            clock,
            skipped: Duration::ZERO,
            history: History::new(head.clone(), genesis.config.transaction_validity_period),
            genesis: Arc::new(genesis.config),
            head,
            transactions: HashMap::new(),
            receipts: HashMap::new(),
            outcomes: HashMap::new(),
            pool: Vector::new(),
            invalid_transactions: Arc::new([]),
            incoming: Vector::new(),
            delayed: Vector::new(),
            buffered: Vector::new(),
            patches: Vector::new(),
            validator_proposals: Vec::new(),
        })
    }

    /// Takes a transaction for the next block, which leaves it out if the transactions before it there make it
    /// invalid ([`Chain::invalid_transactions`]). A transaction that is known is not taken again.
    ///
    /// # Errors
    /// The transaction is not valid on the current state (`SPEC.md` §1.1). It leaves no trace.
    pub fn submit(&mut self, transaction: SignedTransaction) -> Result<CryptoHash, InvalidTxError> {
        let hash = *transaction.hash();
        if self.transactions.contains_key(&hash) {
            return Ok(hash);
        }
        self.check(&transaction)?;
        let transaction = Arc::new(transaction);
        self.transactions.insert(hash, transaction.clone());
        self.pool.push_back(transaction);
        Ok(hash)
    }

    /// Checks a transaction against the current state, as [`Chain::submit`] does.
    ///
    /// # Errors
    /// The transaction is not valid on the current state (`SPEC.md` §1.1).
    pub fn check(&self, transaction: &SignedTransaction) -> Result<(), InvalidTxError> {
        let base = transaction.transaction.block_hash();
        if !self.history.may_name(base, self.head.height) {
            return Err(InvalidTxError::Expired);
        }
        validate_transaction(&self.config, self.protocol_version(), transaction)?;
        let (state, gas_price) = (&self.head.state, self.head.gas_price);
        verify_and_charge(&self.config, state, gas_price, None, transaction)?;
        Ok(())
    }

    /// Returns the nonce for the next transaction of an access key: one more than that of the key, and than those that
    /// wait for the next block. It is 1 for a key that does not exist.
    pub fn next_nonce(&self, account_id: &AccountId, public_key: &PublicKey) -> Nonce {
        let key = self.head.state.access_key(account_id, public_key);
        let waiting = self.pool.iter().map(|waiting| &waiting.transaction);
        let waiting = waiting.filter(|waiting| {
            waiting.signer_id() == account_id && waiting.public_key() == public_key
        });
        let nonces = waiting.map(|waiting| waiting.nonce().nonce());
        let last = nonces.chain(key.map(|key| key.nonce)).max();
        last.unwrap_or_default() + 1
    }

    /// Queues records that the next block writes into the state after all else.
    ///
    /// # Errors
    /// A record cannot be written. Then none of them is queued.
    pub fn patch_state(&mut self, records: Vec<StateRecord>) -> Result<(), RecordError> {
        patch::check(&self.head.state, &records)?;
        self.patches.extend(records);
        Ok(())
    }

    /// Returns `true` if the next block would be empty.
    pub fn is_idle(&self) -> bool {
        self.pool.is_empty()
            && self.incoming.is_empty()
            && self.delayed.is_empty()
            && self.buffered.is_empty()
            && self.patches.is_empty()
    }

    /// Returns `true` if a contract waits for the resume of a yield, or for its time-out.
    pub fn has_pending_yield(&self) -> bool {
        self.head.state.has_pending_yield()
    }

    /// Compiles a contract before a block needs it. It may take seconds.
    pub fn compile(&self, code: Vec<u8>) {
        self.vm.compile(&self.config, code);
    }

    /// Produces the next block (`SPEC.md` §5).
    pub fn produce_block(&mut self) -> Arc<Block> {
        self.produce_block_at(self.head.height + 1, Duration::ZERO)
    }

    /// Skips heights: the next block stands `delta_height` above the head, and
    /// [`SKIPPED_BLOCK_TIME`] later for each of them.
    ///
    /// # Errors
    /// The block would stand above [`MAX_HEIGHT`], or its time would reach [`TIMESTAMP_LIMIT`].
    pub fn fast_forward(&mut self, delta_height: u64) -> Result<Arc<Block>, FastForwardError> {
        let height = self.head.height.saturating_add(delta_height.max(1));
        if height > MAX_HEIGHT {
            return Err(TooHigh.into());
        }
        let jump = Duration::from_nanos(nanos(SKIPPED_BLOCK_TIME).saturating_mul(delta_height));
        let skipped = self.skipped.saturating_add(jump);
        if self.clock.next(self.head.timestamp, jump, skipped) >= TIMESTAMP_LIMIT {
            return Err(TooLate.into());
        }
        Ok(self.produce_block_at(height, jump))
    }

    /// Produces blocks until the chain is idle, and returns their number.
    pub fn produce_blocks_until_idle(&mut self) -> usize {
        let mut produced = 0;
        while !self.is_idle() {
            self.produce_block();
            produced += 1;
        }
        produced
    }

    /// Returns the latest block.
    pub fn head(&self) -> &Arc<Block> {
        &self.head
    }

    /// Returns the oldest block that the chain keeps together with all blocks after it.
    pub fn first_block(&self) -> &Arc<Block> {
        self.history.first_block()
    }

    /// Returns the block at a height, `None` if the height was skipped or the block is no longer kept. The first
    /// block of the chain is always kept.
    pub fn block_at(&self, height: BlockHeight) -> Option<&Arc<Block>> {
        self.history.block_at(height)
    }

    /// Returns the latest block between two heights.
    pub fn latest_block_in(&self, heights: RangeInclusive<BlockHeight>) -> Option<&Arc<Block>> {
        self.history.latest_block_in(heights)
    }

    /// Returns the block on top of another one, `None` if there is none yet.
    pub fn block_after(&self, block: &Block) -> Option<&Arc<Block>> {
        self.history.block_after(block.height)
    }

    /// Returns the number of blocks that are kept between two heights.
    pub fn blocks_in(&self, heights: RangeInclusive<BlockHeight>) -> u64 {
        self.history.blocks_in(heights)
    }

    /// Returns the block with a hash.
    pub fn block_by_hash(&self, hash: &CryptoHash) -> Option<&Arc<Block>> {
        self.history.block_by_hash(hash)
    }

    /// Returns the transactions that the latest block has left out, each with the reason.
    pub fn invalid_transactions(&self) -> &[(Arc<SignedTransaction>, InvalidTxError)] {
        &self.invalid_transactions
    }

    /// Returns a transaction that waits or has been executed.
    pub fn transaction(&self, hash: &CryptoHash) -> Option<&Arc<SignedTransaction>> {
        self.transactions.get(hash)
    }

    /// Returns `true` if a transaction waits for the next block.
    pub fn is_pending(&self, hash: &CryptoHash) -> bool {
        self.transactions.contains_key(hash) && !self.outcomes.contains_key(hash)
    }

    /// Returns the outcome of a transaction or a receipt.
    pub fn outcome(&self, id: &CryptoHash) -> Option<&Arc<Outcome>> {
        self.outcomes.get(id)
    }

    /// Returns a receipt that a block has created.
    pub fn receipt(&self, id: &CryptoHash) -> Option<&Arc<Receipt>> {
        self.receipts.get(id)
    }

    /// Returns the parameters of the genesis.
    pub fn genesis(&self) -> &GenesisConfig {
        &self.genesis
    }

    /// Returns the fees and limits of the protocol.
    pub fn runtime_config(&self) -> &Arc<RuntimeConfig> {
        &self.config
    }

    /// Returns the protocol version.
    pub fn protocol_version(&self) -> ProtocolVersion {
        self.genesis.protocol_version
    }

    /// Returns the parameters that the next block will be applied with.
    pub fn next_apply_state(&self) -> ApplyState<'_> {
        let height = self.head.height + 1;
        let (epochs, _) = self.epochs_at(height);
        self.apply_state(height, Duration::ZERO, &epochs)
    }

    /// Returns the virtual machine.
    pub(crate) fn vm(&self) -> &Vm {
        &self.vm
    }

    /// Returns the parameters of a block on top of the head. `jump` is the time that a fast-forward adds.
    fn apply_state(&self, height: BlockHeight, jump: Duration, epochs: &Epochs) -> ApplyState<'_> {
        let prev = &self.head;
        ApplyState {
            config: &self.config,
            vm: &self.vm,
            chain_id: &self.genesis.chain_id,
            epoch_info: epochs.current().clone(),
            minimum_stake: epochs.minimum_stake(&self.genesis),
            current_protocol_version: self.genesis.protocol_version,
            block_height: height,
            block_timestamp: self.clock.next(prev.timestamp, jump, self.skipped),
            epoch_height: epochs.height(),
            gas_price: prev.gas_price,
            random_seed: CryptoHash::hash_borsh((prev.random_seed, height)),
        }
    }

    /// Returns the epochs of a block on top of the head, and the stakes that stay locked there.
    fn epochs_at(&self, height: BlockHeight) -> (Epochs, LockedStakes) {
        let head = &self.head;
        head.epochs.advance(
            &self.genesis,
            head.height,
            height,
            &self.validator_proposals,
        )
    }

    fn produce_block_at(&mut self, height: BlockHeight, jump: Duration) -> Arc<Block> {
        let prev = self.head.clone();
        self.skipped = self.skipped.saturating_add(jump);
        let transactions = in_nonce_order(std::mem::take(&mut self.pool));
        let incoming_receipts = std::mem::take(&mut self.incoming);
        let receipts = incoming_receipts.iter().cloned().collect();
        let delayed_receipts = std::mem::take(&mut self.delayed);
        let buffered_receipts = std::mem::take(&mut self.buffered);
        let patches: Vec<_> = std::mem::take(&mut self.patches).into_iter().collect();

        let (epochs, locked_stakes) = self.epochs_at(height);
        let validator_proposals = std::mem::take(&mut self.validator_proposals);
        let apply_state = self.apply_state(height, jump, &epochs);
        let input = BlockInput {
            locked_stakes: &locked_stakes,
            transactions,
            incoming_receipts,
            delayed_receipts,
            buffered_receipts,
            patches: &patches,
            compute_limit: prev.gas_limit.as_gas(),
        };
        let applied = apply_block(&apply_state, prev.state.clone(), input);
        let contents = BlockContents {
            receipts,
            validator_proposals,
            epochs,
        };
        let block = Arc::new(next_block(&prev, &apply_state, contents, &applied));
        let result = applied.result;
        self.validator_proposals = unique_proposals(result.validator_proposals);
        self.keep(&block, result.outcomes, result.new_receipts);
        self.incoming = applied.outgoing_receipts;
        self.delayed = applied.delayed_receipts;
        for (transaction, _) in &applied.invalid_transactions {
            self.transactions.remove(transaction.hash());
        }
        self.invalid_transactions = applied.invalid_transactions.into();
        self.buffered = applied.buffered_receipts;
        self.append(block.clone());
        block
    }

    /// Keeps the outcomes and the receipts of a block.
    fn keep(
        &mut self,
        block: &Block,
        outcomes: Vec<ExecutionOutcomeWithId>,
        new_receipts: Vec<Arc<Receipt>>,
    ) {
        for ExecutionOutcomeWithId { id, outcome } in outcomes {
            let outcome = Outcome {
                id,
                block_hash: block.hash,
                block_height: block.height,
                outcome,
            };
            self.outcomes.insert(id, Arc::new(outcome));
        }
        for receipt in new_receipts {
            self.receipts.insert(*receipt.receipt_id(), receipt);
        }
    }

    fn append(&mut self, block: Arc<Block>) {
        self.head = block.clone();
        if let Some(removed) = self.history.append(block) {
            self.forget(&removed);
        }
    }

    /// Forgets the transactions, receipts and outcomes of a block.
    fn forget(&mut self, block: &Block) {
        for transaction in &block.transactions {
            self.transactions.remove(transaction.hash());
        }
        for id in &block.outcomes {
            self.outcomes.remove(id);
        }
        for id in &block.new_receipts {
            self.receipts.remove(id);
        }
    }
}
