//! A chain with a pool that carol has filled, and ways to trade there.

use near_workspaces::network::Sandbox;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{AccountId, KeyType, NearToken, SecretKey};
use near_workspaces::{Account, Contract, Worker};
use serde_json::{Value, json};

use crate::wasm::contract_wasm;

const TOKEN: &[u8] = include_bytes!("../partners/token.wasm");

pub const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// The price of an account at a token: 125 bytes.
const ROOM: NearToken = NearToken::from_micronear(1_250);

/// The price of an account at the pool: 164 bytes.
const ACCOUNT: NearToken = NearToken::from_micronear(1_640);

/// A chain of its own for one test. The pool has 10,000 gold and 10,000 silver of carol.
pub struct World {
    /// Our contract: `app.test.near`.
    pub app: Contract,
    pub gold: Contract,
    pub silver: Contract,
    /// A user with 1,000 gold, and without room for silver.
    pub alice: Account,
    /// The user who has filled the pool. She has all other tokens.
    pub carol: Account,
}

impl World {
    pub async fn new() -> anyhow::Result<Self> {
        let worker = near_workspaces::sandbox().await?;
        let carol = create(&worker, "carol").await?;
        let world = Self {
            app: deploy(&worker, "app", contract_wasm()).await?,
            gold: deploy(&worker, "gold", TOKEN).await?,
            silver: deploy(&worker, "silver", TOKEN).await?,
            alice: create(&worker, "alice").await?,
            carol,
        };
        world.fill().await?;
        Ok(world)
    }

    /// Mints the tokens, registers the pool and alice, and fills the pool.
    async fn fill(&self) -> anyhow::Result<()> {
        for token in [&self.gold, &self.silver] {
            let init = json!({ "owner_id": self.carol.id(), "total_supply": "1000000" });
            let init = token.call("new").args_json(init).transact().await?;
            init.into_result()?;
            self.add_room(token, self.app.id()).await?;
        }
        self.add_room(&self.gold, self.alice.id()).await?;
        let gift = json!({ "receiver_id": self.alice.id(), "amount": "1000" });
        let gift = self
            .carol
            .call(self.gold.id(), "ft_transfer")
            .args_json(gift);
        gift.deposit(ONE_YOCTO).transact().await?.into_result()?;

        let tokens = json!({ "tokens": [self.gold.id(), self.silver.id()] });
        let init = self.app.call("new").args_json(tokens).transact().await?;
        init.into_result()?;
        let register = self.carol.call(self.app.id(), "register");
        register.deposit(ACCOUNT).transact().await?.into_result()?;
        for token in [&self.gold, &self.silver] {
            let add = json!({ "add": { "min_shares": "0", "min_in": ["0", "0"] } });
            let added = self.transfer_call(&self.carol, token, 10_000, add).await?;
            added.into_result()?;
        }
        Ok(())
    }

    /// Registers an account with a token. Carol pays.
    pub async fn add_room(&self, token: &Contract, user: &AccountId) -> anyhow::Result<()> {
        let room = self.carol.call(token.id(), "storage_deposit");
        let room = room.args_json(json!({ "account_id": user })).deposit(ROOM);
        room.transact().await?.into_result()?;
        Ok(())
    }

    /// Sends tokens to the pool with an order.
    pub async fn transfer_call(
        &self,
        user: &Account,
        token: &Contract,
        amount: u128,
        order: Value,
    ) -> anyhow::Result<ExecutionFinalResult> {
        let args = json!({
            "receiver_id": self.app.id(),
            "amount": amount.to_string(),
            "msg": order.to_string(),
        });
        let call = user.call(token.id(), "ft_transfer_call").args_json(args);
        Ok(call.deposit(ONE_YOCTO).max_gas().transact().await?)
    }

    /// Swaps 1,000 gold of alice, and returns how much of it was used.
    pub async fn swap(&self, min_out: u128) -> anyhow::Result<String> {
        let deadline = u64::MAX.to_string();
        let order = json!({ "swap": { "min_out": min_out.to_string(), "deadline": deadline } });
        let swap = self.transfer_call(&self.alice, &self.gold, 1_000, order);
        Ok(swap.await?.json()?)
    }

    /// Returns the gold and the silver of an account.
    pub async fn holdings(&self, user: &AccountId) -> anyhow::Result<[String; 2]> {
        let args = json!({ "account_id": user });
        let gold = self.gold.view("ft_balance_of").args_json(args.clone());
        let silver = self.silver.view("ft_balance_of").args_json(args);
        Ok([gold.await?.json()?, silver.await?.json()?])
    }

    /// Returns the bounds of the reserves.
    pub async fn reserves(&self) -> anyhow::Result<Value> {
        Ok(self.app.view("get_reserves").await?.json()?)
    }
}

async fn create(worker: &Worker<Sandbox>, name: &str) -> anyhow::Result<Account> {
    let key = SecretKey::from_seed(KeyType::ED25519, name);
    let account = worker.create_root_account_subaccount(name.parse()?, key);
    Ok(account.await?.into_result()?)
}

async fn deploy(worker: &Worker<Sandbox>, name: &str, wasm: &[u8]) -> anyhow::Result<Contract> {
    let account = create(worker, name).await?;
    Ok(account.deploy(wasm).await?.into_result()?)
}
