//! The thread of the block producer.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use chain::records::RecordError;
use chain::{Chain, FastForwardError};
use near_primitives::errors::InvalidTxError;
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::{BlockHeightDelta, Nonce};
use tokio::sync::{oneshot, watch};
use tracing::debug;

use super::early::{EarlyTransactions, SignerKey, signer_key};

/// The number of requests that are taken before a block is produced although more are waiting.
const REQUESTS_PER_BLOCK: usize = 1_000;

/// The shortest time between two empty blocks. The chain keeps a limited number of blocks, and clients
/// need time to read an outcome.
const MIN_EMPTY_BLOCK_DELAY: Duration = Duration::from_millis(10);

/// The longest time between two blocks while a yield waits: neard's shortest after `init --fast`
/// (`FAST_MIN_BLOCK_PRODUCTION_DELAY` in nearcore's `nearcore/src/config.rs`). The time-out of 200 blocks
/// comes after 24 s, and a client has that long to resume.
const YIELD_BLOCK_DELAY: Duration = Duration::from_millis(120);

/// The times between blocks.
#[derive(Debug, Clone, Copy, Default)]
pub struct BlockTiming {
    /// The shortest time between two blocks.
    pub min_delay: Duration,
    /// The time after which an empty block is produced, `None` for never.
    pub max_delay: Option<Duration>,
}

/// The reply to a client that has sent a transaction, when a block has taken it.
pub type Taken = oneshot::Sender<Result<(), InvalidTxError>>;

/// A request to the thread, with the sender of its reply.
pub enum Request {
    /// A transaction. Without a sender, nobody waits for a reply.
    Submit(Box<SignedTransaction>, Option<Taken>),
    /// Records for the state.
    Patch(Vec<StateRecord>, oneshot::Sender<Result<(), RecordError>>),
    /// A number of heights to skip.
    FastForward(
        BlockHeightDelta,
        oneshot::Sender<Result<(), FastForwardError>>,
    ),
}

/// The state of the thread.
pub struct Worker {
    chain: Chain,
    timing: BlockTiming,
    incoming: Receiver<Request>,
    publisher: watch::Sender<Chain>,
    last_block: Instant,
    /// The transactions that are not in the pool yet.
    early: EarlyTransactions,
    /// The nonces of keys up to which all transactions are in the pool or refused, where the state does not tell.
    answered_nonces: HashMap<SignerKey, Nonce>,
    /// The replies to clients whose transactions are in no block yet.
    pending_transactions: HashMap<CryptoHash, Vec<Taken>>,
    /// The replies to requests whose patches are in no block yet.
    pending_patches: Vec<oneshot::Sender<Result<(), RecordError>>>,
}

impl Worker {
    /// Creates the state for a chain.
    pub fn new(
        chain: Chain,
        timing: BlockTiming,
        incoming: Receiver<Request>,
        publisher: watch::Sender<Chain>,
    ) -> Self {
        Self {
            chain,
            timing,
            incoming,
            publisher,
            last_block: Instant::now(),
            early: EarlyTransactions::default(),
            answered_nonces: HashMap::new(),
            pending_transactions: HashMap::new(),
            pending_patches: Vec::new(),
        }
    }

    /// Handles requests and produces blocks until no handle is left.
    pub fn run(mut self) {
        loop {
            let mut taken = 0;
            while taken < REQUESTS_PER_BLOCK {
                match self.next_request() {
                    Ok(request) => self.serve(request),
                    // No request waits, so no gap is about to be filled.
                    Err(RecvTimeoutError::Timeout) => {
                        for transaction in self.early.take_due(Instant::now()) {
                            self.add_to_pool(transaction);
                        }
                        break;
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                taken += 1;
            }
            if self.block_due().is_some_and(|due| due <= Instant::now()) {
                self.produce_block();
            }
        }
    }

    /// Waits for a request, but not longer than until the next block or an early transaction is due.
    fn next_request(&self) -> Result<Request, RecvTimeoutError> {
        match self.block_due().into_iter().chain(self.early.due()).min() {
            Some(due) => self
                .incoming
                .recv_timeout(due.saturating_duration_since(Instant::now())),
            None => self
                .incoming
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// Returns the time of the next block, `None` if no block is due.
    fn block_due(&self) -> Option<Instant> {
        let delay = if self.chain.is_idle() {
            let mut delay = self.timing.max_delay?;
            if self.chain.has_pending_yield() {
                delay = delay.min(YIELD_BLOCK_DELAY);
            }
            delay.max(MIN_EMPTY_BLOCK_DELAY).max(self.timing.min_delay)
        } else {
            self.timing.min_delay
        };
        self.last_block.checked_add(delay)
    }

    /// Handles a request. A reply is lost if the client has gone.
    fn serve(&mut self, request: Request) {
        match request {
            Request::Submit(transaction, reply) => self.submit(*transaction, reply),
            Request::Patch(records, reply) => match self.chain.patch_state(records) {
                Ok(()) => self.pending_patches.push(reply),
                Err(error) => {
                    let _ = reply.send(Err(error));
                }
            },
            Request::FastForward(delta, reply) => {
                // A pending patch belongs into the next block, not into the one after the jump.
                if !self.pending_patches.is_empty() {
                    self.produce_block();
                }
                let forwarded = self.chain.fast_forward(delta).map(|_| ());
                if forwarded.is_ok() {
                    self.block_produced();
                }
                let _ = reply.send(forwarded);
            }
        }
    }

    /// Handles a transaction: it is known, or it waits for lower nonces, or it joins the pool.
    fn submit(&mut self, transaction: SignedTransaction, reply: Option<Taken>) {
        let hash = transaction.get_hash();
        if self.chain.outcome(&hash).is_some() {
            if let Some(reply) = reply {
                let _ = reply.send(Ok(()));
            }
            return;
        }
        let replies = self.pending_transactions.entry(hash).or_default();
        replies.extend(reply);
        if self.chain.is_pending(&hash) || self.early.contains(&hash) {
            return;
        }
        if !self.has_gap(&transaction) {
            self.add_to_pool(transaction);
        } else if let Err(error) = self.chain.check(&transaction) {
            self.answer(&hash, Err(error));
        } else {
            self.early.add(transaction, Instant::now());
        }
    }

    /// Returns `true` if no transaction has come for a nonce between the key's and the transaction's. A nonce of
    /// a gas key is none of the key's own.
    fn has_gap(&self, transaction: &SignedTransaction) -> bool {
        let nonce = transaction.transaction.nonce();
        if nonce.nonce_index().is_some() {
            return false;
        }
        let key = signer_key(transaction);
        let Some(used) = used_nonce(&self.chain, &key) else {
            return false;
        };
        let answered = self.answered_nonces.get(&key).copied();
        nonce.nonce() > used.max(answered.unwrap_or_default()).saturating_add(1)
    }

    /// Submits a transaction to the chain, and those that have waited for it.
    fn add_to_pool(&mut self, transaction: SignedTransaction) {
        let mut transactions = vec![transaction];
        while let Some(transaction) = transactions.pop() {
            let (hash, key) = (transaction.get_hash(), signer_key(&transaction));
            let nonce = transaction.transaction.nonce().nonce();
            let has_gap = self.has_gap(&transaction);
            if let Err(error) = self.chain.submit(transaction) {
                self.answer(&hash, Err(error));
                if has_gap {
                    continue;
                }
            }
            // The client of a refused transaction goes on with the next nonce.
            let answered = self.answered_nonces.entry(key.clone()).or_default();
            *answered = nonce.max(*answered);
            transactions.extend(self.early.take_after(&key, *answered));
        }
    }

    /// Answers the clients that wait for a transaction.
    fn answer(&mut self, hash: &CryptoHash, taken: Result<(), InvalidTxError>) {
        if let Err(error) = &taken {
            debug!(%hash, %error, "a transaction is not valid");
        }
        for reply in self.pending_transactions.remove(hash).unwrap_or_default() {
            let _ = reply.send(taken.clone());
        }
    }

    fn produce_block(&mut self) {
        self.chain.produce_block();
        self.block_produced();
        for reply in self.pending_patches.drain(..) {
            let _ = reply.send(Ok(()));
        }
    }

    fn block_produced(&mut self) {
        self.last_block = Instant::now();
        let block = self.chain.head();
        debug!(
            height = block.height,
            hash = %block.hash,
            transactions = block.transactions.len(),
            receipts = block.receipts.len(),
            "block"
        );
        self.publisher.send_replace(self.chain.clone());
        self.answered_nonces
            .retain(|key, nonce| used_nonce(&self.chain, key).is_some_and(|used| used < *nonce));
        let block = self.chain.head().clone();
        for transaction in &block.transactions {
            self.answer(transaction.hash(), Ok(()));
        }
        for (transaction, error) in self.chain.clone().invalid_transactions() {
            self.answer(transaction.hash(), Err(error.clone()));
        }
    }
}

/// Returns the nonce of a key.
fn used_nonce(chain: &Chain, (account_id, public_key): &SignerKey) -> Option<Nonce> {
    let access_key = chain.head().state.access_key(account_id, public_key)?;
    Some(access_key.nonce)
}
