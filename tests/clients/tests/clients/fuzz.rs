//! Fuzz tests of the sandbox: many invalid requests and transactions over several connections at once. Each
//! gets a response in time, nothing panics, memory does not grow, and the sandbox keeps working.
//!
//! The requests follow from a fixed seed, and from the responses of the chain during the setup (hashes differ
//! from run to run). A failure shows the seed and the whole request.

mod bytes;
pub mod corpus;
mod json_values;
mod responses;
mod transactions;

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use corpus::Corpus;
use futures::future::try_join_all;
use near_primitives::hash::CryptoHash;
use near_primitives::serialize::to_base64;
use near_primitives::types::{Balance, Nonce};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sandbox_clients::{Key, Node, Rpc, fixture_wasm};
use serde_json::{Value, json};

use crate::heavy;

const SEED: u64 = 0x05ee_d0f0_c11e_4775;
/// The number of connections.
const WORKERS: u64 = 8;

const ROUNDS: u64 = 20;
/// The largest number of transactions that an account signs.
const LIFE: u64 = 25;

/// Returns the number of requests. A tenth of it is the number of transactions. `.cargo/config.toml` has the
/// usual number.
fn requests() -> anyhow::Result<u64> {
    let requested = std::env::var("FUZZ_REQUESTS").context("FUZZ_REQUESTS is not set")?;
    requested
        .parse()
        .with_context(|| format!("FUZZ_REQUESTS={requested}"))
}

/// The memory that a sandbox may add in the second half of the rounds, in bytes. The first half has filled the
/// window of blocks that the sandbox keeps.
const GROWTH: u64 = 32 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fuzzed_request_gets_a_valid_response() -> anyhow::Result<()> {
    let _alone = heavy::alone().await;
    let node = impatient_node()?;
    let mut memory = Vec::new();
    for round in 0..ROUNDS {
        let corpus = Arc::new(Corpus::new(&node, round).await?);
        corpus.check_responses(&node.rpc()).await?;
        let workers = (0..WORKERS).map(|worker| {
            let (rpc, corpus) = (node.rpc(), corpus.clone());
            tokio::spawn(async move { send_requests(&rpc, &corpus, seed(round, worker)).await })
        });
        for worker in try_join_all(workers).await? {
            worker?;
        }
        memory.extend(node.memory()?);
    }
    ensure_steady(&memory)?;
    ensure_no_panic(&node)
}

/// Starts a node that waits a short time for transactions that nobody has sent.
fn impatient_node() -> anyhow::Result<Node> {
    const POLLING_TIMEOUT: Duration = Duration::from_millis(100);

    let home = Node::init()?;
    let path = home.path().join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path)?)?;
    config["rpc"]["polling_config"]["polling_timeout"] = serde_json::to_value(POLLING_TIMEOUT)?;
    fs::write(path, config.to_string())?;
    Node::run(home)
}

async fn send_requests(rpc: &Rpc, corpus: &Corpus, seed: u64) -> anyhow::Result<()> {
    let mut random = StdRng::seed_from_u64(seed);
    for number in 0..requests()? / ROUNDS / WORKERS {
        let body = match random.gen_range(0..10) {
            0..7 => json_values::mutated(&mut random, corpus)
                .to_string()
                .into_bytes(),
            _ => {
                let request = corpus.pick(&mut random).to_string();
                bytes::mutated(&mut random, request.into_bytes())
            }
        };
        let context = || {
            let sent = String::from_utf8_lossy(&body);
            format!("seed {seed:#x}, request {number}: {sent}")
        };
        let response = rpc.post(body.clone()).await.with_context(context)?;
        responses::check(&body, &response).with_context(context)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fuzzed_transaction_gets_a_valid_response() -> anyhow::Result<()> {
    let _alone = heavy::alone().await;
    let node = impatient_node()?;
    let (rpc, root) = (node.rpc(), node.root()?);
    let mut memory = Vec::new();
    for round in 0..ROUNDS {
        let mut workers = Vec::new();
        for worker in 0..WORKERS {
            let name = format!("worker{round}-{worker}.test.near");
            let balance = Balance::from_near(100_000);
            let parent = root.create_account(&rpc, &name, balance, vec![]).await?;
            let rpc = node.rpc();
            workers.push(tokio::spawn(async move {
                send_transactions(&rpc, &parent, seed(round, worker)).await
            }));
        }
        for worker in try_join_all(workers).await? {
            worker?;
        }
        memory.extend(node.memory()?);
    }
    Corpus::new(&node, 0).await?.check_responses(&rpc).await?;
    ensure_steady(&memory)?;
    ensure_no_panic(&node)
}

async fn send_transactions(rpc: &Rpc, parent: &Key, seed: u64) -> anyhow::Result<()> {
    let mut random = StdRng::seed_from_u64(seed);
    let (wasm, keys) = (fixture_wasm("greet")?, transactions::keys());
    let mut signer = None;
    for number in 0..requests()? / 10 / ROUNDS / WORKERS {
        let (key, nonce, block_hash) = live_account(rpc, parent, signer.take(), number).await?;
        let signing = transactions::Signing {
            key: &key,
            nonce,
            block_hash,
            keys: &keys,
            wasm: &wasm,
        };
        let signed = transactions::transaction(&mut random, &signing)?;
        let sent = if random.gen_bool(0.4) {
            bytes::mutated(&mut random, signed.clone())
        } else {
            signed.clone()
        };
        let body = request(&mut random, &sent).to_string().into_bytes();
        let context = || {
            let body = String::from_utf8_lossy(&body);
            format!("seed {seed:#x}, transaction {number}: {body}")
        };
        let response = rpc.post(body.clone()).await.with_context(context)?;
        let is_result = responses::check(&body, &response).with_context(context)?;
        // A method that does not wait also returns a result for a transaction that is not valid.
        let is_executed = is_result && has_outcome(&response.body).with_context(context)?;
        ensure!(
            sent == signed || !is_executed,
            "the sandbox executed a transaction that changed after it was signed: {}",
            context()
        );
        signer = Some(key);
    }
    Ok(())
}

/// Returns `true` if a result has the outcome of a transaction.
fn has_outcome(response: &[u8]) -> anyhow::Result<bool> {
    let response: Value = serde_json::from_slice(response)?;
    Ok(response["result"].get("transaction_outcome").is_some())
}

/// Returns an account with its nonce and a recent block. The account stays the same while it still has its key,
/// but not for ever, because it runs out of tokens.
async fn live_account(
    rpc: &Rpc,
    parent: &Key,
    key: Option<Key>,
    number: u64,
) -> anyhow::Result<(Key, Nonce, CryptoHash)> {
    if let Some(key) = key.filter(|_| !number.is_multiple_of(LIFE))
        && let Ok((nonce, block_hash)) = key.nonce(rpc).await
    {
        return Ok((key, nonce, block_hash));
    }
    let name = format!("signer{number}.{}", parent.account());
    let key = parent
        .create_account(rpc, &name, Balance::from_near(100), vec![])
        .await?;
    let (nonce, block_hash) = key.nonce(rpc).await?;
    Ok((key, nonce, block_hash))
}

/// Returns a request that sends a transaction, or asks for its status.
fn request(random: &mut StdRng, transaction: &[u8]) -> Value {
    let encoded = to_base64(transaction);
    let levels = [
        "NONE",
        "INCLUDED",
        "EXECUTED_OPTIMISTIC",
        "INCLUDED_FINAL",
        "EXECUTED",
        "FINAL",
    ];
    let level = levels[random.gen_range(0..levels.len())];
    let (method, params) = match random.gen_range(0..6) {
        0 => ("broadcast_tx_async", json!([encoded])),
        1 => ("tx", json!([encoded])),
        2 => (
            "send_tx",
            json!({"signed_tx_base64": encoded, "wait_until": level}),
        ),
        _ => ("broadcast_tx_commit", json!([encoded])),
    };
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

/// Returns the seed of a worker's requests in a round.
fn seed(round: u64, worker: u64) -> u64 {
    SEED ^ (round << 8) ^ worker
}

/// Checks that the second half of the rounds added little memory to the first. There is nothing to check if the
/// system does not report the memory of a process.
fn ensure_steady(memory: &[u64]) -> anyhow::Result<()> {
    let (first, second) = memory.split_at(memory.len() / 2);
    let grown = second.last().zip(first.last());
    ensure!(
        grown.is_none_or(|(end, half)| *end < half + GROWTH),
        "memory after each round: {memory:?}"
    );
    Ok(())
}

fn ensure_no_panic(node: &Node) -> anyhow::Result<()> {
    let stderr = node.stderr()?;
    ensure!(!stderr.contains("panicked"), "{stderr}");
    Ok(())
}
