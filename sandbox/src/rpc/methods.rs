//! The table of methods.

use near_jsonrpc_primitives::errors::RpcError;
use serde_json::Value;

use super::params::Params;
use super::{Answer, Node, blocks, changes, light_client, node, query, sandbox, transactions};

/// Answers a method, by whatever name clients call it: many began as `EXPERIMENTAL_…` and have a
/// stable name since.
pub async fn call(state: &Node, method: &str, params: Value) -> Answer {
    let params = Params(params);
    match method {
        "status" => node::status(state),
        "health" => node::health(),
        "network_info" => node::network_info(),
        "validators" => node::validators(state, params),
        "EXPERIMENTAL_validators_ordered" => node::validators_ordered(state, params),
        "genesis_config" | "EXPERIMENTAL_genesis_config" => node::genesis_config(state),
        "EXPERIMENTAL_protocol_config" => node::protocol_config(state, params),

        "block" => blocks::block(state, params),
        "chunk" => blocks::chunk(state, params),
        "gas_price" => blocks::gas_price(state, params),
        "changes" | "EXPERIMENTAL_changes" => changes::changes(state, params).await,
        "block_effects" | "EXPERIMENTAL_changes_in_block" => {
            changes::changes_in_block(state, params).await
        }

        "query" => query::query(state, params).await,

        "broadcast_tx_async" => transactions::broadcast_async(state, params).await,
        "broadcast_tx_commit" => transactions::broadcast_commit(state, params).await,
        "send_tx" => transactions::send(state, params).await,
        "tx" => transactions::status(state, params, false).await,
        "tx_status" | "EXPERIMENTAL_tx_status" => transactions::status(state, params, true).await,
        "EXPERIMENTAL_receipt" => transactions::receipt(state, params),

        "light_client_proof" | "EXPERIMENTAL_light_client_proof" => {
            light_client::proof(state, params)
        }
        "next_light_client_block" => light_client::next_block(state, params),

        "sandbox_patch_state" => sandbox::patch_state(state, params).await,
        "sandbox_fast_forward" => sandbox::fast_forward(state, params).await,

        _ => Err(RpcError::method_not_found(method.to_owned())),
    }
}
