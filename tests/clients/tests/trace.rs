//! `trace` in a test with near-workspaces: the client tells which transaction it sent, the node tells the
//! rest over RPC.

use near_workspaces::network::Sandbox;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::{AccountId, Worker};
use sandbox_clients::partner_wasm;
use trace::{RpcClient, Transaction, assert_transaction};

// ANCHOR: traced
/// What the node tells of a transaction.
async fn traced(
    worker: &Worker<Sandbox>,
    sender: &AccountId,
    sent: &ExecutionFinalResult,
) -> anyhow::Result<Transaction> {
    let url = worker.rpc_addr();
    let hash = sent.outcome().transaction_hash.to_string().parse();
    let hash = hash.map_err(|error| anyhow::anyhow!("no hash: {error}"))?;
    let sender = sender.as_str().parse()?;
    let asked = move || RpcClient::new(&url).transaction(&hash, &sender);
    Ok(tokio::task::spawn_blocking(asked).await??)
}
// ANCHOR_END: traced

// ANCHOR: assertion
#[tokio::test]
async fn what_near_workspaces_sent_is_told_receipt_by_receipt() -> anyhow::Result<()> {
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
async fn an_assertion_that_does_not_hold_shows_the_tree() {
    let worker = near_workspaces::sandbox().await.expect("a sandbox");
    let wasm = partner_wasm("hello").expect("a contract");
    let hello = worker.dev_deploy(&wasm).await.expect("it is deployed");
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
