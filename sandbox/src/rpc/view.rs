//! The methods `EXPERIMENTAL_view_…` and `EXPERIMENTAL_call_function`: each is a kind of `query`, with
//! errors of its own type and none of them in a result.

use near_jsonrpc_primitives::errors::RpcError;
use near_jsonrpc_primitives::types::call_function::{RpcCallFunctionError, RpcCallFunctionRequest};
use near_jsonrpc_primitives::types::query::{RpcQueryError, RpcQueryRequest};
use near_jsonrpc_primitives::types::view_access_key::{
    RpcViewAccessKeyError, RpcViewAccessKeyRequest,
};
use near_jsonrpc_primitives::types::view_access_key_list::{
    RpcViewAccessKeyListError, RpcViewAccessKeyListRequest,
};
use near_jsonrpc_primitives::types::view_account::{RpcViewAccountError, RpcViewAccountRequest};
use near_jsonrpc_primitives::types::view_code::{RpcViewCodeError, RpcViewCodeRequest};
use near_jsonrpc_primitives::types::view_gas_key_nonces::{
    RpcViewGasKeyNoncesError, RpcViewGasKeyNoncesRequest,
};
use near_jsonrpc_primitives::types::view_state::{RpcViewStateError, RpcViewStateRequest};
use near_primitives::views::QueryRequest;

use super::node::Node;
use super::params::Params;
use super::query;
use super::response::{MethodResult, to_result};

/// Returns an account.
pub async fn account(node: &Node, params: Params) -> MethodResult {
    let request: RpcViewAccountRequest = params.parse()?;
    view::<RpcViewAccountError>(
        node,
        RpcQueryRequest {
            block_reference: request.block_reference,
            request: QueryRequest::ViewAccount {
                account_id: request.account_id,
            },
        },
    )
    .await
}

/// Returns the code that calls of an account run.
pub async fn code(node: &Node, params: Params) -> MethodResult {
    let request: RpcViewCodeRequest = params.parse()?;
    view::<RpcViewCodeError>(
        node,
        RpcQueryRequest {
            block_reference: request.block_reference,
            request: QueryRequest::ViewCode {
                account_id: request.account_id,
            },
        },
    )
    .await
}

/// Returns the contract data of an account.
pub async fn state(node: &Node, params: Params) -> MethodResult {
    let request: RpcViewStateRequest = params.parse()?;
    view::<RpcViewStateError>(
        node,
        RpcQueryRequest {
            block_reference: request.block_reference,
            request: QueryRequest::ViewState {
                account_id: request.account_id,
                prefix: request.prefix,
                after_key: request.after_key,
                limit: request.limit,
                include_proof: request.include_proof,
            },
        },
    )
    .await
}

/// Returns one access key of an account.
pub async fn access_key(node: &Node, params: Params) -> MethodResult {
    let request: RpcViewAccessKeyRequest = params.parse()?;
    view::<RpcViewAccessKeyError>(
        node,
        RpcQueryRequest {
            block_reference: request.block_reference,
            request: QueryRequest::ViewAccessKey {
                account_id: request.account_id,
                public_key: request.public_key,
            },
        },
    )
    .await
}

/// Returns the access keys of an account.
pub async fn access_key_list(node: &Node, params: Params) -> MethodResult {
    let request: RpcViewAccessKeyListRequest = params.parse()?;
    view::<RpcViewAccessKeyListError>(
        node,
        RpcQueryRequest {
            block_reference: request.block_reference,
            request: QueryRequest::ViewAccessKeyList {
                account_id: request.account_id,
                after_key: request.after_key,
                limit: request.limit,
            },
        },
    )
    .await
}

/// Returns the nonces of a gas key.
pub async fn gas_key_nonces(node: &Node, params: Params) -> MethodResult {
    let request: RpcViewGasKeyNoncesRequest = params.parse()?;
    view::<RpcViewGasKeyNoncesError>(
        node,
        RpcQueryRequest {
            block_reference: request.block_reference,
            request: QueryRequest::ViewGasKeyNonces {
                account_id: request.account_id,
                public_key: request.public_key,
            },
        },
    )
    .await
}

/// Calls a view method and returns its result.
pub async fn call_function(node: &Node, params: Params) -> MethodResult {
    let request: RpcCallFunctionRequest = params.parse()?;
    view::<RpcCallFunctionError>(
        node,
        RpcQueryRequest {
            block_reference: request.block_reference,
            request: QueryRequest::CallFunction {
                account_id: request.account_id,
                method_name: request.method_name,
                args: request.args,
            },
        },
    )
    .await
}

/// Returns the result of a query, or its error as one of the type `E`. The responses of the methods have the
/// same fields as those of `query`.
async fn view<E>(node: &Node, request: RpcQueryRequest) -> MethodResult
where
    E: From<RpcQueryError> + Into<RpcError>,
{
    query::answer(node, request, |answer| match answer {
        Ok(response) => to_result(response),
        Err(error) => Err(E::from(error).into()),
    })
    .await
}
