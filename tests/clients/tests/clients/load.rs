//! Tests of many clients at once, many sandboxes at once, and a sandbox that is killed under load.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, ensure};
use futures::future::try_join_all;
use near_primitives::action::{Action, DeployContractAction, FunctionCallAction};
use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas, Nonce};
use near_workspaces::types::{KeyType, NearToken, SecretKey};
use sandbox_clients::{Key, Node, Rpc, encoded, partner_wasm, sign};
use serde_json::{Value, json};

use crate::heavy;

const CLIENTS: usize = 50;
const TRANSACTIONS: usize = 100;
/// The number of transactions that a client sends before it asks for the status of the first.
const IN_FLIGHT: usize = 10;
const SANDBOXES: u64 = 20;

/// The number of messages in one view. A view may not burn more gas than a call.
const PAGE: usize = 200;

/// A chain with a guestbook: a contract that stores each message with its sender.
struct Sandbox {
    node: Node,
    rpc: Rpc,
    root: Key,
    book: AccountId,
}

impl Sandbox {
    async fn new() -> anyhow::Result<Self> {
        let node = Node::start()?;
        let (rpc, root) = (node.rpc(), node.root()?);
        let code = partner_wasm("guestbook")?;
        let deploy = DeployContractAction { code }.into();
        let balance = Balance::from_near(1_000);
        let book = root
            .create_account(&rpc, "book.test.near", balance, vec![deploy])
            .await?;
        Ok(Self {
            book: book.account(),
            node,
            rpc,
            root,
        })
    }

    async fn view(&self, method: &str, args: Value) -> anyhow::Result<Value> {
        let query = json!({
            "request_type": "call_function",
            "finality": "final",
            "account_id": self.book,
            "method_name": method,
            "args_base64": near_primitives::serialize::to_base64(args.to_string().as_bytes()),
        });
        let view = self.rpc.call("query", query).await?;
        let bytes = view["result"]
            .as_array()
            .with_context(|| view.to_string())?;
        let bytes: Vec<u8> = bytes
            .iter()
            .filter_map(|b| b.as_u64()?.try_into().ok())
            .collect();
        Ok(serde_json::from_slice(&bytes)?)
    }

    /// Returns the texts of each account, in order.
    async fn messages(&self) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
        let total = self.view("total_messages", json!({})).await?;
        let total = usize::try_from(total.as_u64().context("a number")?)?;
        let mut messages: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for from in (0..total).step_by(PAGE) {
            let page = json!({"from_index": from.to_string(), "limit": PAGE.to_string()});
            let page = self.view("get_messages", page).await?;
            for message in page.as_array().context("messages")? {
                let text = |field: &str| message[field].as_str().unwrap_or_default().to_owned();
                messages
                    .entry(text("sender"))
                    .or_default()
                    .push(text("text"));
            }
        }
        Ok(messages)
    }

    async fn balance(&self, account: &AccountId) -> anyhow::Result<u128> {
        let query = json!({
            "request_type": "view_account", "finality": "final", "account_id": account,
        });
        let view = self.rpc.call("query", query).await?;
        let amount = view["amount"].as_str().context("an amount")?;
        Ok(amount.parse()?)
    }
}

/// Returns an action that leaves a message.
fn message(text: &str) -> Action {
    let call = FunctionCallAction {
        method_name: "add_message".to_owned(),
        args: json!({ "text": text }).to_string().into_bytes(),
        gas: Gas::from_teragas(10),
        deposit: Balance::ZERO,
    };
    call.into()
}

/// The transactions of a client, and their results.
struct Sent {
    key: Key,
    hashes: Vec<String>,
    last_nonce: Nonce,
    tokens_burnt: u128,
}

/// Runs one client: it sends some transactions without waiting, asks for each until it is complete, and
/// repeats.
async fn work(sandbox: &Sandbox, number: usize) -> anyhow::Result<Sent> {
    let rpc = sandbox.node.rpc();
    let key = Key::of(&format!("client{number}.test.near"))?;
    let (last_nonce, _) = key.nonce(&rpc).await?;
    let mut sent = Sent {
        key,
        hashes: Vec::new(),
        last_nonce,
        tokens_burnt: 0,
    };
    while sent.hashes.len() < TRANSACTIONS {
        let from = sent.hashes.len();
        for index in from..from + IN_FLIGHT {
            // A transaction must not name an old block, and other clients produce many blocks in the meantime.
            let block_hash = latest_block(&rpc).await?;
            sent.last_nonce += 1;
            let actions = vec![message(&index.to_string())];
            let (key, nonce) = (&sent.key, sent.last_nonce);
            let transaction = sign(key, nonce, &sandbox.book, actions, block_hash);
            let hash = rpc
                .call("broadcast_tx_async", json!([encoded(&transaction)?]))
                .await?;
            ensure!(
                hash == json!(transaction.get_hash()),
                "the response has another hash: {hash}"
            );
            sent.hashes.push(transaction.get_hash().to_string());
        }
        for hash in &sent.hashes[from..] {
            let account = sent.key.account();
            let params = json!({
                "tx_hash": hash, "sender_account_id": account, "wait_until": "FINAL",
            });
            let outcome = rpc.call("tx", params).await?;
            ensure!(outcome["status"].get("SuccessValue").is_some(), "{outcome}");
            sent.tokens_burnt += burnt(&outcome)?;
        }
    }
    Ok(sent)
}

async fn latest_block(rpc: &Rpc) -> anyhow::Result<CryptoHash> {
    let block = rpc.call("block", json!({"finality": "final"})).await?;
    let hash = block["header"]["hash"].as_str().context("a hash")?;
    hash.parse()
        .map_err(|error| anyhow::anyhow!("{hash}: {error}"))
}

/// Returns the tokens that all outcomes of a transaction burnt.
fn burnt(outcome: &Value) -> anyhow::Result<u128> {
    let receipts = outcome["receipts_outcome"].as_array().context("outcomes")?;
    let mut sum = 0;
    for outcome in receipts.iter().chain([&outcome["transaction_outcome"]]) {
        let burnt = outcome["outcome"]["tokens_burnt"]
            .as_str()
            .context("an amount")?;
        sum += burnt.parse::<u128>()?;
    }
    Ok(sum)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_5000_transactions_of_50_clients_runs_once() -> anyhow::Result<()> {
    let _alone = heavy::alone().await;
    let sandbox = Sandbox::new().await?;
    let balance = Balance::from_near(100);
    for number in 0..CLIENTS {
        let name = format!("client{number}.test.near");
        sandbox
            .root
            .create_account(&sandbox.rpc, &name, balance, vec![])
            .await?;
    }
    let all = try_join_all((0..CLIENTS).map(|number| work(&sandbox, number))).await?;

    let hashes: BTreeSet<_> = all.iter().flat_map(|sent| &sent.hashes).collect();
    assert_eq!(hashes.len(), CLIENTS * TRANSACTIONS);
    let mut messages = sandbox.messages().await?;
    let in_order: Vec<_> = (0..TRANSACTIONS).map(|index| index.to_string()).collect();
    for sent in all {
        let account = sent.key.account();
        assert_eq!(messages.remove(account.as_str()), Some(in_order.clone()));
        assert_eq!(sent.key.nonce(&sandbox.rpc).await?.0, sent.last_nonce);
        let left = balance.as_yoctonear() - sent.tokens_burnt;
        assert_eq!(sandbox.balance(&account).await?, left, "{account}");
    }
    assert!(messages.is_empty(), "{messages:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_is_sent_forty_times_at_once_runs_once() -> anyhow::Result<()> {
    let _alone = heavy::alone().await;
    let sandbox = Sandbox::new().await?;
    let (nonce, block_hash) = sandbox.root.nonce(&sandbox.rpc).await?;
    let actions = vec![message("once")];
    let transaction = sign(&sandbox.root, nonce + 1, &sandbox.book, actions, block_hash);
    let encoded = encoded(&transaction)?;
    let ways = [
        ("broadcast_tx_async", json!([encoded])),
        ("broadcast_tx_commit", json!([encoded])),
        (
            "send_tx",
            json!({"signed_tx_base64": encoded, "wait_until": "NONE"}),
        ),
        (
            "send_tx",
            json!({"signed_tx_base64": encoded, "wait_until": "FINAL"}),
        ),
    ];
    let sends = ways.iter().cycle().take(40).map(|(method, params)| {
        let rpc = sandbox.node.rpc();
        async move { rpc.call(method, params.clone()).await }
    });
    try_join_all(sends).await?;
    // The status is still there long after.
    let again = sandbox
        .rpc
        .call("broadcast_tx_commit", json!([encoded]))
        .await?;
    assert_eq!(again["transaction"]["hash"], json!(transaction.get_hash()));

    let messages = sandbox.messages().await?;
    assert_eq!(messages["test.near"], ["once"]);
    assert_eq!(sandbox.root.nonce(&sandbox.rpc).await?.0, nonce + 1);
    Ok(())
}

#[tokio::test]
async fn a_sandbox_that_was_killed_under_load_starts_clean_in_the_same_home() -> anyhow::Result<()>
{
    let _alone = heavy::alone().await;
    let node = Node::start()?;
    let (rpc, root) = (node.rpc(), node.root()?);
    let genesis = rpc.call("status", json!(null)).await?["genesis_hash"].clone();
    let worker = tokio::spawn(work_until_it_is_killed(rpc, root.clone()));
    // Some transactions have run, and others are still running.
    let client = node.rpc();
    let before = client.height().await?;
    while client.height().await? < before + 10 {}
    let home = node.kill()?;
    ensure!(
        worker.await? > 0,
        "no transaction ran before the sandbox ended"
    );

    let again = Node::run(home)?;
    let rpc = again.rpc();
    let status = rpc.call("status", json!(null)).await?;
    assert_eq!(status["genesis_hash"], genesis);
    let worked = "worked0.test.near";
    let view = json!({"request_type": "view_account", "finality": "final", "account_id": worked});
    let unknown = rpc.refusal("query", view).await?;
    assert_eq!(unknown["cause"]["name"], "UNKNOWN_ACCOUNT");
    again
        .root()?
        .create_account(&rpc, worked, Balance::from_near(1), vec![])
        .await?;
    Ok(())
}

/// Creates accounts one after the other, and returns their number when the sandbox has ended.
async fn work_until_it_is_killed(rpc: Rpc, root: Key) -> usize {
    let mut count = 0;
    loop {
        let name = format!("worked{count}.test.near");
        if root
            .create_account(&rpc, &name, Balance::from_near(1), vec![])
            .await
            .is_err()
        {
            return count;
        }
        count += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_sandboxes_at_once_are_independent() -> anyhow::Result<()> {
    let _alone = heavy::alone().await;
    let started = (0..SANDBOXES).map(|_| near_workspaces::sandbox().into_future());
    let workers = try_join_all(started).await?;
    // Each gets its own height and account, all at the same time.
    try_join_all(workers.iter().zip(0..).map(|(worker, number)| async move {
        worker.fast_forward(1_000 * (number + 1)).await?;
        let secret_key = SecretKey::from_seed(KeyType::ED25519, "own");
        let account = worker
            .root_account()?
            .create_subaccount(&format!("own{number}"))
            .keys(secret_key)
            .initial_balance(NearToken::from_near(1 + u128::from(number)))
            .transact()
            .await?;
        account.into_result()?;
        anyhow::Ok(())
    }))
    .await?;

    for (worker, number) in workers.iter().zip(0..SANDBOXES) {
        let rpc = Rpc::new(&worker.rpc_addr());
        let height = rpc.height().await?;
        assert_eq!(
            height / 1_000,
            number + 1,
            "sandbox {number} is at {height}"
        );
        let own = worker
            .view_account(&format!("own{number}.test.near").parse()?)
            .await?;
        assert_eq!(own.balance, NearToken::from_near(1 + u128::from(number)));
        for other in (0..SANDBOXES).filter(|other| *other != number) {
            let account = format!("own{other}.test.near");
            let view = json!({
                "request_type": "view_account", "finality": "final", "account_id": account,
            });
            let unknown = rpc.refusal("query", view).await?;
            assert_eq!(
                unknown["cause"]["name"], "UNKNOWN_ACCOUNT",
                "{number}, {account}"
            );
        }
    }
    Ok(())
}
