//! near-api on the embedded sandbox, which near-sandbox starts: each thing that its users do first.

use std::sync::Arc;

use near_api::advanced::TransactionableOrSigned;
use near_api::types::transaction::result::{ExecutionFinalResult, TransactionResult};
use near_api::types::{AccessKeyPermission, TxExecutionStatus};
use near_api::{
    Account, AccountId, Chain, Contract, CryptoHash, Data, NearToken, NetworkConfig, Reference,
    Signer, Tokens, Transaction, signer,
};
use near_sandbox::Sandbox;
use near_sandbox::config::{DEFAULT_GENESIS_ACCOUNT, DEFAULT_GENESIS_ACCOUNT_PRIVATE_KEY};
use sandbox_clients::partner_wasm;

/// A chain of its own for one test, and an account with 10,000 NEAR.
struct World {
    network: NetworkConfig,
    owner: AccountId,
    signer: Arc<Signer>,
    _sandbox: Sandbox,
}

impl World {
    async fn new() -> anyhow::Result<Self> {
        let sandbox = Sandbox::start_sandbox().await?;
        Ok(Self {
            network: NetworkConfig::from_rpc_url("sandbox", sandbox.rpc_addr.parse()?),
            owner: DEFAULT_GENESIS_ACCOUNT.as_str().parse()?,
            signer: Signer::from_secret_key(DEFAULT_GENESIS_ACCOUNT_PRIVATE_KEY.parse()?)?,
            _sandbox: sandbox,
        })
    }

    /// A chain on which the owner has a contract.
    async fn with_contract(name: &str) -> anyhow::Result<(Self, Contract)> {
        let world = Self::new().await?;
        let deployed = Contract::deploy(world.owner.clone())
            .use_code(partner_wasm(name)?)
            .without_init_call()
            .with_signer(world.signer.clone())
            .send_to(&world.network)
            .await?;
        finished(deployed)?.into_result()?;
        let contract = Contract(world.owner.clone());
        Ok((world, contract))
    }

    /// Calls a method without arguments.
    async fn call(
        &self,
        contract: &Contract,
        method: &str,
    ) -> anyhow::Result<ExecutionFinalResult> {
        let sent = contract
            .call_function(method, ())
            .transaction()
            .with_signer(self.owner.clone(), self.signer.clone())
            .send_to(&self.network)
            .await?;
        finished(sent)
    }

    /// A new account below the owner's.
    async fn make(&self, name: &str, balance: NearToken) -> anyhow::Result<Account> {
        let id: AccountId = format!("{name}.{}", self.owner).parse()?;
        let made = Account::create_account(id.clone())
            .fund_myself(self.owner.clone(), balance)
            .with_public_key(signer::generate_secret_key()?.public_key())
            .with_signer(self.signer.clone())
            .send_to(&self.network)
            .await?;
        finished(made)?.into_result()?;
        Ok(Account(id))
    }

    async fn balance(&self, account: &AccountId) -> anyhow::Result<NearToken> {
        let tokens = Tokens::account(account.clone()).near_balance();
        Ok(tokens.fetch_from(&self.network).await?.total)
    }
}

fn finished(sent: TransactionResult) -> anyhow::Result<ExecutionFinalResult> {
    sent.into_full()
        .ok_or_else(|| anyhow::anyhow!("the transaction is still under way"))
}

#[tokio::test]
async fn an_account_is_made_with_what_it_is_given() -> anyhow::Result<()> {
    let world = World::new().await?;
    let bob = world.make("bob", NearToken::from_near(7)).await?;
    assert_eq!(world.balance(&bob.0).await?, NearToken::from_near(7));
    Ok(())
}

#[tokio::test]
async fn tokens_arrive_whole() -> anyhow::Result<()> {
    let world = World::new().await?;
    let bob = world.make("bob", NearToken::from_near(1)).await?;
    let sent = Tokens::account(world.owner.clone())
        .send_to(bob.0.clone())
        .near(NearToken::from_near(2))
        .with_signer(world.signer.clone())
        .send_to(&world.network)
        .await?;
    finished(sent)?.into_result()?;
    assert_eq!(world.balance(&bob.0).await?, NearToken::from_near(3));
    Ok(())
}

#[tokio::test]
async fn the_code_of_a_contract_is_what_was_deployed() -> anyhow::Result<()> {
    let (world, contract) = World::with_contract("counter").await?;
    let code = contract.wasm().fetch_from(&world.network).await?.data;
    let wasm = partner_wasm("counter")?;
    assert_eq!(CryptoHash::from(code.hash), CryptoHash::hash(&wasm));
    Ok(())
}

#[tokio::test]
async fn a_view_sees_what_a_call_has_changed() -> anyhow::Result<()> {
    let (world, contract) = World::with_contract("counter").await?;
    world.call(&contract, "increment").await?.into_result()?;
    let number: Data<i8> = contract
        .call_function("get_num", ())
        .read_only()
        .fetch_from(&world.network)
        .await?;
    assert_eq!(number.data, 1);
    Ok(())
}

#[tokio::test]
async fn the_state_of_a_contract_can_be_read() -> anyhow::Result<()> {
    let (world, contract) = World::with_contract("counter").await?;
    world.call(&contract, "increment").await?.into_result()?;
    let state = contract.view_storage().fetch_from(&world.network).await?;
    let entries: Vec<_> = state
        .data
        .values
        .iter()
        .map(|entry| (entry.key.0.as_str(), entry.value.0.as_str()))
        .collect();
    // `STATE` and the one byte of the counter, in base64.
    assert_eq!(entries, [("U1RBVEU=", "AQ==")]);
    Ok(())
}

#[tokio::test]
async fn a_call_that_fails_says_why() -> anyhow::Result<()> {
    let (world, contract) = World::with_contract("counter").await?;
    let failed = world.call(&contract, "no_such_method").await?;
    let error = failed.into_result().expect_err("there is no such method");
    assert!(error.to_string().contains("MethodNotFound"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_view_that_fails_says_why() -> anyhow::Result<()> {
    let (world, contract) = World::with_contract("counter").await?;
    let view = contract
        .call_function("no_such_method", ())
        .read_only::<i8>();
    let error = view
        .fetch_from(&world.network)
        .await
        .expect_err("there is no such method");
    assert!(error.to_string().contains("MethodNotFound"), "{error}");
    Ok(())
}

#[tokio::test]
async fn an_account_that_is_not_there_is_said_to_be_unknown() -> anyhow::Result<()> {
    let world = World::new().await?;
    let nobody = Account("nobody.sandbox".parse()?);
    let error = nobody
        .view()
        .fetch_from(&world.network)
        .await
        .expect_err("there is no such account");
    assert!(error.to_string().contains("UnknownAccount"), "{error}");
    Ok(())
}

#[tokio::test]
async fn the_status_of_a_transaction_can_be_asked_for() -> anyhow::Result<()> {
    let (world, contract) = World::with_contract("counter").await?;
    let called = world.call(&contract, "increment").await?;
    let hash = called.outcome().transaction_hash;
    let status = Transaction::status(world.owner.clone(), hash)
        .fetch_from(&world.network)
        .await?;
    assert!(status.is_success());
    assert_eq!(status.logs(), ["The counter is now at 1"]);
    Ok(())
}

#[tokio::test]
async fn a_transaction_that_was_not_waited_for_can_be_waited_for_later() -> anyhow::Result<()> {
    let (world, contract) = World::with_contract("counter").await?;
    let presigned = contract
        .call_function("increment", ())
        .transaction()
        .with_signer(world.owner.clone(), world.signer.clone())
        .wait_until(TxExecutionStatus::None)
        .presign_with(&world.network)
        .await?;
    let TransactionableOrSigned::Signed((signed, _)) = &presigned.transaction else {
        anyhow::bail!("presign_with signs")
    };
    let hash = signed.get_hash();
    let sent = presigned.send_to(&world.network).await?;
    assert_eq!(sent.pending_status(), Some(TxExecutionStatus::None));

    let owner = world.owner.clone();
    let status = Transaction::status_with_options(owner, hash, TxExecutionStatus::Final)
        .fetch_from(&world.network)
        .await?;
    assert!(status.is_success());
    Ok(())
}

#[tokio::test]
async fn a_receipt_can_be_read() -> anyhow::Result<()> {
    let (world, contract) = World::with_contract("counter").await?;
    let called = world.call(&contract, "increment").await?;
    let id = called.outcome().receipt_ids[0];
    let receipt = Transaction::receipt(id).fetch_from(&world.network).await?;
    assert_eq!(CryptoHash::from(receipt.receipt_id), id);
    assert_eq!(receipt.receiver_id, world.owner);
    Ok(())
}

#[tokio::test]
async fn a_key_is_there_between_adding_and_deleting_it() -> anyhow::Result<()> {
    let world = World::new().await?;
    let account = Account(world.owner.clone());
    let key = signer::generate_secret_key()?.public_key();

    let added = account
        .add_key(AccessKeyPermission::FullAccess, key)
        .with_signer(world.signer.clone())
        .send_to(&world.network)
        .await?;
    finished(added)?.into_result()?;
    let found = account.access_key(key).fetch_from(&world.network).await?;
    assert_eq!(found.data.permission, AccessKeyPermission::FullAccess);

    let deleted = account
        .delete_key(key)
        .with_signer(world.signer.clone())
        .send_to(&world.network)
        .await?;
    finished(deleted)?.into_result()?;
    let keys = account.list_keys().fetch_from(&world.network).await?;
    let keys: Vec<_> = keys.data.into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, [world.signer.get_public_key().await?]);
    Ok(())
}

#[tokio::test]
async fn a_block_is_the_same_by_height_and_by_hash() -> anyhow::Result<()> {
    let world = World::new().await?;
    let latest = Chain::block().fetch_from(&world.network).await?;
    let by_height = Chain::block()
        .at(Reference::AtBlock(latest.header.height))
        .fetch_from(&world.network)
        .await?;
    let hash = CryptoHash::from(latest.header.hash.clone());
    let by_hash = Chain::block()
        .at(Reference::AtBlockHash(hash))
        .fetch_from(&world.network)
        .await?;
    assert_eq!(by_height.header.hash, latest.header.hash);
    assert_eq!(by_hash.header.height, latest.header.height);
    Ok(())
}

#[tokio::test]
async fn an_account_can_use_the_code_of_another_one() -> anyhow::Result<()> {
    let world = World::new().await?;
    let wasm = partner_wasm("counter")?;
    let shared = Contract::deploy_global_contract_code(wasm.clone())
        .as_hash()
        .with_signer(world.owner.clone(), world.signer.clone())
        .send_to(&world.network)
        .await?;
    finished(shared)?.into_result()?;
    let used = Contract::deploy(world.owner.clone())
        .use_global_hash(CryptoHash::hash(&wasm))
        .without_init_call()
        .with_signer(world.signer.clone())
        .send_to(&world.network)
        .await?;
    finished(used)?.into_result()?;
    let contract = Contract(world.owner.clone());
    let called = world.call(&contract, "increment").await?;
    assert_eq!(called.logs(), ["The counter is now at 1"]);
    Ok(())
}
