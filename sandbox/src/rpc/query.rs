//! `query`: accounts, keys, code, state and calls of view methods (`chain/SPEC.md` §6).

mod legacy;
mod viewer;

use chain::Chain;
use near_jsonrpc_primitives::errors::RpcError;
use near_jsonrpc_primitives::types::query::{
    QueryResponseKind, RpcQueryError, RpcQueryRequest, RpcQueryResponse,
};
use near_primitives::action::GlobalContractIdentifier;
use near_primitives::hash::CryptoHash;
use near_primitives::types::{BlockHeight, BlockId, BlockReference};
use near_primitives::views::QueryRequest;
use serde_json::json;

use self::viewer::Viewer;
use super::blocks::find;
use super::node::Node;
use super::params::Params;
use super::response::{MethodResult, in_background, to_result};

/// Returns the result of `query`.
pub async fn query(node: &Node, mut params: Params) -> MethodResult {
    let request = match params.positional() {
        Some(values) => legacy::request(values)?,
        None => params.parse::<RpcQueryRequest>()?,
    };
    let chain = node.block_producer.chain();
    let state_size_limit = node.config.trie_viewer_state_size_limit;
    in_background(move || match run(&chain, request, state_size_limit) {
        Ok(response) => to_result(response),
        Err(error) => error_response(error),
    })
    .await
}

/// Returns the response for an error. Two errors are in a result, for clients that are older than typed
/// errors.
fn error_response(error: RpcQueryError) -> MethodResult {
    let in_result = |error: String, block_height: BlockHeight, block_hash: CryptoHash| {
        let logs: [String; 0] = [];
        Ok(json!({
            "error": error,
            "logs": logs,
            "block_height": block_height,
            "block_hash": block_hash,
        }))
    };
    match error {
        RpcQueryError::ContractExecutionError {
            vm_error,
            block_height,
            block_hash,
            ..
        } => in_result(vm_error, block_height, block_hash),
        RpcQueryError::UnknownAccessKey {
            public_key,
            block_height,
            block_hash,
        } => in_result(
            format!("access key {public_key} does not exist while viewing"),
            block_height,
            block_hash,
        ),
        RpcQueryError::UnknownBlock {
            block_reference: BlockReference::BlockId(ref id),
        } => {
            let what = match id {
                BlockId::Height(height) => format!("BLOCK HEIGHT: {height}"),
                BlockId::Hash(hash) => format!("BLOCK HEADER: {hash}"),
            };
            let data = json!(format!("DB Not Found Error: {what} \n Cause: Unknown"));
            Err(RpcError::new_internal_or_handler_error(
                Some(data),
                json!(error),
            ))
        }
        error => Err(error.into()),
    }
}

/// Runs a query on the block that it names.
fn run(
    chain: &Chain,
    request: RpcQueryRequest,
    state_size_limit: u64,
) -> Result<RpcQueryResponse, RpcQueryError> {
    let RpcQueryRequest {
        block_reference,
        request,
    } = request;
    let block = match find(chain, &block_reference) {
        Ok(block) => block,
        Err(_) => return Err(RpcQueryError::UnknownBlock { block_reference }),
    };
    let viewer = Viewer { chain, block };
    let kind = match request {
        QueryRequest::ViewAccount { account_id } => {
            QueryResponseKind::ViewAccount(viewer.account(&account_id)?.into())
        }
        QueryRequest::ViewCode { account_id } => viewer.code(account_id)?,
        QueryRequest::ViewState {
            account_id,
            prefix,
            after_key,
            limit,
            include_proof,
        } => {
            if include_proof {
                let error_message = "this sandbox keeps no Merkle trees: ask with \
                                     include_proof false"
                    .to_owned();
                return Err(RpcQueryError::InternalError { error_message });
            }
            let page = (after_key.map(|key| key.to_vec()), limit);
            viewer.state(account_id, &prefix, page, state_size_limit)?
        }
        QueryRequest::ViewAccessKey {
            account_id,
            public_key,
        } => viewer.access_key(&account_id, public_key)?,
        QueryRequest::ViewAccessKeyList {
            account_id,
            after_key,
            limit,
        } => viewer.access_keys(account_id, after_key, limit)?,
        QueryRequest::ViewGasKeyNonces {
            account_id,
            public_key,
        } => viewer.gas_key_nonces(&account_id, public_key)?,
        QueryRequest::CallFunction {
            account_id,
            method_name,
            args,
        } => viewer.call(account_id, &method_name, &args)?,
        QueryRequest::ViewGlobalContractCode { code_hash } => {
            viewer.global_code(GlobalContractIdentifier::CodeHash(code_hash))?
        }
        QueryRequest::ViewGlobalContractCodeByAccountId { account_id } => {
            viewer.global_code(GlobalContractIdentifier::AccountId(account_id))?
        }
    };
    Ok(RpcQueryResponse {
        kind,
        block_height: block.height,
        block_hash: block.hash,
    })
}
