//! Blocks, chunks, gas prices, configurations, changes and receipts.

use near_jsonrpc_client::methods::{
    EXPERIMENTAL_changes, EXPERIMENTAL_changes_in_block, EXPERIMENTAL_genesis_config,
    EXPERIMENTAL_protocol_config, EXPERIMENTAL_receipt, block, broadcast_tx_commit, chunk,
    gas_price,
};
use near_jsonrpc_primitives::types::receipts::ReceiptReference;
use near_primitives::action::TransferAction;
use near_primitives::types::{Balance, BlockId, BlockReference, ShardId};
use near_primitives::views::{StateChangeValueView, StateChangesRequestView};

use super::{TestNode, unknown_block, unknown_hash};

#[tokio::test]
async fn a_block_is_found_by_its_height_and_its_hash() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let latest = node.block().await?;

    for block_id in [
        BlockId::Height(latest.header.height),
        BlockId::Hash(latest.header.hash),
    ] {
        let block_reference = BlockReference::BlockId(block_id);
        let found = node
            .call(block::RpcBlockRequest { block_reference })
            .await?;
        assert_eq!(found.header.hash, latest.header.hash);
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_block_has_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let block_reference = unknown_block();

    let error = node
        .error(block::RpcBlockRequest { block_reference })
        .await?;

    assert!(matches!(error, block::RpcBlockError::UnknownBlock { .. }));
    Ok(())
}

#[tokio::test]
async fn a_chunk_is_found_by_its_block_and_its_hash() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let latest = node.block().await?;
    let chunk_hash = latest.chunks[0].chunk_hash;

    for chunk_reference in [
        chunk::ChunkReference::BlockShardId {
            block_id: BlockId::Hash(latest.header.hash),
            shard_id: ShardId::new(0),
        },
        chunk::ChunkReference::ChunkHash {
            chunk_id: chunk_hash,
        },
    ] {
        let found = node
            .call(chunk::RpcChunkRequest { chunk_reference })
            .await?;
        assert_eq!(found.header.chunk_hash, chunk_hash);
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_chunk_has_the_error_of_what_is_unknown() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let latest = BlockId::Hash(node.block().await?.header.hash);
    let error = async |chunk_reference| {
        let request = chunk::RpcChunkRequest { chunk_reference };
        node.error(request).await
    };
    let of_block = |block_id, shard: u64| chunk::ChunkReference::BlockShardId {
        block_id,
        shard_id: ShardId::new(shard),
    };

    let unknown_block = error(of_block(BlockId::Hash(unknown_hash()), 0)).await?;
    let invalid_shard = error(of_block(latest, 7)).await?;
    let chunk_id = unknown_hash();
    let unknown_chunk = error(chunk::ChunkReference::ChunkHash { chunk_id }).await?;

    assert!(matches!(
        unknown_block,
        chunk::RpcChunkError::UnknownBlock { .. }
    ));
    assert!(matches!(
        invalid_shard,
        chunk::RpcChunkError::InvalidShardId { .. }
    ));
    assert!(matches!(
        unknown_chunk,
        chunk::RpcChunkError::UnknownChunk { .. }
    ));
    Ok(())
}

#[tokio::test]
async fn the_gas_price_of_an_unknown_block_has_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let block_id = Some(BlockId::Hash(unknown_hash()));

    let price = node
        .call(gas_price::RpcGasPriceRequest { block_id: None })
        .await?;
    let error = node
        .error(gas_price::RpcGasPriceRequest { block_id })
        .await?;

    assert_eq!(price.gas_price, node.block().await?.header.gas_price);
    assert!(matches!(
        error,
        gas_price::RpcGasPriceError::UnknownBlock { .. }
    ));
    Ok(())
}

#[tokio::test]
async fn the_configurations_are_those_of_one_chain() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let of = |block_reference| EXPERIMENTAL_protocol_config::RpcProtocolConfigRequest {
        block_reference,
    };

    let genesis = node
        .call(EXPERIMENTAL_genesis_config::RpcGenesisConfigRequest)
        .await?;
    let protocol = node.call(of(BlockReference::latest())).await?;
    let error = node.error(of(unknown_block())).await?;

    assert_eq!(genesis.chain_id, protocol.chain_id);
    assert!(matches!(
        error,
        EXPERIMENTAL_protocol_config::RpcProtocolConfigError::UnknownBlock { .. }
    ));
    Ok(())
}

#[tokio::test]
async fn the_changes_of_a_block_have_the_account_that_changed() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let outcome = node.send(&node.root, Vec::new()).await?;
    let block_id = BlockId::Hash(outcome.transaction_outcome.block_hash);
    let account_ids = vec![node.root.account()];
    let of = |block_reference| EXPERIMENTAL_changes::RpcStateChangesInBlockByTypeRequest {
        block_reference,
        state_changes_request: StateChangesRequestView::AccountChanges {
            account_ids: account_ids.clone(),
        },
    };

    let changes = node.call(of(BlockReference::BlockId(block_id))).await?;
    let error = node.error(of(unknown_block())).await?;

    assert!(changes.changes.iter().any(|change| matches!(
        &change.value,
        StateChangeValueView::AccountUpdate { account_id, .. } if *account_id == node.root.account()
    )));
    assert!(matches!(
        error,
        EXPERIMENTAL_changes::RpcStateChangesError::UnknownBlock { .. }
    ));
    Ok(())
}

#[tokio::test]
async fn the_kinds_of_changes_in_a_block_have_the_account_that_changed() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let outcome = node.send(&node.root, Vec::new()).await?;
    let block_id = BlockId::Hash(outcome.transaction_outcome.block_hash);
    let of = |block_reference| EXPERIMENTAL_changes_in_block::RpcStateChangesInBlockRequest {
        block_reference,
    };

    let changes = node.call(of(BlockReference::BlockId(block_id))).await?;
    let error = node.error(of(unknown_block())).await?;

    assert!(!changes.changes.is_empty());
    assert!(matches!(
        error,
        EXPERIMENTAL_changes_in_block::RpcStateChangesError::UnknownBlock { .. }
    ));
    Ok(())
}

#[tokio::test]
async fn a_receipt_is_found_by_its_id() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let alice = node.create_account("alice", Balance::from_near(1)).await?;
    let transfer = TransferAction {
        deposit: Balance::from_yoctonear(1),
    };
    let signed_transaction = node
        .sign(&node.root, &alice.account(), vec![transfer.into()])
        .await?;
    let sent = broadcast_tx_commit::RpcBroadcastTxCommitRequest { signed_transaction };
    let outcome = node.call(sent).await?;
    let of = |receipt_id| EXPERIMENTAL_receipt::RpcReceiptRequest {
        receipt_reference: ReceiptReference { receipt_id },
    };

    let id = outcome.transaction_outcome.outcome.receipt_ids[0];
    let receipt = node.call(of(id)).await?;
    let error = node.error(of(unknown_hash())).await?;

    assert_eq!(receipt.receiver_id, alice.account());
    assert!(matches!(
        error,
        EXPERIMENTAL_receipt::RpcReceiptError::UnknownReceipt { .. }
    ));
    Ok(())
}
