// ANCHOR: all
//! Helpers of the tests on a chain: the contract as wasm, a chain with all accounts, and functions
//! that read the outcomes of a transaction.
//!
//! Paths begin at the folder of the package, because cargo runs the tests there.

use std::fs;

use anyhow::Context;
use near_workspaces::network::Sandbox;
use near_workspaces::operations::CallTransaction;
use near_workspaces::result::{ExecutionFinalResult, ExecutionOutcome};
use near_workspaces::types::{KeyType, NearToken, SecretKey};
use near_workspaces::{Account, AccountId, Contract, Worker};
use serde_json::json;

use crate::wasm::contract_wasm;

// ANCHOR: world
/// A separate chain for one test, with all accounts. Each holds 100 NEAR.
pub struct World {
    pub worker: Worker<Sandbox>,
    /// Our contract: `app.test.near`.
    pub app: Contract,
    /// The partners: `hello.test.near`, `counter.test.near` and `guestbook.test.near`.
    pub hello: Contract,
    pub counter: Contract,
    pub guestbook: Contract,
    /// The user: `alice.test.near`.
    pub alice: Account,
}

impl World {
    /// Starts a chain with all accounts, and initializes our contract with its partners.
    pub async fn new() -> anyhow::Result<Self> {
        let world = Self::without_init().await?;
        world
            .app
            .call("new")
            .args_json(json!({
                "hello": world.hello.id(),
                "counter": world.counter.id(),
                "guestbook": world.guestbook.id(),
            }))
            .transact()
            .await?
            .into_result()?;
        Ok(world)
    }

    /// Starts a chain with all accounts. Our contract is deployed and not initialized.
    pub async fn without_init() -> anyhow::Result<Self> {
        // Before the chain is started: without the contract it is of no use.
        let wasm = contract_wasm();
        let worker = near_workspaces::sandbox().await?;

        Ok(Self {
            app: deploy(&worker, "app", wasm).await?,
            hello: deploy(&worker, "hello", &partner_wasm("hello")?).await?,
            counter: deploy(&worker, "counter", &partner_wasm("counter")?).await?,
            guestbook: deploy(&worker, "guestbook", &partner_wasm("guestbook")?).await?,
            alice: worker
                .create_root_account_subaccount("alice".parse()?, key("alice"))
                .await?
                .into_result()?,
            worker,
        })
    }

    /// Returns a call by alice to a method of our contract, with the maximum gas.
    pub fn call(&self, method: &str) -> CallTransaction {
        self.alice.call(self.app.id(), method).max_gas()
    }

    /// Returns the greeting that hello stores.
    pub async fn greeting(&self) -> anyhow::Result<String> {
        Ok(self.hello.view("get_greeting").await?.json()?)
    }

    /// Returns the balance of an account after all refunds.
    ///
    /// A node responds before the last gas refunds have arrived. One block later they have.
    pub async fn balance(&self, account: &AccountId) -> anyhow::Result<NearToken> {
        self.worker.fast_forward(1).await?;
        Ok(self.worker.view_account(account).await?.balance)
    }

    /// Returns the height of the block in which a receipt ran.
    pub async fn height(&self, receipt: &ExecutionOutcome) -> anyhow::Result<u64> {
        let block = self.worker.view_block().block_hash(receipt.block_hash);
        Ok(block.await?.height())
    }
}

/// Deploys a contract to the new account `<name>.test.near`.
pub async fn deploy(worker: &Worker<Sandbox>, name: &str, wasm: &[u8]) -> anyhow::Result<Contract> {
    let contract = worker
        .create_root_account_subaccount_and_deploy(name.parse()?, key(name), wasm)
        .await?;
    Ok(contract.into_result()?)
}

/// Returns the key of a name. It is the same key each time.
fn key(name: &str) -> SecretKey {
    SecretKey::from_seed(KeyType::ED25519, name)
}
// ANCHOR_END: world

// ANCHOR: outcomes
/// Returns the outcomes of the receipts of a transaction, each before its children, without
/// refunds.
///
/// A refund comes from the account `system`. It is a receipt that burns no tokens.
pub fn receipts(outcome: &ExecutionFinalResult) -> Vec<&ExecutionOutcome> {
    outcome
        .receipt_outcomes()
        .iter()
        .filter(|receipt| !receipt.tokens_burnt.is_zero())
        .collect()
}

/// Returns the outcomes of the receipts that ran on `account`, without refunds.
pub fn receipts_on<'a>(
    outcome: &'a ExecutionFinalResult,
    account: &AccountId,
) -> Vec<&'a ExecutionOutcome> {
    let mut receipts = receipts(outcome);
    receipts.retain(|receipt| receipt.executor_id == *account);
    receipts
}

/// Returns the error of a receipt that has failed, with the index of the action: `Action #1: …`.
pub fn error_of(receipt: &ExecutionOutcome) -> String {
    let error = receipt
        .clone()
        .into_result()
        .expect_err("the receipt failed");
    format!("{:#}", anyhow::Error::from(error))
}

/// Checks that the transaction has failed, and that its error contains `text`.
pub fn assert_fails_with(outcome: &ExecutionFinalResult, text: &str) {
    let error = outcome
        .clone()
        .into_result()
        .expect_err("the transaction failed");
    let error = error.to_string();
    assert!(error.contains(text), "`{text}` is not in `{error}`");
}

/// Returns the tokens that all receipts of the transaction burnt together, which the signer paid
/// for gas.
pub fn gas_cost(outcome: &ExecutionFinalResult) -> NearToken {
    outcome
        .outcomes()
        .iter()
        .fold(NearToken::from_near(0), |sum, receipt| {
            sum.saturating_add(receipt.tokens_burnt)
        })
}
// ANCHOR_END: outcomes

/// Reads the wasm of a partner from `tests/partners`.
pub fn partner_wasm(name: &str) -> anyhow::Result<Vec<u8>> {
    let path = format!("tests/partners/{name}.wasm");
    fs::read(&path).with_context(|| format!("cannot read {path}"))
}
// ANCHOR_END: all
