//! The block producer: a thread that owns the chain, takes requests, and produces blocks.
//!
//! Requests that arrive while a block is produced join the next one. After each change the thread
//! publishes a snapshot of the chain. Readers use the latest snapshot and never wait for the thread.
//! A reader that waits for an event is woken by each new snapshot; nothing polls.
//!
//! A chain without work produces an empty block after [`BlockTiming::max_delay`], because clients wait for
//! heights and times, contracts read the time in views, and yields must time out. While a yield waits, it does
//! so after [`YIELD_BLOCK_DELAY`]: the time-out is counted in blocks. The setting
//! `consensus.produce_empty_blocks: false` in `config.json` stops both.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use chain::records::RecordError;
use chain::{Chain, FastForwardError};
use near_primitives::errors::InvalidTxError;
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::BlockHeightDelta;
use thiserror::Error;
use tokio::sync::{oneshot, watch};
use tracing::debug;

use crate::deploys::{self, Deploys};

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

/// The error of requests after the thread has ended. It ends only by a panic.
#[derive(Debug, Error)]
#[error("the block producer has stopped; its log says why")]
pub struct Stopped;

/// A handle of the block producer. Clones share one thread, which ends when the last handle is dropped.
#[derive(Clone)]
pub struct BlockProducer {
    requests: Sender<Request>,
    chain: watch::Receiver<Chain>,
    timing: BlockTiming,
    deploys: Arc<Deploys>,
}

enum Request {
    Submit(
        Box<SignedTransaction>,
        oneshot::Sender<Result<CryptoHash, InvalidTxError>>,
    ),
    Patch(Vec<StateRecord>, oneshot::Sender<Result<(), RecordError>>),
    FastForward(
        BlockHeightDelta,
        oneshot::Sender<Result<(), FastForwardError>>,
    ),
}

impl BlockProducer {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system cannot create a thread.
    pub fn start(chain: Chain, timing: BlockTiming) -> std::io::Result<Self> {
        let (requests, incoming) = channel();
        let (publisher, published) = watch::channel(chain.clone());
        let worker = Worker {
            chain,
            timing,
            incoming,
            publisher,
            last_block: Instant::now(),
            pending_patches: Vec::new(),
        };
        thread::Builder::new()
            .name("block-producer".to_owned())
            .spawn(move || worker.run())?;
        Ok(Self {
            requests,
            chain: published,
            timing,
            deploys: Arc::default(),
        })
    }

    /// Returns the latest snapshot of the chain.
    pub fn chain(&self) -> Chain {
        self.chain.borrow().clone()
    }

    /// Returns `true` if blocks are produced without delay, so that a transaction finishes quickly.
    pub fn is_immediate(&self) -> bool {
        self.timing.min_delay.is_zero()
    }

    /// Submits a transaction, which the chain accepts or refuses. A contract that it deploys is compiled before.
    ///
    /// # Errors
    /// The thread has ended.
    pub async fn submit(
        &self,
        transaction: SignedTransaction,
    ) -> Result<Result<CryptoHash, InvalidTxError>, Stopped> {
        let _turn = self.deploys.turn(self.chain(), &transaction).await;
        self.ask(|reply| Request::Submit(Box::new(transaction), reply))
            .await
    }

    /// Patches the state, and returns when the records are in a block.
    ///
    /// # Errors
    /// The thread has ended.
    pub async fn patch_state(
        &self,
        records: Vec<StateRecord>,
    ) -> Result<Result<(), RecordError>, Stopped> {
        deploys::compile_records(self.chain(), &records).await;
        self.ask(|reply| Request::Patch(records, reply)).await
    }

    /// Produces a block `delta` heights above the head.
    ///
    /// # Errors
    /// The thread has ended.
    pub async fn fast_forward(
        &self,
        delta: BlockHeightDelta,
    ) -> Result<Result<(), FastForwardError>, Stopped> {
        self.ask(|reply| Request::FastForward(delta, reply)).await
    }

    /// Calls `find` with the current snapshot and with each new one, until it returns a value.
    ///
    /// # Errors
    /// The thread has ended.
    pub async fn wait_for<T>(
        &self,
        mut find: impl FnMut(&Chain) -> Option<T>,
    ) -> Result<T, Stopped> {
        let mut snapshots = self.chain.clone();
        loop {
            let chain = snapshots.borrow_and_update().clone();
            if let Some(found) = find(&chain) {
                return Ok(found);
            }
            snapshots.changed().await.map_err(|_| Stopped)?;
        }
    }

    /// Returns when the thread has ended.
    pub async fn stopped(&self) -> Stopped {
        let mut snapshots = self.chain.clone();
        while snapshots.changed().await.is_ok() {}
        Stopped
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<T>) -> Request,
    ) -> Result<T, Stopped> {
        let (reply, response) = oneshot::channel();
        self.requests.send(request(reply)).map_err(|_| Stopped)?;
        response.await.map_err(|_| Stopped)
    }
}

/// The state of the thread.
struct Worker {
    chain: Chain,
    timing: BlockTiming,
    incoming: Receiver<Request>,
    publisher: watch::Sender<Chain>,
    last_block: Instant,
    /// The replies to requests whose patches are in no block yet.
    pending_patches: Vec<oneshot::Sender<Result<(), RecordError>>>,
}

impl Worker {
    fn run(mut self) {
        loop {
            let mut taken = 0;
            while taken < REQUESTS_PER_BLOCK {
                match self.next_request() {
                    Ok(request) => self.serve(request),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                taken += 1;
            }
            if self.due().is_some_and(|due| due <= Instant::now()) {
                self.produce_block();
            }
        }
    }

    /// Waits for a request, but not longer than until the next block is due.
    fn next_request(&self) -> Result<Request, RecvTimeoutError> {
        match self.due() {
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
    fn due(&self) -> Option<Instant> {
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
            Request::Submit(transaction, reply) => {
                let accepted = self.chain.submit(*transaction);
                self.publish();
                let _ = reply.send(accepted);
            }
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
        self.publish();
    }

    fn publish(&self) {
        self.publisher.send_replace(self.chain.clone());
    }
}
