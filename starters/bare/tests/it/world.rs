//! A chain with everyone on it, and ways to read what a transaction did.

use near_workspaces::network::Sandbox;
use near_workspaces::operations::CallTransaction;
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{KeyType, NearToken, SecretKey};
use near_workspaces::{Account, Contract, Worker};
use serde_json::{Value, json};

use crate::wasm::contract_wasm;

const GUESTBOOK: &[u8] = include_bytes!("../partners/guestbook.wasm");
const ROGUE: &[u8] = include_bytes!("../partners/rogue.wasm");

pub const ONE_NEAR: NearToken = NearToken::from_near(1);
pub const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);

/// Amounts of alice, our contract, the guestbook and the rogue, in yoctoNEAR.
pub type Balances = [i128; 4];

/// A chain of its own for one test. Each account holds 100 NEAR.
pub struct World {
    pub worker: Worker<Sandbox>,
    /// Our contract: `app.test.near`. It knows `guestbook` as its partner, and owns itself.
    pub app: Contract,
    pub guestbook: Contract,
    /// A guestbook that misbehaves: see [`World::behave`].
    pub rogue: Contract,
    pub alice: Account,
}

impl World {
    pub async fn new() -> anyhow::Result<Self> {
        Self::with_release(contract_wasm()).await
    }

    /// Returns a chain on which our account has the code of this release.
    pub async fn with_release(wasm: &[u8]) -> anyhow::Result<Self> {
        let worker = near_workspaces::sandbox().await?;
        let world = Self {
            app: deploy(&worker, "app", wasm).await?,
            guestbook: deploy(&worker, "guestbook", GUESTBOOK).await?,
            rogue: deploy(&worker, "rogue", ROGUE).await?,
            alice: create(&worker, "alice").await?,
            worker,
        };
        let init = json!({ "partners": { "guestbook": world.guestbook.id() } });
        let init = world.app.call("new").args_json(init).transact().await?;
        init.into_result()?;
        Ok(world)
    }

    /// Returns a call by alice to a method of our contract, with all the gas there is.
    pub fn call(&self, method: &str, args: Value) -> CallTransaction {
        let call = self.alice.call(self.app.id(), method);
        call.args_json(args).max_gas()
    }

    /// Sends a call as the owner, which succeeds, and returns its logs.
    pub async fn by_owner(&self, method: &str, args: Value) -> anyhow::Result<Vec<String>> {
        let call = self.app.call(method).args_json(args).max_gas();
        let outcome = call.deposit(ONE_YOCTO).transact().await?.into_result()?;
        Ok(outcome.logs().into_iter().map(str::to_string).collect())
    }

    /// Makes the rogue our guestbook, with this behaviour.
    pub async fn behave(&self, behaviour: Value) -> anyhow::Result<()> {
        let partners = json!({ "partners": { "guestbook": self.rogue.id() } });
        self.by_owner("set_partners", partners).await?;
        let behave = self.rogue.call("behave");
        let behave = behave.args_json(json!({ "behaviour": behaviour }));
        behave.transact().await?.into_result()?;
        Ok(())
    }

    /// Returns what a view without arguments returns.
    pub async fn view(&self, method: &str) -> anyhow::Result<Value> {
        Ok(self.app.view(method).await?.json()?)
    }

    /// Returns the balances of alice, our contract, the guestbook and the rogue, in yoctoNEAR.
    pub async fn balances(&self) -> anyhow::Result<Balances> {
        // A node answers before the last gas refunds have arrived. One block later they have.
        self.worker.fast_forward(1).await?;
        let (app, guestbook, rogue) = (self.app.id(), self.guestbook.id(), self.rogue.id());
        let mut balances = [0; 4];
        for (balance, account) in balances
            .iter_mut()
            .zip([self.alice.id(), app, guestbook, rogue])
        {
            let account = self.worker.view_account(account).await?;
            *balance = account.balance.as_yoctonear() as i128;
        }
        Ok(balances)
    }

    /// Checks how the balances have changed since `before`, apart from the gas that alice paid for
    /// this transaction.
    pub async fn assert_changes(
        &self,
        before: Balances,
        changes: Balances,
        outcome: &ExecutionFinalResult,
    ) -> anyhow::Result<()> {
        let mut found = self.balances().await?;
        for (found, before) in found.iter_mut().zip(before) {
            *found -= before;
        }
        let burnt = outcome.outcomes().into_iter().map(|one| one.tokens_burnt);
        found[0] += burnt
            .map(|burnt| burnt.as_yoctonear() as i128)
            .sum::<i128>();
        assert_eq!(found, changes, "{outcome:#?}");
        Ok(())
    }
}

pub fn assert_fails_with(outcome: &ExecutionFinalResult, text: &str) {
    let error = outcome.clone().into_result();
    let error = error.expect_err("the transaction failed").to_string();
    assert!(error.contains(text), "`{text}` is not in `{error}`");
}

/// Creates `<name>.test.near`. It always has the same key.
pub async fn create(worker: &Worker<Sandbox>, name: &str) -> anyhow::Result<Account> {
    let account = worker.create_root_account_subaccount(name.parse()?, key(name));
    Ok(account.await?.into_result()?)
}

async fn deploy(worker: &Worker<Sandbox>, name: &str, wasm: &[u8]) -> anyhow::Result<Contract> {
    Ok(create(worker, name)
        .await?
        .deploy(wasm)
        .await?
        .into_result()?)
}

fn key(name: &str) -> SecretKey {
    SecretKey::from_seed(KeyType::ED25519, name)
}
