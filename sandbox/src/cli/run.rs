//! `run`: starts a node from a home folder and serves its RPC.

use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use chain::{Chain, Clock};
use tokio::signal;
use tracing::{info, warn};

use super::arguments::Run;
use super::listen::{self, EarlyListener};
use super::{cache, logs, parent};
use crate::block_producer::{BlockProducer, BlockTiming};
use crate::home::{Config, Home, HomeLock, read_config};
use crate::rpc::{self, Node, VIEW_THREADS};

/// The number of threads that serve requests. Blocks and views run on other threads.
const REQUEST_THREADS: usize = 2;
/// The number of threads for slow work other than views.
const BACKGROUND_THREADS: usize = 16;

/// Runs the node.
pub fn run(
    home: &Path,
    options: Run,
    parent: u32,
    early: Option<EarlyListener>,
) -> anyhow::Result<()> {
    let started = Instant::now();
    let parent = (!options.outlive_parent).then_some(parent);
    let lock = HomeLock::take(home)?;
    let address = match options.rpc_addr {
        Some(address) => address,
        None => read_config(home)?.rpc.addr,
    };
    let listener = listen::on(&address, early)?;
    // The port 0 stands for any free one.
    let address = listener.local_addr()?.to_string();
    logs::start(home);
    tell_about(home, &lock);
    let threads = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(REQUEST_THREADS)
        .max_blocking_threads(VIEW_THREADS + BACKGROUND_THREADS)
        .enable_all()
        .build()
        .context("cannot start the threads of the node")?;
    let node = load(home, address, started)?;
    let result = threads.block_on(serve(listener, node, parent));
    // Nobody waits for the views that still run.
    threads.shutdown_background();
    result
}

/// Logs anything about the home that a user may not expect.
fn tell_about(home: &Path, lock: &HomeLock) {
    let home = home.display();
    if lock.used_before {
        warn!(
            %home,
            "a chain ran in this home before, and no block of it is kept: the chain starts again from genesis.json"
        );
    }
    if let Some(error) = &lock.problem {
        warn!(%home, %error, "the home cannot be locked: run no other sandbox in it");
    }
}

/// Creates the node from the files of its home folder.
fn load(home: &Path, address: String, started: Instant) -> anyhow::Result<Node> {
    let Home {
        config,
        genesis,
        validator_key,
        node_key,
    } = Home::load(home)?;
    let cors = rpc::cors_layer(&config.rpc.cors_allowed_origins)?;
    let vm = cache::open(home)?;
    let chain = Chain::new(genesis, Clock::System, vm)
        .context("no chain can start from genesis.json; correct it")?;
    let genesis_hash = chain.head().hash;
    info!(
        chain_id = chain.genesis().chain_id,
        %genesis_hash,
        address,
        milliseconds = started.elapsed().as_millis(),
        "the chain is ready"
    );
    Ok(Node {
        block_producer: BlockProducer::start(chain, block_timing(&config))
            .context("cannot start the block producer")?,
        config,
        cors,
        validator: (validator_key.account_id, validator_key.public_key),
        node_key: node_key.public_key,
        genesis_hash,
        address,
        started,
    })
}

fn block_timing(config: &Config) -> BlockTiming {
    let consensus = &config.consensus;
    BlockTiming {
        min_delay: consensus.min_block_production_delay.unwrap_or_default(),
        max_delay: consensus
            .produce_empty_blocks
            .then_some(consensus.max_block_production_delay),
    }
}

/// Serves RPC until the process gets a signal, its parent ends, or the node fails.
async fn serve(listener: TcpListener, node: Node, parent: Option<u32>) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let block_producer = node.block_producer.clone();
    let interruption = interruption()?;
    tokio::select! {
        result = rpc::serve(listener, node) => Ok(result?),
        stopped = block_producer.stopped() => Err(stopped.into()),
        _ = interruption => {
            info!("stopped by a signal");
            Ok(())
        }
        () = orphaned(parent) => {
            info!("the parent process has ended");
            Ok(())
        }
    }
}

/// Returns when the parent has ended.
async fn orphaned(parent: Option<u32>) {
    match parent {
        Some(parent) => parent::gone(parent).await,
        None => std::future::pending().await,
    }
}

/// Returns a future that is ready when the process gets a signal to end. Signals count from this call on.
#[cfg(unix)]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Returns a future that is ready when the process gets a signal to end.
#[cfg(not(unix))]
fn interruption() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(signal::ctrl_c())
}
