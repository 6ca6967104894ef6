//! Tests of `trace` with near-workspaces: the client returns the hash of its transaction, the node
//! returns the rest over RPC.

use near_workspaces::network::Sandbox;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::{AccountId, Worker};
use sandbox_clients::partner_wasm;
use trace::{RpcClient, Transaction, assert_transaction};

// ANCHOR: traced
/// Reads a transaction and its receipts from the node.
async fn traced(
    worker: &Worker<Sandbox>,
    sender: &AccountId,
    sent: &ExecutionFinalResult,
) -> anyhow::Result<Transaction> {
    let url = worker.rpc_addr();
    let hash = sent.outcome().transaction_hash.to_string().parse();
    let hash = hash.map_err(|error| anyhow::anyhow!("not a hash: {error}"))?;
    let sender = sender.as_str().parse()?;
    let read = move || RpcClient::new(&url).transaction(&hash, &sender);
    Ok(tokio::task::spawn_blocking(read).await??)
}
// ANCHOR_END: traced

// ANCHOR: assertion
#[tokio::test]
async fn a_transaction_of_near_workspaces_is_traced_receipt_by_receipt() -> anyhow::Result<()> {
    let worker = near_workspaces::sandbox().await?;
    let hello = worker.dev_deploy(&partner_wasm("hello")?).await?;

    let sent = hello.call("get_greeting").transact().await?;

    let transaction = traced(&worker, hello.id(), &sent).await?;
    assert_transaction!(transaction, transaction.result.is_ok());
    assert_eq!(transaction.receipts().len(), 1);
    Ok(())
}
// ANCHOR_END: assertion

#[tokio::test]
#[should_panic(expected = "failed   Action #0:")]
async fn a_failed_assertion_shows_the_tree() {
    let worker = near_workspaces::sandbox().await.expect("a sandbox");
    let wasm = partner_wasm("hello").expect("a contract");
    let hello = worker
        .dev_deploy(&wasm)
        .await
        .expect("the contract is deployed");
    let sent = hello
        .call("no_such_method")
        .transact()
        .await
        .expect("it is sent");
    let transaction = traced(&worker, hello.id(), &sent)
        .await
        .expect("it is known");

    assert_transaction!(transaction, transaction.result.is_ok());
}
