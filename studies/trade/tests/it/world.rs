//! A chain with everyone on it, and ways to read what a transaction did.

use near_workspaces::network::Sandbox;
use near_workspaces::operations::CallTransaction;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{KeyType, NearToken, SecretKey};
use near_workspaces::{Account, Contract, Worker};
use serde_json::{Value, json};

use crate::wasm::contract_wasm;

const NFT: &[u8] = include_bytes!("../partners/nft.wasm");
const TOKEN: &[u8] = include_bytes!("../partners/token.wasm");

pub const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// A chain of its own for one test.
pub struct World {
    pub worker: Worker<Sandbox>,
    /// Our contract: `app.test.near`.
    pub app: Contract,
    pub items: Contract,
    pub gold: Contract,
    /// The owner of the sword. She is not registered at the gold.
    pub alice: Account,
    /// The owner of ten gold.
    pub bob: Account,
    /// The account that takes an item and five gold for a new one.
    pub smith: Account,
}

impl World {
    pub async fn new() -> anyhow::Result<Self> {
        let worker = near_workspaces::sandbox().await?;
        let world = Self {
            app: deploy(&worker, "app", contract_wasm()).await?,
            items: deploy(&worker, "items", NFT).await?,
            gold: deploy(&worker, "gold", TOKEN).await?,
            alice: create(&worker, "alice").await?,
            bob: create(&worker, "bob").await?,
            smith: create(&worker, "smith").await?,
            worker,
        };
        let partners = json!({
            "items": world.items.id(), "gold": world.gold.id(), "smith": world.smith.id(), "price": "5",
        });
        let owner = world.app.id();
        let supply = json!({ "owner_id": world.bob.id(), "total_supply": "10" });
        for (contract, args) in [
            (&world.app, partners),
            (&world.items, json!({ "owner_id": owner, "royalties": {} })),
            (&world.gold, supply),
        ] {
            let call = contract.call("new").args_json(args);
            call.transact().await?.into_result()?;
        }
        world.mint("sword", &world.alice).await?;
        world.register(world.app.id().as_str()).await?;
        Ok(world)
    }

    /// Mints an item for an account. Only our contract may.
    pub async fn mint(&self, item: &str, owner: &Account) -> anyhow::Result<()> {
        let args = json!({ "token_id": item, "receiver_id": owner.id() });
        let mint = self.app.as_account().call(self.items.id(), "nft_mint");
        let mint = mint.args_json(args).deposit(NearToken::from_millinear(100));
        mint.transact().await?.into_result()?;
        Ok(())
    }

    /// Pays for the storage of an account at the gold.
    pub async fn register(&self, account_id: &str) -> anyhow::Result<()> {
        let room = self.bob.call(self.gold.id(), "storage_deposit");
        let room = room.args_json(json!({ "account_id": account_id }));
        let room = room.deposit(NearToken::from_yoctonear(125 * 10u128.pow(19)));
        room.transact().await?.into_result()?;
        Ok(())
    }

    /// Returns alice's offer of the sword for five gold. She attaches this gas.
    pub fn offer(&self, gas: near_workspaces::types::Gas) -> CallTransaction {
        self.bring(&json!({ "want": "5" }), gas)
    }

    /// Returns alice's transfer of the sword with this message. She attaches this gas.
    pub fn bring(&self, msg: &Value, gas: near_workspaces::types::Gas) -> CallTransaction {
        let msg = msg.to_string();
        let args = json!({ "receiver_id": self.app.id(), "token_id": "sword", "msg": msg });
        let offer = self.alice.call(self.items.id(), "nft_transfer_call");
        offer.args_json(args).deposit(ONE_YOCTO).gas(gas)
    }

    /// Sends this much of bob's gold for the sword, and returns how much was used.
    pub async fn fill(&self, amount: &str) -> anyhow::Result<String> {
        self.fill_as(&self.bob, "sword", amount).await
    }

    /// Sends this much gold of an account for trade 0 and its item, and returns how much was used.
    pub async fn fill_as(
        &self,
        payer: &Account,
        item: &str,
        amount: &str,
    ) -> anyhow::Result<String> {
        let msg = json!({ "trade": 0, "item": item }).to_string();
        let args = json!({ "receiver_id": self.app.id(), "amount": amount, "msg": msg });
        let fill = payer.call(self.gold.id(), "ft_transfer_call");
        let fill = fill.args_json(args).deposit(ONE_YOCTO).max_gas();
        Ok(fill.transact().await?.json()?)
    }

    /// Returns the owner of the sword, and the gold of alice, of bob and of our contract.
    pub async fn assets(&self) -> anyhow::Result<(String, [String; 3])> {
        let sword = self.owner("sword").await?;
        let mut gold = [const { String::new() }; 3];
        for (gold, account) in gold
            .iter_mut()
            .zip([self.alice.id(), self.bob.id(), self.app.id()])
        {
            let balance = self.gold.view("ft_balance_of");
            *gold = balance
                .args_json(json!({ "account_id": account }))
                .await?
                .json()?;
        }
        Ok((sword, gold))
    }

    /// Returns the name of the owner of an item.
    pub async fn owner(&self, item: &str) -> anyhow::Result<String> {
        let token = self.items.view("nft_token");
        let token: Value = token.args_json(json!({ "token_id": item })).await?.json()?;
        let owner = token["owner_id"].as_str().unwrap_or_default();
        Ok(owner.trim_end_matches(".test.near").to_string())
    }

    /// Waits until trade 0 has this item.
    pub async fn wait_for(&self, item: &str) -> anyhow::Result<()> {
        let asset = json!({ "item": item });
        loop {
            let trade = self.trade().await?;
            let mut legs = trade["legs"].as_array().into_iter().flatten();
            if legs.any(|leg| leg["asset"] == asset) {
                return Ok(());
            }
            self.worker.fast_forward(1).await?;
        }
    }

    /// Waits until trade 0 has ended or stands still: nothing of it is under way.
    pub async fn settle(&self) -> anyhow::Result<()> {
        loop {
            let trade = self.trade().await?;
            let legs = trade["legs"].as_array().into_iter().flatten();
            let under_way = [json!("new"), json!("asked"), json!("sent")];
            let moves = legs
                .map(|leg| &leg["status"])
                .any(|status| under_way.contains(status));
            if !moves && trade["way"] != "waiting" {
                return Ok(());
            }
            self.worker.fast_forward(1).await?;
        }
    }

    /// Returns trade 0 of the journal, or `null`.
    pub async fn trade(&self) -> anyhow::Result<Value> {
        let trade = self.app.view("get_trade").args_json(json!({ "id": 0 }));
        Ok(trade.await?.json()?)
    }
}

pub fn assert_fails_with(outcome: &ExecutionFinalResult, text: &str) {
    let error = outcome.clone().into_result();
    let error = error.expect_err("the transaction failed").to_string();
    assert!(error.contains(text), "`{text}` is not in `{error}`");
}

/// Creates `<name>.test.near`. It always has the same key.
async fn create(worker: &Worker<Sandbox>, name: &str) -> anyhow::Result<Account> {
    let key = SecretKey::from_seed(KeyType::ED25519, name);
    let account = worker.create_root_account_subaccount(name.parse()?, key);
    Ok(account.await?.into_result()?)
}

async fn deploy(worker: &Worker<Sandbox>, name: &str, wasm: &[u8]) -> anyhow::Result<Contract> {
    let account = create(worker, name).await?;
    Ok(account.deploy(wasm).await?.into_result()?)
}
