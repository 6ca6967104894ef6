//! Signed transactions.

use std::path::Path;

use anyhow::Context;
use near_crypto::{InMemorySigner, KeyFile, KeyType, Signer};
use near_primitives::account::AccessKey;
use near_primitives::action::{Action, AddKeyAction, CreateAccountAction, TransferAction};
use near_primitives::hash::CryptoHash;
use near_primitives::serialize::to_base64;
use near_primitives::transaction::{SignedTransaction, Transaction, TransactionV0};
use near_primitives::types::{AccountId, Balance, Nonce};
use serde_json::{Value, json};

use crate::Rpc;

/// An account with its key.
#[derive(Clone)]
pub struct Key {
    /// The signer with the secret key.
    pub signer: Signer,
}

impl Key {
    /// Returns the account with this id, whose key has the id as its seed.
    ///
    /// # Errors
    /// The id is not valid.
    pub fn of(account: &str) -> anyhow::Result<Self> {
        let signer = InMemorySigner::from_seed(account.parse()?, KeyType::ED25519, account);
        Ok(Self { signer })
    }

    /// Reads a key file of a node.
    ///
    /// # Errors
    /// The file has no key.
    pub fn from_file(path: &Path) -> anyhow::Result<Self> {
        let key = KeyFile::from_file(path)?;
        let signer = InMemorySigner::from_secret_key(key.account_id, key.secret_key);
        Ok(Self { signer })
    }

    /// Returns the id of the account.
    pub fn account(&self) -> AccountId {
        self.signer.get_account_id()
    }

    /// Returns the current nonce of the key, and the hash of the latest block.
    ///
    /// # Errors
    /// The chain does not have the key.
    pub async fn nonce(&self, rpc: &Rpc) -> anyhow::Result<(Nonce, CryptoHash)> {
        let query = json!({
            "request_type": "view_access_key",
            "finality": "optimistic",
            "account_id": self.account(),
            "public_key": self.signer.public_key(),
        });
        let key = rpc.call("query", query).await?;
        let nonce = key["nonce"].as_u64().with_context(|| key.to_string())?;
        let block_hash = key["block_hash"]
            .as_str()
            .context("the view has no block hash")?;
        Ok((nonce, parsed(block_hash)?))
    }

    /// Sends a transaction and waits until all its receipts have run.
    ///
    /// # Errors
    /// The chain refuses the transaction.
    pub async fn send(
        &self,
        rpc: &Rpc,
        receiver: &AccountId,
        actions: Vec<Action>,
    ) -> anyhow::Result<Value> {
        let (nonce, block_hash) = self.nonce(rpc).await?;
        let transaction = sign(self, nonce + 1, receiver, actions, block_hash);
        rpc.call("broadcast_tx_commit", json!([encoded(&transaction)?]))
            .await
    }

    /// Creates an account with the key of [`Key::of`], in one transaction with more actions.
    ///
    /// # Errors
    /// The transaction fails.
    pub async fn create_account(
        &self,
        rpc: &Rpc,
        account: &str,
        balance: Balance,
        more: Vec<Action>,
    ) -> anyhow::Result<Self> {
        let created = Self::of(account)?;
        let mut actions: Vec<Action> = vec![
            CreateAccountAction {}.into(),
            TransferAction { deposit: balance }.into(),
            AddKeyAction {
                public_key: created.signer.public_key(),
                access_key: AccessKey::full_access(),
            }
            .into(),
        ];
        actions.extend(more);
        let outcome = self.send(rpc, &created.account(), actions).await?;
        let status = &outcome["status"];
        anyhow::ensure!(status.get("SuccessValue").is_some(), "{account}: {status}");
        Ok(created)
    }
}

/// Returns a signed transaction with this nonce.
pub fn sign(
    key: &Key,
    nonce: Nonce,
    receiver: &AccountId,
    actions: Vec<Action>,
    block_hash: CryptoHash,
) -> SignedTransaction {
    let transaction = Transaction::V0(TransactionV0 {
        signer_id: key.account(),
        public_key: key.signer.public_key(),
        nonce,
        receiver_id: receiver.clone(),
        block_hash,
        actions,
    });
    let (hash, _) = transaction.get_hash_and_size();
    SignedTransaction::new(key.signer.sign(hash.as_ref()), transaction)
}

/// Serialises a transaction for RPC, in base64.
///
/// # Errors
/// It cannot be serialised.
pub fn encoded(transaction: &SignedTransaction) -> anyhow::Result<String> {
    Ok(to_base64(&borsh::to_vec(transaction)?))
}

fn parsed(hash: &str) -> anyhow::Result<CryptoHash> {
    hash.parse()
        .map_err(|_| anyhow::anyhow!("{hash} is not a hash"))
}
