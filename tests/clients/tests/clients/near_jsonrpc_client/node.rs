//! The node itself, its validators, and the methods that only a sandbox has.

use near_jsonrpc_client::methods::{
    EXPERIMENTAL_validators_ordered, health, network_info, sandbox_fast_forward,
    sandbox_patch_state, status, validators,
};
use near_primitives::hash::CryptoHash;
use near_primitives::state_record::StateRecord;
use near_primitives::types::{EpochId, EpochReference};

use super::{TestNode, unknown_hash};

#[tokio::test]
async fn the_node_is_healthy_and_has_a_status() -> anyhow::Result<()> {
    let node = TestNode::start()?;

    node.call(health::RpcHealthRequest).await?;
    let status = node.call(status::RpcStatusRequest).await?;
    let network = node.call(network_info::RpcNetworkInfoRequest).await?;

    assert!(!status.sync_info.syncing);
    assert_eq!(network.num_active_peers, 0);
    Ok(())
}

#[tokio::test]
async fn the_validators_of_an_unknown_epoch_have_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let of = |epoch_reference| validators::RpcValidatorRequest { epoch_reference };

    let latest = node.call(of(EpochReference::Latest)).await?;
    let unknown = EpochReference::EpochId(EpochId(unknown_hash()));
    let error = node.error(of(unknown)).await?;

    assert_eq!(latest.current_validators[0].account_id, node.root.account());
    assert!(matches!(error, validators::RpcValidatorError::UnknownEpoch));
    Ok(())
}

#[tokio::test]
async fn the_ordered_validators_are_those_of_the_epoch() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let request = EXPERIMENTAL_validators_ordered::RpcValidatorsOrderedRequest { block_id: None };

    let ordered = node.call(request).await?;

    let accounts: Vec<_> = ordered
        .into_iter()
        .map(|stake| stake.take_account_id())
        .collect();
    assert_eq!(accounts, [node.root.account()]);
    Ok(())
}

#[tokio::test]
async fn a_fast_forward_passes_over_blocks() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let by = |delta_height| sandbox_fast_forward::RpcSandboxFastForwardRequest { delta_height };
    let before = node.block().await?.header.height;

    node.call(by(100)).await?;
    let is_refused = node.is_refused(by(u64::MAX)).await?;

    assert!(node.block().await?.header.height >= before + 100);
    assert!(is_refused);
    Ok(())
}

#[tokio::test]
async fn a_patch_changes_the_state() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let patch = |record| sandbox_patch_state::RpcSandboxPatchStateRequest {
        records: vec![record],
    };
    let data = StateRecord::Data {
        account_id: node.root.account(),
        data_key: b"key".to_vec().into(),
        value: b"value".to_vec().into(),
    };
    let received = StateRecord::ReceivedData {
        account_id: node.root.account(),
        data_id: CryptoHash::default(),
        data: None,
    };

    node.call(patch(data)).await?;
    let is_refused = node.is_refused(patch(received)).await?;

    assert!(is_refused);
    Ok(())
}
