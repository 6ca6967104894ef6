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

use self::viewer::{StatePage, ViewLimits, Viewer};
use super::blocks::find;
use super::node::Node;
use super::params::{Params, parse};
use super::response::{MethodResult, in_background, in_view, to_result};

/// Returns the result of `query`: by an object, or `[path, data]`.
pub async fn query(node: &Node, params: Params) -> MethodResult {
    let request = match params.pair() {
        Ok([path, data]) => legacy::request(parse(path)?, parse(data)?)?,
        Err(params) => params.parse()?,
    };
    answer(node, request, |answer| match answer {
        Ok(response) => to_result(response),
        Err(error) => error_response(error),
    })
    .await
}

/// The cost of a query, which decides where it runs.
enum Cost {
    /// Some microseconds.
    Low,
    /// Up to some megabytes to copy.
    Large,
    /// A contract that may run to its limit of gas.
    View,
}

fn cost(request: &QueryRequest) -> Cost {
    match request {
        QueryRequest::CallFunction { .. } => Cost::View,
        QueryRequest::ViewCode { .. }
        | QueryRequest::ViewState { .. }
        | QueryRequest::ViewGlobalContractCode { .. }
        | QueryRequest::ViewGlobalContractCodeByAccountId { .. } => Cost::Large,
        QueryRequest::ViewAccount { .. }
        | QueryRequest::ViewAccessKey { .. }
        | QueryRequest::ViewAccessKeyList { .. }
        | QueryRequest::ViewGasKeyNonces { .. } => Cost::Low,
    }
}

/// Runs a query, and returns the response that `respond` makes of its result or its error.
pub async fn answer(
    node: &Node,
    request: RpcQueryRequest,
    respond: impl FnOnce(Result<RpcQueryResponse, RpcQueryError>) -> MethodResult + Send + 'static,
) -> MethodResult {
    let chain = node.block_producer.chain();
    let limits = ViewLimits::of(&node.config);
    let cost = cost(&request.request);
    let work = move || respond(run(&chain, request, &limits));
    match cost {
        Cost::Low => work(),
        Cost::Large => in_background(work).await,
        Cost::View => in_view(work).await,
    }
}

/// Returns the response for an error. Two errors are in a result, for clients that are older than typed
/// errors.
fn error_response(error: RpcQueryError) -> MethodResult {
    let in_result = |error: String, block_height: BlockHeight, block_hash: CryptoHash| {
        let logs: [String; 0] = [];
        to_result(json!({
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
    limits: &ViewLimits,
) -> Result<RpcQueryResponse, RpcQueryError> {
    let RpcQueryRequest {
        block_reference,
        request,
    } = request;
    let block = match find(chain, &block_reference) {
        Ok(block) => block,
        Err(_) => return Err(RpcQueryError::UnknownBlock { block_reference }),
    };
    let viewer = Viewer {
        chain,
        block,
        limits,
    };
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
            let page = StatePage { after_key, limit };
            viewer.state(account_id, &prefix, page, include_proof)?
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
