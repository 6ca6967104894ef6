//! The chain: transactions come in, blocks are made of them, and what became of them can be asked.

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use imbl::{HashMap, OrdMap, Vector};
use near_chain_configs::GenesisConfig;
use near_parameters::{RuntimeConfig, RuntimeConfigStore};
use near_primitives::errors::InvalidTxError;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::{ExecutionOutcomeWithId, SignedTransaction};
use near_primitives::types::{BlockHeight, Compute, Gas, ProtocolVersion};
use thiserror::Error;

use crate::block::{Block, Outcome};
use crate::clock::{Clock, SKIPPED_BLOCK_TIME, nanos};
use crate::genesis::{Genesis, GenesisError, SUPPORTED_PROTOCOL_VERSIONS};
use crate::patch::{self, PatchError};
use crate::runtime::{BlockContext, Environment, Made, Runtime};
use crate::state::BlockState;
use crate::transaction::{check_and_charge, check_form};
use crate::validators::Validators;
use crate::vm::Vm;

/// How many blocks, with their states and outcomes, are kept.
pub const KEPT_BLOCKS: usize = 1000;

/// The highest block that can be jumped to. From there on, the time of a block, in nanoseconds, would not
/// fit into 64 bits, nor long after that the first nonce of a key.
pub const MAX_HEIGHT: BlockHeight = 50_000_000_000;

/// A jump to a block that this chain cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this chain has no blocks above the height {MAX_HEIGHT}")]
pub struct TooHigh;

/// A NEAR chain of one shard.
///
/// Nothing happens by itself: [`Chain::submit`] takes a transaction, [`Chain::produce_block`] makes
/// one block. A clone is a fork, and costs next to nothing: both go on from the same past.
#[derive(Clone)]
pub struct Chain {
    genesis: Arc<GenesisConfig>,
    config: Arc<RuntimeConfig>,
    validators: Arc<Validators>,
    vm: Vm,
    clock: Clock,
    /// Time that fast-forwards have added.
    skipped: Duration,
    blocks: OrdMap<BlockHeight, Arc<Block>>,
    heights: HashMap<CryptoHash, BlockHeight>,
    head: Arc<Block>,
    transactions: HashMap<CryptoHash, Arc<SignedTransaction>>,
    receipts: HashMap<CryptoHash, Arc<Receipt>>,
    outcomes: HashMap<CryptoHash, Arc<Outcome>>,
    /// Transactions for the next block, in the order of their arrival.
    pool: Vector<Arc<SignedTransaction>>,
    /// Receipts for the next block.
    incoming: Vector<Arc<Receipt>>,
    /// Receipts that earlier blocks had no room for.
    delayed: Vector<Arc<Receipt>>,
    patches: Vector<StateRecord>,
}

impl Chain {
    /// A chain with only its first block.
    ///
    /// # Errors
    /// The genesis asks for something that this chain cannot be.
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
        let config = RuntimeConfigStore::new(None).get_config(version).clone();
        let head = Arc::new(first_block(&genesis, &config)?);
        Ok(Self {
            validators: Arc::new(Validators::new(&genesis.config)),
            genesis: Arc::new(genesis.config),
            config,
            vm,
            clock,
            skipped: Duration::ZERO,
            blocks: OrdMap::unit(head.height, head.clone()),
            heights: HashMap::unit(head.hash, head.height),
            head,
            transactions: HashMap::new(),
            receipts: HashMap::new(),
            outcomes: HashMap::new(),
            pool: Vector::new(),
            incoming: Vector::new(),
            delayed: Vector::new(),
            patches: Vector::new(),
        })
    }

    /// Takes a transaction for the next block. One that is known already is not taken again.
    ///
    /// # Errors
    /// The transaction could not be executed on the present state (SPEC.md §1.1). It leaves no
    /// trace.
    pub fn submit(&mut self, transaction: SignedTransaction) -> Result<CryptoHash, InvalidTxError> {
        let hash = *transaction.hash();
        if self.transactions.contains_key(&hash) {
            return Ok(hash);
        }
        self.check_age(&transaction)?;
        check_form(self.environment(), &transaction)?;
        let (state, gas_price) = (&self.head.state, self.head.gas_price);
        check_and_charge(self.environment(), state, gas_price, None, &transaction)?;
        let transaction = Arc::new(transaction);
        self.transactions.insert(hash, transaction.clone());
        self.pool.push_back(transaction);
        Ok(hash)
    }

    /// Queues records that the next block writes into the state after all else.
    ///
    /// # Errors
    /// A record cannot be written; then none is.
    pub fn patch_state(&mut self, records: Vec<StateRecord>) -> Result<(), PatchError> {
        patch::check(&self.head.state, &records)?;
        self.patches.extend(records);
        Ok(())
    }

    /// Whether a next block would be empty.
    pub fn is_idle(&self) -> bool {
        self.pool.is_empty()
            && self.incoming.is_empty()
            && self.delayed.is_empty()
            && self.patches.is_empty()
    }

    /// Makes the next block (SPEC.md §5).
    pub fn produce_block(&mut self) -> Arc<Block> {
        self.produce_block_at(self.head.height + 1, Duration::ZERO)
    }

    /// Skips heights: the next block stands `delta_height` above the head, and
    /// [`SKIPPED_BLOCK_TIME`] later for each of them.
    ///
    /// # Errors
    /// The block would stand above [`MAX_HEIGHT`].
    pub fn fast_forward(&mut self, delta_height: u64) -> Result<Arc<Block>, TooHigh> {
        let height = self.head.height.saturating_add(delta_height.max(1));
        if height > MAX_HEIGHT {
            return Err(TooHigh);
        }
        let jump = Duration::from_nanos(nanos(SKIPPED_BLOCK_TIME).saturating_mul(delta_height));
        Ok(self.produce_block_at(height, jump))
    }

    /// Makes blocks until nothing is under way, and returns how many.
    pub fn produce_blocks_until_idle(&mut self) -> usize {
        let mut produced = 0;
        while !self.is_idle() {
            self.produce_block();
            produced += 1;
        }
        produced
    }

    /// The latest block.
    pub fn head(&self) -> &Arc<Block> {
        &self.head
    }

    /// The oldest block that is still kept.
    pub fn first_block(&self) -> &Arc<Block> {
        self.blocks.get_min().map_or(&self.head, |(_, block)| block)
    }

    /// The block at a height; none where the height was skipped or its block is gone.
    pub fn block_at(&self, height: BlockHeight) -> Option<&Arc<Block>> {
        self.blocks.get(&height)
    }

    /// The latest block between two heights.
    pub fn latest_block_in(&self, heights: RangeInclusive<BlockHeight>) -> Option<&Arc<Block>> {
        let (_, block) = self.blocks.range(heights).next_back()?;
        Some(block)
    }

    /// How many blocks are kept between two heights.
    pub fn blocks_in(&self, heights: RangeInclusive<BlockHeight>) -> u64 {
        self.blocks.range(heights).count() as u64
    }

    /// The block of a hash.
    pub fn block_by_hash(&self, hash: &CryptoHash) -> Option<&Arc<Block>> {
        self.block_at(*self.heights.get(hash)?)
    }

    /// A transaction that waits or has been executed.
    pub fn transaction(&self, hash: &CryptoHash) -> Option<&Arc<SignedTransaction>> {
        self.transactions.get(hash)
    }

    /// Whether a transaction waits for the next block.
    pub fn is_pending(&self, hash: &CryptoHash) -> bool {
        self.transactions.contains_key(hash) && !self.outcomes.contains_key(hash)
    }

    /// What became of a transaction or a receipt.
    pub fn outcome(&self, id: &CryptoHash) -> Option<&Arc<Outcome>> {
        self.outcomes.get(id)
    }

    /// A receipt that some block made.
    pub fn receipt(&self, id: &CryptoHash) -> Option<&Arc<Receipt>> {
        self.receipts.get(id)
    }

    /// The parameters of the genesis.
    pub fn genesis(&self) -> &GenesisConfig {
        &self.genesis
    }

    /// The fee tables and limits.
    pub fn runtime_config(&self) -> &Arc<RuntimeConfig> {
        &self.config
    }

    /// The version whose rules hold.
    pub fn protocol_version(&self) -> ProtocolVersion {
        self.genesis.protocol_version
    }

    /// The validators of the genesis.
    pub fn validators(&self) -> &Validators {
        &self.validators
    }

    pub(crate) fn environment(&self) -> Environment<'_> {
        Environment {
            config: &self.config,
            vm: &self.vm,
            chain_id: &self.genesis.chain_id,
            validators: &self.validators,
            protocol_version: self.genesis.protocol_version,
        }
    }

    /// A transaction names a block, so that it cannot be sent again when that block is long gone.
    fn check_age(&self, transaction: &SignedTransaction) -> Result<(), InvalidTxError> {
        let base = self
            .heights
            .get(transaction.transaction.block_hash())
            .ok_or(InvalidTxError::Expired)?;
        if self.head.height > base.saturating_add(self.genesis.transaction_validity_period) {
            return Err(InvalidTxError::Expired);
        }
        Ok(())
    }

    fn produce_block_at(&mut self, height: BlockHeight, jump: Duration) -> Arc<Block> {
        let prev = self.head.clone();
        self.skipped = self.skipped.saturating_add(jump);
        let context = BlockContext {
            height,
            timestamp: self.clock.next(prev.timestamp, jump, self.skipped),
            epoch_height: height / self.genesis.epoch_length,
            gas_price: prev.gas_price,
            random_seed: CryptoHash::hash_borsh((prev.random_seed, height)),
        };
        let transactions = in_nonce_order(std::mem::take(&mut self.pool));
        let arrived: Vec<_> = std::mem::take(&mut self.incoming).into_iter().collect();
        let mut delayed = std::mem::take(&mut self.delayed);
        let patches = std::mem::take(&mut self.patches);

        let state = BlockState::new(prev.state.clone());
        let mut runtime = Runtime::new(self.environment(), context, state);
        let local = convert_all(&mut runtime, &transactions);
        let limit = prev.gas_limit.as_gas();
        delayed.append(process_until_full(&mut runtime, local.into(), limit));
        let mut delayed = process_until_full(&mut runtime, delayed, limit);
        let arriving = arrived.iter().cloned().collect();
        delayed.append(process_until_full(&mut runtime, arriving, limit));
        runtime.expire_yields(limit);
        for record in &patches {
            patch::write(&mut runtime.state, record).expect("`patch_state` has checked the record");
        }
        let made = runtime.finish();

        let block = Arc::new(assemble(&prev, transactions, arrived, &made));
        for ExecutionOutcomeWithId { id, outcome } in made.outcomes {
            let (block_hash, block_height) = (block.hash, height);
            self.outcomes.insert(
                id,
                Arc::new(Outcome {
                    id,
                    block_hash,
                    block_height,
                    outcome,
                }),
            );
        }
        for receipt in made.emitted {
            self.receipts.insert(*receipt.receipt_id(), receipt);
        }
        self.incoming = made.outgoing.into_iter().collect();
        self.delayed = delayed;
        self.append(block.clone());
        block
    }

    fn append(&mut self, block: Arc<Block>) {
        self.blocks.insert(block.height, block.clone());
        self.heights.insert(block.hash, block.height);
        self.head = block;
        while self.blocks.len() > KEPT_BLOCKS {
            let Some((_, oldest)) = self.blocks.get_min() else {
                break;
            };
            let oldest = oldest.clone();
            self.forget(&oldest);
        }
    }

    fn forget(&mut self, block: &Block) {
        self.blocks.remove(&block.height);
        self.heights.remove(&block.hash);
        for transaction in &block.transactions {
            self.transactions.remove(transaction.hash());
        }
        for id in &block.outcomes {
            self.outcomes.remove(id);
        }
        for id in &block.emitted {
            self.receipts.remove(id);
        }
    }
}

fn first_block(genesis: &Genesis, config: &RuntimeConfig) -> Result<Block, GenesisError> {
    let state = genesis.state(&config.fees)?;
    let parameters = &genesis.config;
    let timestamp = parameters
        .genesis_time
        .timestamp_nanos_opt()
        .unwrap_or_default();
    let timestamp = u64::try_from(timestamp).unwrap_or_default();
    let empty = CryptoHash::default();
    let changes: Vec<_> = state.iter().map(|(key, value)| (key, &value[..])).collect();
    let state_root = CryptoHash::hash_borsh(changes);
    let random_seed = CryptoHash::hash_bytes(parameters.chain_id.as_bytes());
    Ok(Block {
        height: parameters.genesis_height,
        hash: CryptoHash::hash_borsh((
            random_seed,
            parameters.genesis_height,
            timestamp,
            state_root,
        )),
        prev_hash: empty,
        prev_height: None,
        timestamp,
        epoch_height: parameters.genesis_height / parameters.epoch_length,
        random_seed,
        gas_price: parameters.min_gas_price,
        gas_used: Gas::ZERO,
        gas_limit: parameters.gas_limit,
        total_supply: parameters.total_supply,
        transactions: Vec::new(),
        receipts: Vec::new(),
        outcomes: Vec::new(),
        state_root,
        state,
        emitted: Vec::new(),
    })
}

/// A block of what was made on top of `prev`.
fn assemble(
    prev: &Block,
    transactions: Vec<Arc<SignedTransaction>>,
    receipts: Vec<Arc<Receipt>>,
    made: &Made,
) -> Block {
    let context = &made.context;
    let state_root = state_root(prev, &made.state);
    let outcome_hashes: Vec<_> = made
        .outcomes
        .iter()
        .map(|outcome| outcome.to_hashes())
        .collect();
    let burnt = made
        .outcomes
        .iter()
        .map(|outcome| outcome.outcome.gas_burnt);
    Block {
        height: context.height,
        hash: CryptoHash::hash_borsh((
            prev.hash,
            context.height,
            context.timestamp,
            state_root,
            outcome_hashes,
        )),
        prev_hash: prev.hash,
        prev_height: Some(prev.height),
        timestamp: context.timestamp,
        epoch_height: context.epoch_height,
        random_seed: context.random_seed,
        gas_price: context.gas_price,
        gas_used: burnt.fold(Gas::ZERO, Gas::saturating_add),
        gas_limit: prev.gas_limit,
        total_supply: prev
            .total_supply
            .saturating_add(made.minted)
            .saturating_sub(made.destroyed),
        transactions,
        receipts,
        outcomes: made.outcomes.iter().map(|outcome| outcome.id).collect(),
        state_root,
        state: made.state.clone(),
        emitted: made
            .emitted
            .iter()
            .map(|receipt| *receipt.receipt_id())
            .collect(),
    }
}

/// The transactions in the order of their arrival, but each key's in the order of their nonces.
fn in_nonce_order(pool: Vector<Arc<SignedTransaction>>) -> Vec<Arc<SignedTransaction>> {
    let key = |signed: &SignedTransaction| {
        let transaction = &signed.transaction;
        (
            transaction.signer_id().clone(),
            transaction.public_key().to_string(),
        )
    };
    let mut by_key: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for signed in &pool {
        by_key.entry(key(signed)).or_default().push(signed.clone());
    }
    let mut sorted: BTreeMap<_, VecDeque<_>> = BTreeMap::new();
    for (key, mut signed) in by_key {
        signed.sort_by_key(|signed| signed.transaction.nonce().nonce());
        sorted.insert(key, signed.into());
    }
    pool.iter()
        .filter_map(|signed| sorted.get_mut(&key(signed))?.pop_front())
        .collect()
}

/// Converts transactions; receipts of a signer to itself are returned, to run in this block.
fn convert_all(
    runtime: &mut Runtime,
    transactions: &[Arc<SignedTransaction>],
) -> Vec<Arc<Receipt>> {
    let mut local = Vec::new();
    for signed in transactions {
        let Some(receipt) = runtime.convert(signed) else {
            continue;
        };
        if receipt.predecessor_id() == receipt.receiver_id() {
            local.push(receipt);
        } else {
            runtime.outgoing.push(receipt);
        }
    }
    local
}

/// Runs receipts in their order until the block is full; the rest is returned.
fn process_until_full(
    runtime: &mut Runtime,
    mut waiting: Vector<Arc<Receipt>>,
    limit: Compute,
) -> Vector<Arc<Receipt>> {
    while runtime.compute < limit {
        let Some(receipt) = waiting.pop_front() else {
            break;
        };
        runtime.process(&receipt);
    }
    waiting
}

/// The digest of a state, by the changes that led to it.
fn state_root(prev: &Block, state: &crate::state::State) -> CryptoHash {
    let changes: Vec<(&[u8], Option<&[u8]>)> = state
        .changes_since(&prev.state)
        .map(|(key, value)| (key, value.map(|value| &value[..])))
        .collect();
    CryptoHash::hash_borsh((prev.state_root, changes))
}
