//! Tests of near-jsonrpc-client on the embedded sandbox: each of its methods returns its result, and each error that a
//! sandbox can give has its type.

mod blocks;
mod light_client;
mod node;
mod queries;
mod refusals;
mod transactions;

use std::fmt::Debug;

use anyhow::bail;
use near_jsonrpc_client::JsonRpcClient;
use near_jsonrpc_client::errors::{JsonRpcError, JsonRpcServerError};
use near_jsonrpc_client::methods::{self, RpcMethod};
use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::{AccountId, Balance, BlockId, BlockReference};
use near_primitives::views::{BlockView, FinalExecutionOutcomeView};
use sandbox_clients::{Key, Node, sign};

/// A node for one test, and near-jsonrpc-client for it.
struct TestNode {
    node: Node,
    client: JsonRpcClient,
    root: Key,
}

impl TestNode {
    fn start() -> anyhow::Result<Self> {
        Self::of(Node::start()?)
    }

    fn of(node: Node) -> anyhow::Result<Self> {
        Ok(Self {
            client: JsonRpcClient::connect(node.url()),
            root: node.root()?,
            node,
        })
    }

    /// Returns the result of a method.
    async fn call<M: RpcMethod>(&self, method: M) -> anyhow::Result<M::Response>
    where
        M::Error: Debug,
    {
        let name = method.method_name().to_owned();
        let result = self.client.call(method).await;
        result.map_err(|error| anyhow::anyhow!("{name}: {error:?}"))
    }

    /// Returns the error of a method.
    async fn failure<M: RpcMethod>(&self, method: M) -> anyhow::Result<JsonRpcServerError<M::Error>>
    where
        M::Error: Debug,
    {
        let name = method.method_name().to_owned();
        match self.client.call(method).await {
            Err(JsonRpcError::ServerError(error)) => Ok(error),
            Err(JsonRpcError::TransportError(error)) => bail!("{name}: {error:?}"),
            Ok(_) => bail!("{name} succeeds"),
        }
    }

    /// Returns the typed error of a method.
    async fn error<M: RpcMethod>(&self, method: M) -> anyhow::Result<M::Error>
    where
        M::Error: Debug,
    {
        match self.failure(method).await? {
            JsonRpcServerError::HandlerError(error) => Ok(error),
            other => bail!("the error has no type: {other:?}"),
        }
    }

    /// Returns whether a method is refused with an internal error. The client leaves out its text.
    async fn is_refused<M: RpcMethod>(&self, method: M) -> anyhow::Result<bool>
    where
        M::Error: Debug,
    {
        let error = self.failure(method).await?;
        Ok(matches!(error, JsonRpcServerError::InternalError { .. }))
    }

    async fn block(&self) -> anyhow::Result<BlockView> {
        let block_reference = BlockReference::latest();
        let request = methods::block::RpcBlockRequest { block_reference };
        self.call(request).await
    }

    /// Signs a transaction with the next nonce of a key.
    async fn sign(
        &self,
        key: &Key,
        receiver: &AccountId,
        actions: Vec<Action>,
    ) -> anyhow::Result<SignedTransaction> {
        let (nonce, block_hash) = key.nonce(&self.node.rpc()).await?;
        Ok(sign(key, nonce + 1, receiver, actions, block_hash))
    }

    /// Sends a transaction to its signer, and returns its outcome when all receipts have run.
    async fn send(
        &self,
        key: &Key,
        actions: Vec<Action>,
    ) -> anyhow::Result<FinalExecutionOutcomeView> {
        let signed_transaction = self.sign(key, &key.account(), actions).await?;
        let request =
            methods::broadcast_tx_commit::RpcBroadcastTxCommitRequest { signed_transaction };
        self.call(request).await
    }

    /// Creates an account below the root's.
    async fn create_account(&self, name: &str, balance: Balance) -> anyhow::Result<Key> {
        let rpc = self.node.rpc();
        let account = format!("{name}.{}", self.root.account());
        let root = &self.root;
        root.create_account(&rpc, &account, balance, Vec::new())
            .await
    }
}

/// The hash of no block, chunk, receipt or transaction.
fn unknown_hash() -> CryptoHash {
    CryptoHash::hash_bytes(b"unknown")
}

/// The reference to no block.
fn unknown_block() -> BlockReference {
    BlockReference::BlockId(BlockId::Hash(unknown_hash()))
}
