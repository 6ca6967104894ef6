// ANCHOR: all
//! The accounts on the network: our contract, alice, and the partners with their names on testnet.

use near_workspaces::network::Sandbox;
use near_workspaces::operations::{CallTransaction, Function};
use near_workspaces::types::{Gas, KeyType, NearToken, SecretKey};
use near_workspaces::{Account, DevNetwork, Worker};
use serde_json::{Value, json};

use crate::common::partner_wasm;
use crate::networks::network::{Network, testnet_rpc};
use crate::wasm::contract_wasm;

// ANCHOR: fixture
/// Our contract and a user, on any network.
pub struct Fixture {
    pub app: Account,
    pub alice: Account,
}

impl Fixture {
    /// Creates the accounts on the network that `NEAR_NETWORK` names.
    pub async fn new() -> anyhow::Result<Self> {
        match Network::chosen()? {
            Network::Sandbox => Self::on(&sandbox().await?).await,
            Network::Testnet => {
                let rpc = testnet_rpc();
                Self::on(&near_workspaces::testnet().rpc_addr(&rpc).await?).await
            }
        }
    }

    /// Creates two accounts. On testnet a faucet pays for them.
    async fn on<N: DevNetwork>(worker: &Worker<N>) -> anyhow::Result<Self> {
        let app = worker.dev_create_account().await?;
        let alice = worker.dev_create_account().await?;
        Self::of(app, alice).await
    }

    /// Deploys and initializes our contract on `app`, in one transaction. `new` gets no arguments,
    /// so the partners are the public ones on testnet.
    pub async fn of(app: Account, alice: Account) -> anyhow::Result<Self> {
        let new = Function::new("new")
            .args_json(json!({}))
            .gas(Gas::from_tgas(30));
        let deployment = app.batch(app.id()).deploy(contract_wasm()).call(new);
        deployment.transact().await?.into_result()?;
        Ok(Self { app, alice })
    }

    /// Returns a call by alice to our contract.
    pub fn call(&self, method: &str) -> CallTransaction {
        let call = self.alice.call(self.app.id(), method);
        call.gas(Gas::from_tgas(100))
    }

    /// Returns the balance of alice.
    pub async fn balance(&self) -> anyhow::Result<NearToken> {
        Ok(self.alice.view_account().await?.balance)
    }

    /// Returns the value of a view of our contract.
    pub async fn view(&self, method: &str) -> anyhow::Result<Value> {
        Ok(self.app.view(self.app.id(), method).await?.json()?)
    }
}
// ANCHOR_END: fixture

// ANCHOR: sandbox
/// Starts a sandbox with the partners, with their names on testnet.
pub async fn sandbox() -> anyhow::Result<Worker<Sandbox>> {
    // Before the chain is started, as in `World`.
    contract_wasm();
    let worker = near_workspaces::sandbox().await?;
    let testnet = worker
        .create_tla("testnet".parse()?, key("testnet"))
        .await?
        .into_result()?;
    let examples = sub_account(&testnet, "near-examples", 60).await?;
    for name in ["hello", "counter", "guestbook"] {
        let partner = sub_account(&examples, name, 10).await?;
        partner.deploy(&partner_wasm(name)?).await?.into_result()?;
    }
    Ok(worker)
}

async fn sub_account(parent: &Account, name: &str, near: u128) -> anyhow::Result<Account> {
    let account = parent
        .create_subaccount(name)
        .keys(key(name))
        .initial_balance(NearToken::from_near(near))
        .transact()
        .await?;
    Ok(account.into_result()?)
}

fn key(name: &str) -> SecretKey {
    SecretKey::from_seed(KeyType::ED25519, name)
}
// ANCHOR_END: sandbox
// ANCHOR_END: all
