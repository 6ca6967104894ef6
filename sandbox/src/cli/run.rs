//! `run`: from a home folder to a node that answers.

use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tokio::signal;
use tracing::info;

use super::listen::{self, Early};
use super::{Failure, Run, cache, logs, parent};
use chain::Chain;
use chain::Clock;
use crate::home::{Config, Home, read_config};
use crate::miner::{Miner, Pace};
use crate::rpc::{Node, server};

/// Threads that carry requests; blocks and views run on others.
const REQUEST_THREADS: usize = 2;
/// Threads for views and for what else takes its time.
const BACKGROUND_THREADS: usize = 16;

/// Runs the node.
pub fn run(home: PathBuf, options: Run, parent: u32, early: Option<Early>) -> Result<(), Failure> {
    let started = Instant::now();
    let parent = (!options.outlive_parent).then_some(parent);
    let address = match options.rpc_addr {
        Some(address) => address,
        None => read_config(&home)?.rpc.addr,
    };
    let listener = listen::on(&address, early)?;
    logs::start(&home);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(REQUEST_THREADS)
        .max_blocking_threads(BACKGROUND_THREADS)
        .enable_all()
        .build()?;
    let node = load(&home, address, started)?;
    let result = runtime.block_on(serve(listener, node, parent));
    // Views that still run are nobody's business any more.
    runtime.shutdown_background();
    result
}

fn load(home: &Path, address: String, started: Instant) -> Result<Node, Failure> {
    let Home {
        config,
        genesis,
        validator_key,
        node_key,
    } = Home::load(home)?;
    let chain = Chain::new(genesis, Clock::System, cache::open(home)?)?;
    let genesis_hash = chain.head().hash;
    info!(
        chain_id = chain.genesis().chain_id,
        %genesis_hash,
        address,
        milliseconds = started.elapsed().as_millis(),
        "the chain is ready"
    );
    Ok(Node {
        miner: Miner::start(chain, pace(&config))?,
        config,
        validator: (validator_key.account_id, validator_key.public_key),
        node_key: node_key.public_key,
        genesis_hash,
        address,
        started,
    })
}

fn pace(config: &Config) -> Pace {
    let consensus = &config.consensus;
    Pace {
        min_delay: consensus.min_block_production_delay.unwrap_or_default(),
        heartbeat: consensus
            .produce_empty_blocks
            .then_some(consensus.max_block_production_delay),
    }
}

/// Serves until something ends it.
async fn serve(listener: TcpListener, node: Node, parent: Option<u32>) -> Result<(), Failure> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let miner = node.miner.clone();
    let interruption = interruption()?;
    tokio::select! {
        result = server::serve(listener, node) => Ok(result?),
        stopped = miner.stopped() => Err(stopped.into()),
        _ = interruption => {
            info!("told to stop");
            Ok(())
        }
        () = orphaned(parent) => {
            info!("the parent process is gone");
            Ok(())
        }
    }
}

async fn orphaned(parent: Option<u32>) {
    match parent {
        Some(parent) => parent::gone(parent).await,
        None => std::future::pending().await,
    }
}

/// Returns when the process is asked to end. It may be asked from now on, and not only when someone waits.
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

/// Returns when the process is asked to end.
#[cfg(not(unix))]
fn interruption() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(signal::ctrl_c())
}
