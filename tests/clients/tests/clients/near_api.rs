//! Tests of near-api on the embedded sandbox, which near-sandbox starts: the first steps of its users.

mod from_outside;

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

/// A chain for one test, and an account with 10,000 NEAR.
struct TestChain {
    network: NetworkConfig,
    owner: AccountId,
    signer: Arc<Signer>,
    _sandbox: Sandbox,
}

impl TestChain {
    async fn new() -> anyhow::Result<Self> {
        let sandbox = Sandbox::start_sandbox().await?;
        Ok(Self {
            network: NetworkConfig::from_rpc_url("sandbox", sandbox.rpc_addr.parse()?),
            owner: DEFAULT_GENESIS_ACCOUNT.as_str().parse()?,
            signer: Signer::from_secret_key(DEFAULT_GENESIS_ACCOUNT_PRIVATE_KEY.parse()?)?,
            _sandbox: sandbox,
        })
    }

    /// Returns a chain on which the owner has a contract.
    async fn with_contract(name: &str) -> anyhow::Result<(Self, Contract)> {
        let chain = Self::new().await?;
        let deployed = Contract::deploy(chain.owner.clone())
            .use_code(partner_wasm(name)?)
            .without_init_call()
            .with_signer(chain.signer.clone())
            .send_to(&chain.network)
            .await?;
        finished(deployed)?.into_result()?;
        let contract = Contract(chain.owner.clone());
        Ok((chain, contract))
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

    /// Creates an account below the owner's.
    async fn create_account(&self, name: &str, balance: NearToken) -> anyhow::Result<Account> {
        let id: AccountId = format!("{name}.{}", self.owner).parse()?;
        let created = Account::create_account(id.clone())
            .fund_myself(self.owner.clone(), balance)
            .with_public_key(signer::generate_secret_key()?.public_key())
            .with_signer(self.signer.clone())
            .send_to(&self.network)
            .await?;
        finished(created)?.into_result()?;
        Ok(Account(id))
    }

    async fn balance(&self, account: &AccountId) -> anyhow::Result<NearToken> {
        let tokens = Tokens::account(account.clone()).near_balance();
        Ok(tokens.fetch_from(&self.network).await?.total)
    }
}

fn finished(sent: TransactionResult) -> anyhow::Result<ExecutionFinalResult> {
    sent.into_full()
        .ok_or_else(|| anyhow::anyhow!("the transaction is not complete"))
}

#[tokio::test]
async fn an_account_is_created_with_its_key_and_balance() -> anyhow::Result<()> {
    let chain = TestChain::new().await?;
    let bob = chain.create_account("bob", NearToken::from_near(7)).await?;
    assert_eq!(chain.balance(&bob.0).await?, NearToken::from_near(7));
    Ok(())
}

#[tokio::test]
async fn a_transfer_moves_the_exact_amount() -> anyhow::Result<()> {
    let chain = TestChain::new().await?;
    let bob = chain.create_account("bob", NearToken::from_near(1)).await?;
    let sent = Tokens::account(chain.owner.clone())
        .send_to(bob.0.clone())
        .near(NearToken::from_near(2))
        .with_signer(chain.signer.clone())
        .send_to(&chain.network)
        .await?;
    finished(sent)?.into_result()?;
    assert_eq!(chain.balance(&bob.0).await?, NearToken::from_near(3));
    Ok(())
}

#[tokio::test]
async fn the_code_of_a_contract_is_the_deployed_code() -> anyhow::Result<()> {
    let (chain, contract) = TestChain::with_contract("counter").await?;
    let code = contract.wasm().fetch_from(&chain.network).await?.data;
    let wasm = partner_wasm("counter")?;
    assert_eq!(CryptoHash::from(code.hash), CryptoHash::hash(&wasm));
    Ok(())
}

#[tokio::test]
async fn a_view_returns_the_state_after_a_call() -> anyhow::Result<()> {
    let (chain, contract) = TestChain::with_contract("counter").await?;
    chain.call(&contract, "increment").await?.into_result()?;
    let number: Data<i8> = contract
        .call_function("get_num", ())
        .read_only()
        .fetch_from(&chain.network)
        .await?;
    assert_eq!(number.data, 1);
    Ok(())
}

#[tokio::test]
async fn the_state_of_a_contract_can_be_read() -> anyhow::Result<()> {
    let (chain, contract) = TestChain::with_contract("counter").await?;
    chain.call(&contract, "increment").await?.into_result()?;
    let state = contract.view_storage().fetch_from(&chain.network).await?;
    let entries: Vec<_> = state
        .data
        .values
        .iter()
        .map(|entry| (entry.key.0.as_str(), entry.value.0.as_str()))
        .collect();
    // The key `STATE` and the one byte of the counter, in base64.
    assert_eq!(entries, [("U1RBVEU=", "AQ==")]);
    Ok(())
}

#[tokio::test]
async fn a_failed_call_returns_its_reason() -> anyhow::Result<()> {
    let (chain, contract) = TestChain::with_contract("counter").await?;
    let failed = chain.call(&contract, "no_such_method").await?;
    let error = failed.into_result().expect_err("there is no such method");
    assert!(error.to_string().contains("MethodNotFound"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_failed_view_returns_its_reason() -> anyhow::Result<()> {
    let (chain, contract) = TestChain::with_contract("counter").await?;
    let view = contract
        .call_function("no_such_method", ())
        .read_only::<i8>();
    let error = view
        .fetch_from(&chain.network)
        .await
        .expect_err("there is no such method");
    assert!(error.to_string().contains("MethodNotFound"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_missing_account_is_an_unknown_account() -> anyhow::Result<()> {
    let chain = TestChain::new().await?;
    let nobody = Account("nobody.sandbox".parse()?);
    let error = nobody
        .view()
        .fetch_from(&chain.network)
        .await
        .expect_err("the account does not exist");
    assert!(error.to_string().contains("UnknownAccount"), "{error}");
    Ok(())
}

#[tokio::test]
async fn the_status_of_a_transaction_is_available() -> anyhow::Result<()> {
    let (chain, contract) = TestChain::with_contract("counter").await?;
    let called = chain.call(&contract, "increment").await?;
    let hash = called.outcome().transaction_hash;
    let status = Transaction::status(chain.owner.clone(), hash)
        .fetch_from(&chain.network)
        .await?;
    assert!(status.is_success());
    assert_eq!(status.logs(), ["The counter is now at 1"]);
    Ok(())
}

#[tokio::test]
async fn a_client_can_wait_later_for_a_transaction() -> anyhow::Result<()> {
    let (chain, contract) = TestChain::with_contract("counter").await?;
    let presigned = contract
        .call_function("increment", ())
        .transaction()
        .with_signer(chain.owner.clone(), chain.signer.clone())
        .wait_until(TxExecutionStatus::None)
        .presign_with(&chain.network)
        .await?;
    let TransactionableOrSigned::Signed((signed, _)) = &presigned.transaction else {
        anyhow::bail!("presign_with signs")
    };
    let hash = signed.get_hash();
    let sent = presigned.send_to(&chain.network).await?;
    assert_eq!(sent.pending_status(), Some(TxExecutionStatus::None));

    let owner = chain.owner.clone();
    let status = Transaction::status_with_options(owner, hash, TxExecutionStatus::Final)
        .fetch_from(&chain.network)
        .await?;
    assert!(status.is_success());
    Ok(())
}

#[tokio::test]
async fn a_receipt_is_available_by_its_id() -> anyhow::Result<()> {
    let (chain, contract) = TestChain::with_contract("counter").await?;
    let called = chain.call(&contract, "increment").await?;
    let id = called.outcome().receipt_ids[0];
    let receipt = Transaction::receipt(id).fetch_from(&chain.network).await?;
    assert_eq!(CryptoHash::from(receipt.receipt_id), id);
    assert_eq!(receipt.receiver_id, chain.owner);
    Ok(())
}

#[tokio::test]
async fn a_key_exists_until_it_is_deleted() -> anyhow::Result<()> {
    let chain = TestChain::new().await?;
    let account = Account(chain.owner.clone());
    let key = signer::generate_secret_key()?.public_key();

    let added = account
        .add_key(AccessKeyPermission::FullAccess, key)
        .with_signer(chain.signer.clone())
        .send_to(&chain.network)
        .await?;
    finished(added)?.into_result()?;
    let found = account.access_key(key).fetch_from(&chain.network).await?;
    assert_eq!(found.data.permission, AccessKeyPermission::FullAccess);

    let deleted = account
        .delete_key(key)
        .with_signer(chain.signer.clone())
        .send_to(&chain.network)
        .await?;
    finished(deleted)?.into_result()?;
    let keys = account.list_keys().fetch_from(&chain.network).await?;
    let keys: Vec<_> = keys.data.into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, [chain.signer.get_public_key().await?]);
    Ok(())
}

#[tokio::test]
async fn a_block_is_the_same_by_height_and_by_hash() -> anyhow::Result<()> {
    let chain = TestChain::new().await?;
    let latest = Chain::block().fetch_from(&chain.network).await?;
    let by_height = Chain::block()
        .at(Reference::AtBlock(latest.header.height))
        .fetch_from(&chain.network)
        .await?;
    let hash = CryptoHash::from(latest.header.hash.clone());
    let by_hash = Chain::block()
        .at(Reference::AtBlockHash(hash))
        .fetch_from(&chain.network)
        .await?;
    assert_eq!(by_height.header.hash, latest.header.hash);
    assert_eq!(by_hash.header.height, latest.header.height);
    Ok(())
}

#[tokio::test]
async fn an_account_can_use_the_global_contract_of_another() -> anyhow::Result<()> {
    let chain = TestChain::new().await?;
    let wasm = partner_wasm("counter")?;
    let shared = Contract::deploy_global_contract_code(wasm.clone())
        .as_hash()
        .with_signer(chain.owner.clone(), chain.signer.clone())
        .send_to(&chain.network)
        .await?;
    finished(shared)?.into_result()?;
    let used = Contract::deploy(chain.owner.clone())
        .use_global_hash(CryptoHash::hash(&wasm))
        .without_init_call()
        .with_signer(chain.signer.clone())
        .send_to(&chain.network)
        .await?;
    finished(used)?.into_result()?;
    let contract = Contract(chain.owner.clone());
    let called = chain.call(&contract, "increment").await?;
    assert_eq!(called.logs(), ["The counter is now at 1"]);
    Ok(())
}
