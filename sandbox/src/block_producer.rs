//! The miner: one thread owns the chain, takes what the RPC brings, and makes a block whenever there
//! is work.
//!
//! What arrives while a block is made joins the next one. After each change the miner publishes a
//! snapshot of the chain: whoever wants to look takes it and never waits for the miner, and whoever
//! waits for something is woken by the next one. Nothing here polls.
//!
//! A chain at rest still makes an empty block once in a while ([`Pace::heartbeat`]): clients wait for
//! a height or for a timestamp to pass, contracts look at the clock in views, and a yielded promise
//! that no one resumes has to time out some day. Between two transactions sent one after the other no
//! such block falls, unless the client takes its time. `consensus.produce_empty_blocks: false` in
//! `config.json` stops the heartbeat.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use near_primitives::errors::InvalidTxError;
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::BlockHeightDelta;
use thiserror::Error;
use tokio::sync::{oneshot, watch};
use tracing::debug;

use chain::{Chain, TooHigh};
use chain::records::RecordError;

/// So many requests are taken in a row before a block is made although more are waiting.
const REQUESTS_PER_BLOCK: usize = 1_000;

/// Blocks without work follow each other no faster than this, so that what became of a transaction is not
/// forgotten before anyone can ask.
const FASTEST_HEARTBEAT: Duration = Duration::from_millis(10);

/// When blocks are made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    /// The shortest time between two blocks.
    pub min_delay: Duration,
    /// The time after which a block is made although there is no work, `None` for never.
    pub heartbeat: Option<Duration>,
}

/// The miner's thread has ended, which it only does when it panicked.
#[derive(Debug, Error)]
#[error("the block producer has stopped; its log says why")]
pub struct Stopped;

/// The way to the miner. Clones lead to the same one; it ends when the last is gone.
#[derive(Clone)]
pub struct Miner {
    requests: Sender<Request>,
    chain: watch::Receiver<Chain>,
    pace: Pace,
}

enum Request {
    Submit(
        Box<SignedTransaction>,
        oneshot::Sender<Result<CryptoHash, InvalidTxError>>,
    ),
    Patch(Vec<StateRecord>, oneshot::Sender<Result<(), RecordError>>),
    FastForward(BlockHeightDelta, oneshot::Sender<Result<(), TooHigh>>),
}

impl Miner {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub fn start(chain: Chain, pace: Pace) -> std::io::Result<Self> {
        let (requests, incoming) = channel();
        let (publisher, published) = watch::channel(chain.clone());
        let worker = Worker {
            chain,
            pace,
            incoming,
            publisher,
            last_block: Instant::now(),
            patches: Vec::new(),
        };
        thread::Builder::new()
            .name("miner".to_owned())
            .spawn(move || worker.run())?;
        Ok(Self {
            requests,
            chain: published,
            pace,
        })
    }

    /// The chain as it is now: a snapshot, nobody waits for whoever looks at it.
    pub fn chain(&self) -> Chain {
        self.chain.borrow().clone()
    }

    /// Whether blocks follow each other as fast as there is work, so that waiting for a transaction
    /// to finish takes no time worth speaking of.
    pub fn is_immediate(&self) -> bool {
        self.pace.min_delay.is_zero()
    }

    /// Brings a transaction to the chain, which accepts or refuses it.
    ///
    /// # Errors
    /// The miner is gone.
    pub async fn submit(
        &self,
        transaction: SignedTransaction,
    ) -> Result<Result<CryptoHash, InvalidTxError>, Stopped> {
        self.ask(|reply| Request::Submit(Box::new(transaction), reply))
            .await
    }

    /// Changes the state by force, and returns when the change is in a block.
    ///
    /// # Errors
    /// The miner is gone.
    pub async fn patch_state(
        &self,
        records: Vec<StateRecord>,
    ) -> Result<Result<(), RecordError>, Stopped> {
        self.ask(|reply| Request::Patch(records, reply)).await
    }

    /// Moves the head `delta` heights ahead.
    ///
    /// # Errors
    /// The miner is gone.
    pub async fn fast_forward(
        &self,
        delta: BlockHeightDelta,
    ) -> Result<Result<(), TooHigh>, Stopped> {
        self.ask(|reply| Request::FastForward(delta, reply)).await
    }

    /// Looks at the chain, now and after each change, until `look` has found what it looks for.
    ///
    /// # Errors
    /// The miner is gone.
    pub async fn wait_for<T>(
        &self,
        mut look: impl FnMut(&Chain) -> Option<T>,
    ) -> Result<T, Stopped> {
        let mut snapshots = self.chain.clone();
        loop {
            let chain = snapshots.borrow_and_update().clone();
            if let Some(found) = look(&chain) {
                return Ok(found);
            }
            snapshots.changed().await.map_err(|_| Stopped)?;
        }
    }

    /// Returns when the miner is gone.
    pub async fn stopped(&self) -> Stopped {
        let mut snapshots = self.chain.clone();
        while snapshots.changed().await.is_ok() {}
        Stopped
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<T>) -> Request,
    ) -> Result<T, Stopped> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).map_err(|_| Stopped)?;
        answer.await.map_err(|_| Stopped)
    }
}

/// The miner's side.
struct Worker {
    chain: Chain,
    pace: Pace,
    incoming: Receiver<Request>,
    publisher: watch::Sender<Chain>,
    last_block: Instant,
    /// Who waits for a block with a patch in it.
    patches: Vec<oneshot::Sender<Result<(), RecordError>>>,
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
                self.make_block();
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

    /// When the next block is due, `None` where nothing asks for one.
    fn due(&self) -> Option<Instant> {
        let delay = if self.chain.is_idle() {
            let heartbeat = self.pace.heartbeat?.max(FASTEST_HEARTBEAT);
            heartbeat.max(self.pace.min_delay)
        } else {
            self.pace.min_delay
        };
        self.last_block.checked_add(delay)
    }

    // A reply that cannot be sent belongs to a client that has left.
    fn serve(&mut self, request: Request) {
        match request {
            Request::Submit(transaction, reply) => {
                let accepted = self.chain.submit(*transaction);
                self.publish();
                let _ = reply.send(accepted);
            }
            Request::Patch(records, reply) => match self.chain.patch_state(records) {
                Ok(()) => self.patches.push(reply),
                Err(error) => {
                    let _ = reply.send(Err(error));
                }
            },
            Request::FastForward(delta, reply) => {
                // A patch belongs into the next block, not at the far end.
                if !self.patches.is_empty() {
                    self.make_block();
                }
                let jumped = self.chain.fast_forward(delta).map(|_| ());
                if jumped.is_ok() {
                    self.block_made();
                }
                let _ = reply.send(jumped);
            }
        }
    }

    fn make_block(&mut self) {
        self.chain.produce_block();
        self.block_made();
        for reply in self.patches.drain(..) {
            let _ = reply.send(Ok(()));
        }
    }

    fn block_made(&mut self) {
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
