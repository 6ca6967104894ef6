//! Many calls by one key at once, with each client: none is lost. A call is executed exactly once, or refused with
//! an error after which it can be signed and sent again.
//!
//! `CALLS_AT_ONCE` is the number of calls. Each needs a connection, and so an open file here and in the sandbox.

use std::time::Instant;

use anyhow::{Context, bail, ensure};
use futures::future::{join_all, try_join_all};
use near_api::types::TxExecutionStatus;
use near_api::{NearToken, NetworkConfig, Signer, Tokens};
use near_primitives::action::TransferAction;
use near_primitives::types::Balance;
use near_sandbox::Sandbox;
use near_sandbox::config::{DEFAULT_GENESIS_ACCOUNT, DEFAULT_GENESIS_ACCOUNT_PRIVATE_KEY};
use sandbox_clients::{Node, Rpc, encoded, sign};
use serde_json::{Value, json};

use crate::heavy;

/// The number of calls of a key that no client has used before.
const OF_A_FRESH_KEY: usize = 100;

/// The number of times that a client of plain HTTP sends a transaction.
const TRIES: usize = 10;

/// Returns the number of calls: `default` unless the environment has another.
fn calls_at_once(default: usize) -> anyhow::Result<usize> {
    match std::env::var("CALLS_AT_ONCE") {
        Ok(number) => number.parse().context("CALLS_AT_ONCE is a number"),
        Err(_) => Ok(default),
    }
}

/// Returns the amount that a call transfers, in yoctoNEAR. All differ, because equal transactions are one.
fn amount(number: usize) -> u128 {
    1_000_000 + number as u128
}

/// The calls of a client, and their ends.
struct Calls {
    client: &'static str,
    start: Instant,
    executed: usize,
    /// The calls whose nonce is used by others. The client may sign them anew.
    refused: usize,
    /// The amounts of the executed calls together.
    sent: u128,
}

impl Calls {
    fn start(client: &'static str) -> Self {
        Self {
            client,
            start: Instant::now(),
            executed: 0,
            refused: 0,
            sent: 0,
        }
    }

    fn executed(&mut self, amount: u128) {
        self.executed += 1;
        self.sent += amount;
    }

    /// Counts a call that is not executed. Its nonce must be the reason, which near-api does not show.
    fn refused(&mut self, error: &str) -> anyhow::Result<()> {
        let reasons = ["InvalidNonce", "InvalidTransaction({})"];
        ensure!(
            reasons.iter().any(|reason| error.contains(reason)),
            "{error}"
        );
        self.refused += 1;
        Ok(())
    }

    /// Prints the figures, and checks what the receiver has got.
    fn check(&self, received: u128) -> anyhow::Result<()> {
        let (executed, refused) = (self.executed, self.refused);
        println!(
            "{}: {executed} executed and {refused} refused in {:.1} s",
            self.client,
            self.start.elapsed().as_secs_f64()
        );
        ensure!(
            self.sent == received,
            "{} yoctoNEAR are sent, and {received} are there",
            self.sent
        );
        Ok(())
    }
}

/// Sends calls with near-workspaces, with a key that it has used before or not.
async fn with_near_workspaces(number: usize, is_fresh: bool) -> anyhow::Result<Calls> {
    let worker = near_workspaces::sandbox().await?;
    let alice = worker.dev_create_account().await?;
    let bob = worker.dev_create_account().await?;
    if !is_fresh {
        let first = alice.transfer_near(bob.id(), NearToken::from_yoctonear(1));
        first.await?.into_result()?;
    }
    let before = bob.view_account().await?.balance.as_yoctonear();
    let mut calls = Calls::start("near-workspaces");
    let sent = (0..number).map(|number| {
        let amount = NearToken::from_yoctonear(amount(number));
        let sent = alice.transfer_near(bob.id(), amount);
        async move { (amount.as_yoctonear(), sent.await) }
    });
    for (amount, sent) in join_all(sent).await {
        match sent {
            Ok(result) => {
                result.into_result()?;
                calls.executed(amount);
            }
            Err(error) => calls.refused(&format!("{error:?}"))?,
        }
    }
    let after = bob.view_account().await?.balance.as_yoctonear();
    calls.check(after - before)?;
    Ok(calls)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn near_workspaces_loses_no_call_of_many_at_once() -> anyhow::Result<()> {
    let _alone = heavy::alone().await;
    let number = calls_at_once(200)?;
    let calls = with_near_workspaces(number, false).await?;
    assert_eq!(calls.executed + calls.refused, number);
    Ok(())
}

/// Here near-workspaces gives one nonce to many calls, and signs those that are refused anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn near_workspaces_loses_no_call_of_a_fresh_key() -> anyhow::Result<()> {
    let _alone = heavy::alone().await;
    let calls = with_near_workspaces(OF_A_FRESH_KEY, true).await?;
    assert_eq!(calls.executed + calls.refused, OF_A_FRESH_KEY);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn near_api_loses_no_call_of_many_at_once() -> anyhow::Result<()> {
    let _alone = heavy::alone().await;
    // Each of its calls makes an HTTP client of its own, which takes longer than the call.
    let number = calls_at_once(30)?;
    let sandbox = Sandbox::start_sandbox().await?;
    let network = NetworkConfig::from_rpc_url("sandbox", sandbox.rpc_addr.parse()?);
    let alice: near_api::AccountId = DEFAULT_GENESIS_ACCOUNT.as_str().parse()?;
    let signer = Signer::from_secret_key(DEFAULT_GENESIS_ACCOUNT_PRIVATE_KEY.parse()?)?;
    // The account exists at genesis.
    let bob: near_api::AccountId = "near".parse()?;
    let balance = || async {
        let tokens = Tokens::account(bob.clone()).near_balance();
        anyhow::Ok(tokens.fetch_from(&network).await?.total.as_yoctonear())
    };
    let before = balance().await?;
    let mut calls = Calls::start("near-api");
    let sent = (0..number).map(|number| {
        let amount = amount(number);
        let sent = Tokens::account(alice.clone())
            .send_to(bob.clone())
            .near(NearToken::from_yoctonear(amount))
            .with_signer(signer.clone())
            .wait_until(TxExecutionStatus::Final)
            .send_to(&network);
        async move { (amount, sent.await) }
    });
    for (amount, sent) in join_all(sent).await {
        match sent {
            Ok(result) => {
                let full = result.into_full().context("the call is complete")?;
                full.into_result()?;
                calls.executed(amount);
            }
            Err(error) => calls.refused(&format!("{error:?}"))?,
        }
    }
    calls.check(balance().await? - before)?;
    assert_eq!(calls.executed + calls.refused, number);
    Ok(())
}

/// Sends a transaction again and again until its end is known, and returns the error if it is refused.
async fn commit(rpc: &Rpc, transaction: &str) -> anyhow::Result<Option<Value>> {
    let params = json!({"signed_tx_base64": transaction, "wait_until": "FINAL"});
    let request = json!({"jsonrpc": "2.0", "id": 1, "method": "send_tx", "params": params});
    for _ in 0..TRIES {
        // The client's own timeout.
        let Ok(response) = rpc.post(request.to_string()).await else {
            continue;
        };
        let body: Value = serde_json::from_slice(&response.body)?;
        match body["error"]["cause"]["name"].as_str() {
            None if body["result"]["status"]["SuccessValue"].is_string() => return Ok(None),
            Some("INVALID_TRANSACTION") => return Ok(Some(body["error"]["data"].clone())),
            Some("TIMEOUT_ERROR") => {}
            _ => bail!("{body}"),
        }
    }
    bail!("a transaction has no end after {TRIES} tries")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plain_http_loses_no_call_of_many_at_once() -> anyhow::Result<()> {
    let _alone = heavy::alone().await;
    let number = calls_at_once(1_000)?;
    let node = Node::start()?;
    let (rpc, root) = (node.rpc(), node.root()?);
    let bob = root
        .create_account(&rpc, "bob.test.near", Balance::from_near(1), vec![])
        .await?;
    let (nonce, block_hash) = root.nonce(&rpc).await?;
    let mut transactions = Vec::new();
    for (number, nonce) in (0..number).zip(nonce + 1..) {
        let deposit = Balance::from_yoctonear(amount(number));
        let actions = vec![TransferAction { deposit }.into()];
        let transaction = sign(&root, nonce, &bob.account(), actions, block_hash);
        transactions.push((amount(number), encoded(&transaction)?));
    }
    let mut calls = Calls::start("HTTP");
    let sent = transactions.iter().map(|(amount, transaction)| {
        let rpc = rpc.clone();
        async move { anyhow::Ok((amount, commit(&rpc, transaction).await?)) }
    });
    for (amount, refused) in try_join_all(sent).await? {
        match refused {
            None => calls.executed(*amount),
            Some(error) => calls.refused(&error.to_string())?,
        }
    }
    let view = json!({
        "request_type": "view_account", "finality": "final", "account_id": bob.account(),
    });
    let balance = rpc.call("query", view).await?["amount"].clone();
    let balance: u128 = balance.as_str().context("an amount")?.parse()?;
    calls.check(balance - Balance::from_near(1).as_yoctonear())?;
    assert_eq!(calls.executed + calls.refused, number);
    Ok(())
}
