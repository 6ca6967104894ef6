//! The methods of light clients, which the sandbox refuses: it has neither Merkle trees nor signatures of validators.

use anyhow::bail;
use near_jsonrpc_client::errors::{JsonRpcServerError, JsonRpcServerResponseStatusError};
use near_jsonrpc_client::methods::{
    EXPERIMENTAL_light_client_block_proof, EXPERIMENTAL_light_client_chunk_execution_proof,
    EXPERIMENTAL_light_client_execution_outcome_proof, EXPERIMENTAL_light_client_state_proof,
    RpcMethod, light_client_proof, next_light_client_block,
};
use near_primitives::hash::CryptoHash;
use near_primitives::types::{ShardId, SpiceChunkId, TransactionOrReceiptId};

use super::{TestNode, unknown_hash};

fn proof(
    node: &TestNode,
    transaction_hash: CryptoHash,
) -> light_client_proof::RpcLightClientExecutionProofRequest {
    light_client_proof::RpcLightClientExecutionProofRequest {
        id: TransactionOrReceiptId::Transaction {
            transaction_hash,
            sender_id: node.root.account(),
        },
        light_client_head: unknown_hash(),
    }
}

#[tokio::test]
async fn the_proof_of_a_transaction_is_refused() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let outcome = node.send(&node.root, Vec::new()).await?;

    let is_refused = node
        .is_refused(proof(&node, outcome.transaction.hash))
        .await?;

    assert!(is_refused);
    Ok(())
}

#[tokio::test]
async fn the_proof_of_an_unknown_transaction_has_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;

    let error = node.error(proof(&node, unknown_hash())).await?;

    assert!(matches!(
        error,
        light_client_proof::RpcLightClientProofError::UnknownTransactionOrReceipt { .. }
    ));
    Ok(())
}

#[tokio::test]
async fn the_next_block_of_a_light_client_is_refused() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let after = |last_block_hash| next_light_client_block::RpcLightClientNextBlockRequest {
        last_block_hash,
    };

    let is_refused = node
        .is_refused(after(node.block().await?.header.hash))
        .await?;
    let error = node.error(after(unknown_hash())).await?;

    assert!(is_refused);
    assert!(matches!(
        error,
        next_light_client_block::RpcLightClientNextBlockError::UnknownBlock { .. }
    ));
    Ok(())
}

/// Checks that the node does not know a method (400), or refuses it (500).
async fn assert_refused<M>(node: &TestNode, method: M) -> anyhow::Result<()>
where
    M: RpcMethod,
    M::Error: std::fmt::Debug,
{
    match node.failure(method).await? {
        JsonRpcServerError::InternalError { .. }
        | JsonRpcServerError::ResponseStatusError(JsonRpcServerResponseStatusError::BadRequest) => {
            Ok(())
        }
        other => bail!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn the_other_proofs_are_refused() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let outcome = node.send(&node.root, Vec::new()).await?;
    let light_client_head = node.block().await?.header.hash;
    let chunk_id = SpiceChunkId {
        block_hash: light_client_head,
        shard_id: ShardId::new(0),
    };

    let of_block = EXPERIMENTAL_light_client_block_proof::RpcLightClientBlockProofRequest {
        block_hash: light_client_head,
        light_client_head,
    };
    assert_refused(&node, of_block).await?;
    let of_chunk =
        EXPERIMENTAL_light_client_chunk_execution_proof::RpcLightClientChunkExecutionProofRequest {
            chunk_id: chunk_id.clone(),
            light_client_head,
        };
    assert_refused(&node, of_chunk).await?;
    let of_outcome =
        EXPERIMENTAL_light_client_execution_outcome_proof::RpcLightClientExecutionOutcomeProofRequest {
            id: proof(&node, outcome.transaction.hash).id,
            light_client_head,
        };
    assert_refused(&node, of_outcome).await?;
    let of_state = EXPERIMENTAL_light_client_state_proof::RpcLightClientStateProofRequest {
        chunk_id,
        target: EXPERIMENTAL_light_client_state_proof::StateProofTarget::Account {
            account_id: node.root.account(),
        },
        light_client_head,
    };
    assert_refused(&node, of_state).await
}
