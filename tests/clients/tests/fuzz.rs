//! Requests and transactions that make little sense, many of them, over several connections at once:
//! each is answered in time, nothing panics, memory does not grow, and the sandbox goes on.
//!
//! What is sent follows from a fixed seed and from what the chain answers while a test prepares itself
//! (hashes differ from run to run). A failure shows the seed and the whole of what was sent.

#[path = "fuzz/answers.rs"]
mod answers;
#[path = "fuzz/bytes.rs"]
mod bytes;
#[path = "fuzz/corpus.rs"]
mod corpus;
#[path = "fuzz/odd.rs"]
mod odd;
#[path = "fuzz/trees.rs"]
mod trees;

use std::sync::Arc;

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

const SEED: u64 = 0x05ee_d0f0_c11e_4775;
/// So many connections at once.
const WORKERS: u64 = 8;

const ROUNDS: u64 = 20;
/// An account signs so many transactions, at most.
const LIFE: u64 = 25;

/// How many requests are sent; a tenth of them is the number of transactions. `.cargo/config.toml` has the
/// number for every day, `.ci/run` sets 100,000.
fn requests() -> anyhow::Result<u64> {
    let asked = std::env::var("FUZZ_REQUESTS").context("FUZZ_REQUESTS is not set")?;
    asked
        .parse()
        .with_context(|| format!("FUZZ_REQUESTS={asked}"))
}

/// How much more memory a sandbox may hold after the second half of the rounds than after the first,
/// which has filled the window of blocks that it keeps.
const GROWTH: u64 = 32 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fuzzed_requests_are_answered() -> anyhow::Result<()> {
    let node = Node::start()?;
    let mut memory = Vec::new();
    for round in 0..ROUNDS {
        let corpus = Arc::new(Corpus::new(&node, round).await?);
        corpus.is_answered(&node.rpc()).await?;
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

async fn send_requests(rpc: &Rpc, corpus: &Corpus, seed: u64) -> anyhow::Result<()> {
    let mut random = StdRng::seed_from_u64(seed);
    for number in 0..requests()? / ROUNDS / WORKERS {
        let body = match random.gen_range(0..10) {
            0..7 => trees::spoilt(&mut random, corpus).to_string().into_bytes(),
            _ => {
                let request = corpus.pick(&mut random).to_string();
                bytes::spoilt(&mut random, request.into_bytes())
            }
        };
        let context = || {
            let sent = String::from_utf8_lossy(&body);
            format!("seed {seed:#x}, request {number}: {sent}")
        };
        let answer = rpc.post(body.clone()).await.with_context(context)?;
        answers::check(&body, &answer).with_context(context)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fuzzed_transactions_are_answered() -> anyhow::Result<()> {
    let node = Node::start()?;
    let (rpc, root) = (node.rpc(), node.root()?);
    let mut memory = Vec::new();
    for round in 0..ROUNDS {
        let mut workers = Vec::new();
        for worker in 0..WORKERS {
            let name = format!("worker{round}-{worker}.test.near");
            let balance = Balance::from_near(100_000);
            let parent = root.make(&rpc, &name, balance, vec![]).await?;
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
    Corpus::new(&node, 0).await?.is_answered(&rpc).await?;
    ensure_steady(&memory)?;
    ensure_no_panic(&node)
}

async fn send_transactions(rpc: &Rpc, parent: &Key, seed: u64) -> anyhow::Result<()> {
    let mut random = StdRng::seed_from_u64(seed);
    let (wasm, keys) = (fixture_wasm("greet")?, odd::keys());
    let mut signer = None;
    for number in 0..requests()? / 10 / ROUNDS / WORKERS {
        let (key, nonce, block_hash) = alive(rpc, parent, signer.take(), number).await?;
        let signing = odd::Signing {
            key: &key,
            nonce,
            block_hash,
            keys: &keys,
            wasm: &wasm,
        };
        let signed = odd::transaction(&mut random, &signing)?;
        let sent = if random.gen_bool(0.4) {
            bytes::spoilt(&mut random, signed.clone())
        } else {
            signed.clone()
        };
        let body = request(&mut random, &sent).to_string().into_bytes();
        let context = || {
            let body = String::from_utf8_lossy(&body);
            format!("seed {seed:#x}, transaction {number}: {body}")
        };
        let answer = rpc.post(body.clone()).await.with_context(context)?;
        let is_result = answers::check(&body, &answer).with_context(context)?;
        ensure!(
            sent == signed || !is_result,
            "changed after it was signed, and taken all the same: {}",
            context()
        );
        signer = Some(key);
    }
    Ok(())
}

/// An account with its nonce and a recent block: the one that was, where it still has its key, but not
/// for ever, because it runs out of tokens.
async fn alive(
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
        .make(rpc, &name, Balance::from_near(100), vec![])
        .await?;
    let (nonce, block_hash) = key.nonce(rpc).await?;
    Ok((key, nonce, block_hash))
}

/// One of the ways to send a transaction, or to ask for it by itself.
fn request(random: &mut StdRng, transaction: &[u8]) -> Value {
    let encoded = to_base64(transaction);
    let stages = [
        "NONE",
        "INCLUDED",
        "EXECUTED_OPTIMISTIC",
        "INCLUDED_FINAL",
        "EXECUTED",
        "FINAL",
    ];
    let stage = stages[random.gen_range(0..stages.len())];
    let (method, params) = match random.gen_range(0..6) {
        0 => ("broadcast_tx_async", json!([encoded])),
        1 => ("tx", json!([encoded])),
        2 => (
            "send_tx",
            json!({"signed_tx_base64": encoded, "wait_until": stage}),
        ),
        _ => ("broadcast_tx_commit", json!([encoded])),
    };
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

/// What a worker sends in a round follows from this.
fn seed(round: u64, worker: u64) -> u64 {
    SEED ^ (round << 8) ^ worker
}

/// The second half of the rounds has added little to what the first half has filled. Where the system
/// does not say how much memory a process holds, there is nothing to compare.
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
    let said = node.stderr()?;
    ensure!(!said.contains("panicked"), "{said}");
    Ok(())
}
