//! The chain of the recordings, and the replay of a recorded transaction.

use std::collections::BTreeMap;

use anyhow::Context;
use near_workspaces::network::Sandbox;
use near_workspaces::operations::{Function, Transaction};
use near_workspaces::types::{Gas, KeyType, NearToken, SecretKey};
use near_workspaces::{Account, AccountId, Worker};
use sandbox_clients::{Rpc, fixture_wasm};
use serde_json::{Value, json};

use super::observation::{Change, Observation};
use super::status::observe;

const ACCOUNTS: [&str; 6] = ["alice", "bob", "p0", "p1", "p2", "p3"];

/// One chain for all scenarios.
pub struct Chain {
    worker: Worker<Sandbox>,
    rpc: Rpc,
    accounts: BTreeMap<&'static str, Account>,
}

impl Chain {
    /// Returns a chain with all accounts.
    pub async fn new() -> anyhow::Result<Self> {
        let worker = near_workspaces::sandbox().await?;
        let mut chain = Self {
            rpc: Rpc::new(&worker.rpc_addr()),
            worker,
            accounts: BTreeMap::new(),
        };
        for name in ACCOUNTS {
            chain.create_account(name).await?;
        }
        Ok(chain)
    }

    /// Sends the transaction of a scenario, and observes it.
    pub async fn replay(&mut self, scenario: &Value) -> anyhow::Result<Observation> {
        let before = self.balances().await;
        let signer = scenario["signer"].as_str().context("a signer")?;
        let receiver = full(scenario["receiver"].as_str().context("a receiver")?)?;
        let mut unsigned = self.accounts[signer].batch(&receiver);
        for action in scenario["actions"].as_array().context("actions")? {
            unsigned = with(unsigned, action)?;
        }
        let sent = unsigned.transact().await?;
        let hash = sent.outcome().transaction_hash.to_string();
        let transaction = observe(&self.rpc, &hash, &full(signer)?).await?;
        let after = self.balances().await;
        let changes = ACCOUNTS
            .iter()
            .filter_map(|name| {
                let (before, after) = (before.get(name)?, after.get(name)?);
                let change = Change {
                    amount: after.amount - before.amount,
                    storage: after.storage - before.storage,
                };
                Some(((*name).to_owned(), change))
            })
            .collect();
        if !after.contains_key("p3") {
            self.create_account("p3").await?;
        }
        Ok(Observation {
            transaction,
            changes,
        })
    }

    /// Creates an account, and deploys the probe if it is a contract.
    async fn create_account(&mut self, name: &'static str) -> anyhow::Result<()> {
        let account = self
            .worker
            .root_account()?
            .create_subaccount(name)
            .keys(SecretKey::from_seed(KeyType::ED25519, name))
            .initial_balance(NearToken::from_near(10_000))
            .transact()
            .await?
            .into_result()?;
        if name.starts_with('p') {
            account
                .deploy(&fixture_wasm("probe")?)
                .await?
                .into_result()?;
        }
        self.accounts.insert(name, account);
        Ok(())
    }

    /// Returns the balance and the storage of each account. A deleted account is left out.
    async fn balances(&self) -> BTreeMap<&'static str, Change> {
        let mut balances = BTreeMap::new();
        for (name, account) in &self.accounts {
            if let Ok(view) = account.view_account().await {
                let amount = view.balance.as_yoctonear() as i128;
                let storage = view.storage_usage as i64;
                balances.insert(*name, Change { amount, storage });
            }
        }
        balances
    }
}

/// Adds a recorded action to a transaction.
fn with(transaction: Transaction, action: &Value) -> anyhow::Result<Transaction> {
    if let Some(amount) = action["transfer"].as_str() {
        return Ok(transaction.transfer(NearToken::from_yoctonear(amount.parse()?)));
    }
    let (method, args) = match action["call"].as_str() {
        Some(method) => (
            method,
            action["args"].as_str().context("arguments")?.to_owned(),
        ),
        None => ("run", json!({ "program": action["run"] }).to_string()),
    };
    // The recording has an empty amount for an action without one.
    let yocto = action["yocto"].as_str().filter(|yocto| !yocto.is_empty());
    let deposit = yocto.unwrap_or("0").parse()?;
    let call = Function::new(method)
        .args(args.into_bytes())
        .gas(Gas::from_tgas(action["tgas"].as_u64().context("gas")?))
        .deposit(NearToken::from_yoctonear(deposit));
    Ok(transaction.call(call))
}

fn full(name: &str) -> anyhow::Result<AccountId> {
    Ok(format!("{name}.test.near").parse()?)
}
