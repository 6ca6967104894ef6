//! The methods about the node and its configuration.

use std::sync::Arc;

use chain::views::{self, utc};
use chain::{Block, Chain};
use near_chain_configs::{ProtocolConfig, ProtocolConfigView};
use near_jsonrpc_primitives::types::client_config::RpcClientConfigError;
use near_jsonrpc_primitives::types::config::{RpcProtocolConfigError, RpcProtocolConfigResponse};
use near_jsonrpc_primitives::types::maintenance::{
    RpcMaintenanceWindowsRequest, RpcMaintenanceWindowsResponse,
};
use near_jsonrpc_primitives::types::network_info::RpcNetworkInfoResponse;
use near_jsonrpc_primitives::types::split_storage::{
    RpcSplitStorageInfoRequest, RpcSplitStorageInfoResponse,
};
use near_jsonrpc_primitives::types::status::{RpcHealthResponse, RpcStatusResponse};
use near_jsonrpc_primitives::types::validator::{
    RpcValidatorError, RpcValidatorResponse, RpcValidatorsOrderedRequest,
};
use near_primitives::types::{BlockId, BlockReference, EpochReference};
use near_primitives::version::{PROTOCOL_VERSION, Version};
use near_primitives::views::{SplitStorageInfoView, StatusResponse, StatusSyncInfo, ValidatorInfo};

use super::blocks::{NoBlock, find, find_by_id};
use super::node::Node;
use super::params::{Params, parse};
use super::response::{MethodResult, to_result};
use crate::version::VERSION;

const NO_CLIENT: &str = "this sandbox is not neard and has no client of its kind: \
                         config.json in its home has its settings";

/// Returns the status of the node (`status`).
pub fn status(node: &Node) -> MethodResult {
    let chain = node.block_producer.chain();
    let (head, first) = (chain.head(), chain.first_block());
    let validators = head.epoch_info().block_producers();
    let (validator_account_id, validator_public_key) = node.validator.clone();
    let status_response = StatusResponse {
        version: Version {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            build: VERSION.to_owned(),
            commit: String::new(),
            rustc_version: String::new(),
        },
        chain_id: chain.genesis().chain_id.clone(),
        protocol_version: chain.protocol_version(),
        latest_protocol_version: PROTOCOL_VERSION,
        rpc_addr: Some(node.address.clone()),
        validators: validators
            .iter()
            .map(|validator| ValidatorInfo {
                account_id: validator.account_id().clone(),
            })
            .collect(),
        sync_info: StatusSyncInfo {
            latest_block_hash: head.hash,
            latest_block_height: head.height,
            latest_state_root: head.state_root,
            latest_block_time: utc(head.timestamp),
            syncing: false,
            earliest_block_hash: Some(first.hash),
            earliest_block_height: Some(first.height),
            earliest_block_time: Some(utc(first.timestamp)),
            epoch_id: Some(views::epoch_id(head)),
            epoch_start_height: Some(views::epoch_start(&chain, head)),
        },
        validator_account_id: Some(validator_account_id),
        validator_public_key: Some(validator_public_key.clone()),
        node_public_key: node.node_key.clone(),
        node_key: Some(validator_public_key),
        uptime_sec: i64::try_from(node.started.elapsed().as_secs()).unwrap_or(i64::MAX),
        genesis_hash: node.genesis_hash,
        detailed_debug_status: None,
    };
    to_result(RpcStatusResponse { status_response })
}

/// Returns nothing (`health`): a node that responds is healthy.
pub fn health() -> MethodResult {
    to_result(RpcHealthResponse)
}

/// Returns the network of a node without peers (`network_info`).
pub fn network_info() -> MethodResult {
    to_result(RpcNetworkInfoResponse {
        active_peers: Vec::new(),
        num_active_peers: 0,
        peer_max_count: 0,
        sent_bytes_per_sec: 0,
        received_bytes_per_sec: 0,
        known_producers: Vec::new(),
    })
}

/// Returns the validators (`validators`) of the latest epoch, of one with an id, or of the one that ended
/// with a block (nearcore's `ViewClientActor`, `GetValidatorInfo`).
pub fn validators(node: &Node, params: Params) -> MethodResult {
    let reference = match params.singleton() {
        Ok(id) => {
            parse::<Option<BlockId>>(id)?.map_or(EpochReference::Latest, EpochReference::BlockId)
        }
        Err(params) => params.parse()?,
    };
    let chain = node.block_producer.chain();
    let block = match reference {
        EpochReference::Latest => Some(chain.head()),
        EpochReference::BlockId(id) => last_of_epoch(&chain, &id)?,
        EpochReference::EpochId(id) => views::latest_of_epoch(&chain, &id),
    };
    let block = block.ok_or(RpcValidatorError::UnknownEpoch)?;
    to_result(RpcValidatorResponse {
        validator_info: views::validator_info(&chain, block),
    })
}

/// Returns a block that is the last one of its epoch, `None` if it is unknown or has no next block yet.
fn last_of_epoch<'a>(
    chain: &'a Chain,
    id: &BlockId,
) -> Result<Option<&'a Arc<Block>>, RpcValidatorError> {
    let Ok(block) = find_by_id(chain, id) else {
        return Ok(None);
    };
    match views::ends_epoch(chain, block) {
        Some(false) => Err(RpcValidatorError::ValidatorInfoUnavailable),
        Some(true) => Ok(Some(block)),
        None => Ok(None),
    }
}

/// Returns the block producers of an epoch in order (`EXPERIMENTAL_validators_ordered`).
pub fn validators_ordered(node: &Node, params: Params) -> MethodResult {
    let RpcValidatorsOrderedRequest { block_id } = params.parse()?;
    let chain = node.block_producer.chain();
    let block = match block_id {
        Some(id) => find_by_id(&chain, &id).map_err(|_| RpcValidatorError::UnknownEpoch)?,
        None => chain.head(),
    };
    to_result(views::validators_ordered(block))
}

/// Returns the parameters of the genesis (`EXPERIMENTAL_genesis_config`).
pub fn genesis_config(node: &Node) -> MethodResult {
    to_result(node.block_producer.chain().genesis())
}

/// Returns the parameters of the protocol (`EXPERIMENTAL_protocol_config`), the same at every block.
pub fn protocol_config(node: &Node, params: Params) -> MethodResult {
    let block_reference: BlockReference = params.parse()?;
    let chain = node.block_producer.chain();
    find(&chain, &block_reference)
        .map_err(|NoBlock(error_message)| RpcProtocolConfigError::UnknownBlock { error_message })?;
    let config = ProtocolConfig {
        genesis_config: chain.genesis().clone(),
        runtime_config: (**chain.runtime_config()).clone(),
    };
    to_result(RpcProtocolConfigResponse {
        config_view: ProtocolConfigView::from(config),
    })
}

/// Refuses `client_config`: almost all of its fields are about parts of neard that this node does not have.
pub fn client_config() -> MethodResult {
    Err(RpcClientConfigError::InternalError {
        error_message: NO_CLIENT.to_owned(),
    }
    .into())
}

/// Returns the heights of this epoch at which an account produces neither blocks nor chunks
/// (`maintenance_windows`). One account produces all of them (nearcore `get_maintenance_windows` of
/// `chain/client/src/view_client_actor.rs`).
pub fn maintenance_windows(node: &Node, params: Params) -> MethodResult {
    let RpcMaintenanceWindowsRequest { account_id } = params.parse()?;
    let chain = node.block_producer.chain();
    let head = chain.head();
    let next_epoch = views::next_epoch_start(&chain, head);
    let rest_of_epoch = head.height..next_epoch;
    let windows: RpcMaintenanceWindowsResponse =
        if views::block_view(&chain, head).author == account_id {
            Vec::new()
        } else {
            vec![rest_of_epoch]
        };
    to_result(windows)
}

/// Returns the heads of the storage (`EXPERIMENTAL_split_storage_info`): all is in memory, nothing is cold.
pub fn split_storage_info(node: &Node, params: Params) -> MethodResult {
    let RpcSplitStorageInfoRequest {} = params.parse()?;
    let height = node.block_producer.chain().head().height;
    to_result(RpcSplitStorageInfoResponse {
        result: SplitStorageInfoView {
            head_height: Some(height),
            final_head_height: Some(height),
            cold_head_height: None,
            hot_db_kind: None,
        },
    })
}
