//! The methods by name.

use near_jsonrpc_primitives::errors::RpcError;
use serde_json::Value;

use super::node::Node;
use super::params::Params;
use super::response::MethodResult;
use super::{
    blocks, changes, light_client, node_info, query, receipt_to_tx, sandbox, transactions, view,
};

/// Calls a method by any of its names: many began as `EXPERIMENTAL_…` and have a stable name since.
pub async fn call(state: &Node, method: &str, params: Value) -> MethodResult {
    let params = Params(params);
    match method {
        "status" => node_info::status(state),
        "health" => node_info::health(),
        "network_info" => node_info::network_info(),
        "validators" => node_info::validators(state, params),
        "EXPERIMENTAL_validators_ordered" => node_info::validators_ordered(state, params),
        "genesis_config" | "EXPERIMENTAL_genesis_config" => node_info::genesis_config(state),
        "EXPERIMENTAL_protocol_config" => node_info::protocol_config(state, params),
        "client_config" => node_info::client_config(),
        "maintenance_windows" | "EXPERIMENTAL_maintenance_windows" => {
            node_info::maintenance_windows(state, params)
        }
        "EXPERIMENTAL_split_storage_info" => node_info::split_storage_info(state, params),

        "block" => blocks::block(state, params),
        "chunk" => blocks::chunk(state, params),
        "EXPERIMENTAL_congestion_level" => blocks::congestion_level(state, params),
        "gas_price" => blocks::gas_price(state, params),
        "changes" | "EXPERIMENTAL_changes" => changes::changes(state, params).await,
        "block_effects" | "EXPERIMENTAL_changes_in_block" => {
            changes::changes_in_block(state, params).await
        }

        "query" => query::query(state, params).await,
        "EXPERIMENTAL_view_account" => view::account(state, params).await,
        "EXPERIMENTAL_view_code" => view::code(state, params).await,
        "EXPERIMENTAL_view_state" => view::state(state, params).await,
        "EXPERIMENTAL_view_access_key" => view::access_key(state, params).await,
        "EXPERIMENTAL_view_access_key_list" => view::access_key_list(state, params).await,
        "EXPERIMENTAL_view_gas_key_nonces" => view::gas_key_nonces(state, params).await,
        "EXPERIMENTAL_call_function" => view::call_function(state, params).await,

        "broadcast_tx_async" => transactions::broadcast_async(state, params).await,
        "broadcast_tx_commit" => transactions::broadcast_commit(state, params).await,
        "send_tx" => transactions::send(state, params).await,
        "tx" => transactions::status(state, params, false).await,
        "tx_status" | "EXPERIMENTAL_tx_status" => transactions::status(state, params, true).await,
        "EXPERIMENTAL_receipt" => transactions::receipt(state, params),
        "EXPERIMENTAL_receipt_to_tx" => receipt_to_tx::receipt_to_tx(state, params).await,

        "light_client_proof" | "EXPERIMENTAL_light_client_proof" => {
            light_client::proof(state, params)
        }
        "EXPERIMENTAL_light_client_execution_outcome_proof" => {
            light_client::execution_outcome_proof(state, params)
        }
        "EXPERIMENTAL_light_client_block_proof" => light_client::block_proof(state, params),
        "EXPERIMENTAL_light_client_chunk_execution_proof" => {
            light_client::chunk_execution_proof(state, params)
        }
        "EXPERIMENTAL_light_client_state_proof" => light_client::state_proof(state, params),
        "next_light_client_block" => light_client::next_block(state, params),

        "sandbox_patch_state" => sandbox::patch_state(state, params).await,
        "sandbox_fast_forward" => sandbox::fast_forward(state, params).await,

        _ => Err(RpcError::method_not_found(method.to_owned())),
    }
}
