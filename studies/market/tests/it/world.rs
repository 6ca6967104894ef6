//! A chain with everyone on it, and ways to read what a transaction did.

use near_workspaces::network::Sandbox;
use near_workspaces::operations::CallTransaction;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{KeyType, NearToken, SecretKey};
use near_workspaces::{Account, AccountId, Contract, Worker};
use serde_json::{Value, json};

use crate::wasm::contract_wasm;

const NFT: &[u8] = include_bytes!("../partners/nft.wasm");
const ROGUE_NFT: &[u8] = include_bytes!("../partners/rogue_nft.wasm");
const TOKEN: &[u8] = include_bytes!("../partners/token.wasm");

/// The price of the lamp.
pub const PRICE: NearToken = NearToken::from_near(10);

/// The deposit of a transfer.
pub const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// Amounts of alice, bob, the artist and our contract, in yoctoNEAR.
pub type Balances = [i128; 4];

/// A chain of its own for one test. Each account holds 100 NEAR. bob sells a lamp of each
/// collection, and the first collection has a royalty of 10 % for the artist.
pub struct World {
    pub worker: Worker<Sandbox>,
    /// Our contract: `app.test.near`. It trusts both collections.
    pub app: Contract,
    pub nft: Contract,
    /// A collection that misbehaves.
    pub rogue: Contract,
    pub alice: Account,
    pub bob: Account,
    pub artist: Account,
}

impl World {
    pub async fn new() -> anyhow::Result<Self> {
        let worker = near_workspaces::sandbox().await?;
        let world = Self {
            app: deploy(&worker, "app", contract_wasm()).await?,
            nft: deploy(&worker, "nft", NFT).await?,
            rogue: deploy(&worker, "rogue", ROGUE_NFT).await?,
            alice: create(&worker, "alice").await?,
            bob: create(&worker, "bob").await?,
            artist: create(&worker, "artist").await?,
            worker,
        };
        let (app, nft, bob) = (&world.app, &world.nft, &world.bob);
        let trusted = json!({ "trusted": [nft.id(), world.rogue.id()] });
        succeed(app.call("new").args_json(trusted)).await?;
        let royalties = json!({ world.artist.id().as_str(): 1_000 });
        let init = json!({ "owner_id": nft.id(), "royalties": royalties });
        succeed(nft.call("new").args_json(init)).await?;
        let mint = json!({ "token_id": "lamp", "receiver_id": bob.id() });
        let mint = nft.call("nft_mint").args_json(mint);
        succeed(mint.deposit(NearToken::from_millinear(100))).await?;

        let deposit = bob.call(app.id(), "add_storage_deposit");
        succeed(deposit.deposit(NearToken::from_millinear(6))).await?;
        let msg = json!({ "price": PRICE }).to_string();
        world.approve(msg).await?;
        let offer = json!({ "market": app.id(), "token_id": "lamp", "price": PRICE });
        let offer = bob.call(world.rogue.id(), "offer").args_json(offer);
        succeed(offer.max_gas()).await?;
        Ok(world)
    }

    /// Deploys a fungible token that the market trusts. alice has 100, bob and the market have
    /// accounts, the artist has none. bob asks 100 for the lamp.
    pub async fn ask_tokens(&self) -> anyhow::Result<Contract> {
        let token = deploy(&self.worker, "token", TOKEN).await?;
        let init = json!({ "owner_id": self.alice.id(), "total_supply": "100" });
        succeed(token.call("new").args_json(init)).await?;
        for user in [self.app.id(), self.bob.id()] {
            register(&token, &self.alice, user).await?;
        }
        let trust = self.app.call("trust");
        let trust = trust.args_json(json!({ "contract_id": token.id(), "is_trusted": true }));
        succeed(trust.deposit(ONE_YOCTO)).await?;

        let deposit = self.bob.call(self.app.id(), "add_storage_deposit");
        succeed(deposit.deposit(NearToken::from_millinear(25))).await?;
        let msg = json!({ "price": "100", "currency": token.id() }).to_string();
        self.approve(msg).await?;
        Ok(token)
    }

    async fn approve(&self, msg: String) -> anyhow::Result<()> {
        let args = json!({ "token_id": "lamp", "account_id": self.app.id(), "msg": msg });
        let approval = self.bob.call(self.nft.id(), "nft_approve").args_json(args);
        succeed(approval.deposit(NearToken::from_millinear(1)).max_gas()).await
    }

    /// Sets the behaviour of the second collection.
    pub async fn behave(&self, behaviour: Value) -> anyhow::Result<()> {
        let behave = self.rogue.call("behave");
        succeed(behave.args_json(json!({ "behaviour": behaviour }))).await
    }

    /// Returns the purchase of the lamp by alice.
    pub fn buy(&self, collection: &Contract) -> CallTransaction {
        let args = json!({ "collection": collection.id(), "token_id": "lamp" });
        let call = self.alice.call(self.app.id(), "buy").args_json(args);
        call.deposit(PRICE).max_gas()
    }

    /// Returns the owner of the lamp.
    pub async fn owner(&self, collection: &Contract) -> anyhow::Result<Value> {
        let token = collection.view("nft_token");
        let token: Value = token
            .args_json(json!({ "token_id": "lamp" }))
            .await?
            .json()?;
        Ok(token["owner_id"].clone())
    }

    /// Returns the balances of alice, bob, the artist and our contract, in yoctoNEAR.
    pub async fn balances(&self) -> anyhow::Result<Balances> {
        // A node answers before the last gas refunds have arrived. One block later they have.
        self.worker.fast_forward(1).await?;
        let accounts = [&self.alice, &self.bob, &self.artist, self.app.as_account()];
        let mut balances = [0; 4];
        for (balance, account) in balances.iter_mut().zip(accounts) {
            let account = account.view_account().await?;
            *balance = account.balance.as_yoctonear() as i128;
        }
        Ok(balances)
    }

    /// Returns how the balances have changed since `before`, apart from the gas that alice paid for
    /// this transaction.
    pub async fn changes(
        &self,
        before: Balances,
        outcome: &ExecutionFinalResult,
    ) -> anyhow::Result<Balances> {
        let mut changes = self.balances().await?;
        for (change, before) in changes.iter_mut().zip(before) {
            *change -= before;
        }
        let burnt = outcome.outcomes().into_iter().map(|one| one.tokens_burnt);
        changes[0] += burnt
            .map(|burnt| burnt.as_yoctonear() as i128)
            .sum::<i128>();
        Ok(changes)
    }
}

pub fn assert_fails_with(outcome: &ExecutionFinalResult, text: &str) {
    let error = outcome.clone().into_result();
    let error = error.expect_err("the transaction failed").to_string();
    assert!(error.contains(text), "`{text}` is not in `{error}`");
}

/// Registers an account with a fungible token. `payer` pays for its storage.
pub async fn register(token: &Contract, payer: &Account, user: &AccountId) -> anyhow::Result<()> {
    let call = payer.call(token.id(), "storage_deposit");
    let call = call.args_json(json!({ "account_id": user }));
    succeed(call.deposit(NearToken::from_micronear(1_250))).await
}

async fn succeed(call: CallTransaction) -> anyhow::Result<()> {
    call.transact().await?.into_result()?;
    Ok(())
}

/// Creates `<name>.test.near`. It always has the same key.
async fn create(worker: &Worker<Sandbox>, name: &str) -> anyhow::Result<Account> {
    let key = SecretKey::from_seed(KeyType::ED25519, name);
    let account = worker.create_root_account_subaccount(name.parse()?, key);
    Ok(account.await?.into_result()?)
}

async fn deploy(worker: &Worker<Sandbox>, name: &str, wasm: &[u8]) -> anyhow::Result<Contract> {
    Ok(create(worker, name)
        .await?
        .deploy(wasm)
        .await?
        .into_result()?)
}
