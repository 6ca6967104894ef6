//! The block producer: a thread that owns the chain, takes requests, and produces blocks.
//!
//! Requests that arrive while a block is produced join the next one. After each block the thread
//! publishes a snapshot of the chain. Readers use the latest snapshot and never wait for the thread.
//! A reader that waits for an event is woken by each new snapshot; nothing polls.
//!
//! A transaction that is not valid is refused when it arrives, as by a node's RPC, or left out of the block if
//! those before it there make it invalid, as by the producer of a chunk. Its client gets the reason in both cases.
//!
//! A chain without work produces an empty block after [`BlockTiming::max_delay`], because clients wait for
//! heights and times, contracts read the time in views, and yields must time out. While a yield waits, it does
//! so more often: the time-out is counted in blocks. The setting
//! `consensus.produce_empty_blocks: false` in `config.json` stops both.

mod early;
mod worker;

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use chain::records::RecordError;
use chain::{Chain, FastForwardError};
use near_primitives::errors::InvalidTxError;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::BlockHeightDelta;
use thiserror::Error;
use tokio::sync::{oneshot, watch};

pub use self::worker::BlockTiming;
use self::worker::{Request, Worker};
use crate::deploys::{self, Deploys};

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

impl BlockProducer {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system cannot create a thread.
    pub fn start(chain: Chain, timing: BlockTiming) -> std::io::Result<Self> {
        let (requests, incoming) = channel();
        let (publisher, published) = watch::channel(chain.clone());
        let worker = Worker::new(chain, timing, incoming, publisher);
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

    /// Submits a transaction, and returns when a block has taken it, or with the reason why none does. One that
    /// is known is not taken again. A contract that it deploys is compiled before.
    ///
    /// # Errors
    /// The thread has ended.
    pub async fn submit(
        &self,
        transaction: SignedTransaction,
    ) -> Result<Result<(), InvalidTxError>, Stopped> {
        let turn = self.deploys.turn(self.chain(), &transaction).await;
        let (reply, taken) = oneshot::channel();
        let request = Request::Submit(Box::new(transaction), Some(reply));
        self.requests.send(request).map_err(|_| Stopped)?;
        drop(turn);
        taken.await.map_err(|_| Stopped)
    }

    /// Submits a transaction without waiting for anything. It is lost if the thread has ended.
    pub fn submit_async(&self, transaction: SignedTransaction) {
        let producer = self.clone();
        tokio::spawn(async move {
            let turn = producer.deploys.turn(producer.chain(), &transaction).await;
            let request = Request::Submit(Box::new(transaction), None);
            let sent = producer.requests.send(request);
            drop(turn);
            if sent.is_err() {
                tracing::error!("{Stopped}");
            }
        });
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
