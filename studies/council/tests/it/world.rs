//! A chain with a council on it, and ways to propose, vote and execute.

use near_sdk::json_types::Base64VecU8;
use near_workspaces::network::Sandbox;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{Gas, KeyType, NearToken, SecretKey};
use near_workspaces::{Account, AccountId, Contract, Worker};
use serde_json::{Value, json};

use crate::wasm::contract_wasm;

const GUESTBOOK: &[u8] = include_bytes!("../partners/guestbook.wasm");
const ROGUE: &[u8] = include_bytes!("../partners/rogue.wasm");

/// The bond of each proposal.
pub const BOND: NearToken = NearToken::from_near(2);

/// The deposit of each action.
pub const PRICE: NearToken = NearToken::from_near(1);

pub const NOTHING: NearToken = NearToken::from_near(0);

/// A chain of its own for one test. Each account holds 100 NEAR.
pub struct World {
    pub worker: Worker<Sandbox>,
    /// Our contract: `app.test.near`. Its members are alice, bob and carol.
    pub app: Contract,
    pub guestbook: Contract,
    /// A target that misbehaves: see [`World::behave`].
    pub rogue: Contract,
    pub members: [Account; 3],
    /// The account that proposes.
    pub dave: Account,
    /// Another account.
    pub eve: Account,
}

impl World {
    pub async fn new() -> anyhow::Result<Self> {
        let worker = near_workspaces::sandbox().await?;
        let world = Self {
            app: deploy(&worker, "app", contract_wasm()).await?,
            guestbook: deploy(&worker, "guestbook", GUESTBOOK).await?,
            rogue: deploy(&worker, "rogue", ROGUE).await?,
            members: [
                create(&worker, "alice").await?,
                create(&worker, "bob").await?,
                create(&worker, "carol").await?,
            ],
            dave: create(&worker, "dave").await?,
            eve: create(&worker, "eve").await?,
            worker,
        };
        let init = json!({ "members": world.members.each_ref().map(|member| member.id()) });
        let init = world.app.call("new").args_json(init).transact().await?;
        init.into_result()?;
        Ok(world)
    }

    /// Calls our contract with all the gas there is.
    pub async fn call(
        &self,
        caller: &Account,
        method: &str,
        args: Value,
        deposit: NearToken,
    ) -> anyhow::Result<ExecutionFinalResult> {
        let call = caller.call(self.app.id(), method).args_json(args);
        Ok(call.deposit(deposit).max_gas().transact().await?)
    }

    /// Proposes one call with a deposit as dave, whose number is 0.
    pub async fn propose(&self, receiver: &Contract, lifetime: u32) -> anyhow::Result<()> {
        let args = json!({ "text": "The council was here" }).to_string();
        let action = json!({
            "method": "add_message",
            "args": Base64VecU8(args.into_bytes()),
            "deposit": PRICE,
            "gas": Gas::from_tgas(10),
        });
        let args =
            json!({ "receiver_id": receiver.id(), "actions": [action], "lifetime": lifetime });
        let outcome = self.call(&self.dave, "propose", args, BOND).await?;
        assert_eq!(outcome.json::<u32>()?, 0);
        Ok(())
    }

    /// Lets alice and bob approve the next attempt of proposal 0.
    pub async fn approve(&self, attempt: u32) -> anyhow::Result<()> {
        for member in &self.members[..2] {
            let hash = self.hash(0).await?;
            let args = json!({ "id": 0, "hash": hash, "attempt": attempt, "approve": true });
            let outcome = self.call(member, "vote", args, NOTHING).await?;
            outcome.into_result()?;
        }
        Ok(())
    }

    /// Executes proposal 0 as eve.
    pub async fn execute(&self) -> anyhow::Result<ExecutionFinalResult> {
        self.call(&self.eve, "execute", json!({ "id": 0 }), NOTHING)
            .await
    }

    /// Sets the behaviour of the rogue.
    pub async fn behave(&self, behaviour: Value) -> anyhow::Result<()> {
        let behave = self.rogue.call("behave");
        let behave = behave.args_json(json!({ "behaviour": behaviour }));
        behave.transact().await?.into_result()?;
        Ok(())
    }

    /// Returns the status of proposal 0, or `null` if it has ended.
    pub async fn status(&self) -> anyhow::Result<Value> {
        Ok(self.proposal(0).await?["status"].clone())
    }

    /// Returns the hash of a proposal, which a vote names.
    pub async fn hash(&self, id: u32) -> anyhow::Result<Value> {
        Ok(self.proposal(id).await?["hash"].clone())
    }

    async fn proposal(&self, id: u32) -> anyhow::Result<Value> {
        let view = self.app.view("get_proposal");
        Ok(view.args_json(json!({ "id": id })).await?.json()?)
    }

    /// Returns the balance of an account, in yoctoNEAR.
    pub async fn balance(&self, account: &AccountId) -> anyhow::Result<u128> {
        // A node answers before the last refunds have arrived. One block later they have.
        self.worker.fast_forward(1).await?;
        let account = self.worker.view_account(account).await?;
        Ok(account.balance.as_yoctonear())
    }
}

pub fn assert_fails_with(outcome: ExecutionFinalResult, text: &str) {
    let error = outcome.into_result();
    let error = error.expect_err("the transaction failed").to_string();
    assert!(error.contains(text), "`{text}` is not in `{error}`");
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
