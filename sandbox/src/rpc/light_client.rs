//! The methods of light clients, which this node refuses: it has neither Merkle proofs nor signatures of
//! validators. The error tells a known transaction or block from an unknown one.

use chain::Chain;
use near_jsonrpc_primitives::errors::RpcError;
use near_jsonrpc_primitives::types::light_client::{
    RpcLightClientBlockProofRequest, RpcLightClientChunkExecutionProofRequest,
    RpcLightClientExecutionOutcomeProofRequest, RpcLightClientExecutionProofRequest,
    RpcLightClientNextBlockError, RpcLightClientNextBlockRequest, RpcLightClientProofError,
    RpcLightClientStateProofRequest,
};
use near_primitives::hash::CryptoHash;
use near_primitives::types::TransactionOrReceiptId;

use super::node::Node;
use super::params::{Params, parse};
use super::response::MethodResult;

const NO_PROOFS: &str =
    "this sandbox keeps no Merkle trees and has no validators' signatures, so it can prove nothing";

/// Refuses `light_client_proof`.
pub fn proof(node: &Node, params: Params) -> MethodResult {
    let request: RpcLightClientExecutionProofRequest = params.parse()?;
    Err(no_proof_of_outcome(
        &node.block_producer.chain(),
        &request.id,
    ))
}

/// Refuses `EXPERIMENTAL_light_client_execution_outcome_proof`.
pub fn execution_outcome_proof(node: &Node, params: Params) -> MethodResult {
    let request: RpcLightClientExecutionOutcomeProofRequest = params.parse()?;
    Err(no_proof_of_outcome(
        &node.block_producer.chain(),
        &request.id,
    ))
}

/// Refuses `EXPERIMENTAL_light_client_block_proof`.
pub fn block_proof(node: &Node, params: Params) -> MethodResult {
    let request: RpcLightClientBlockProofRequest = params.parse()?;
    Err(no_proof_of_block(node, request.block_hash))
}

/// Refuses `EXPERIMENTAL_light_client_chunk_execution_proof`.
pub fn chunk_execution_proof(node: &Node, params: Params) -> MethodResult {
    let request: RpcLightClientChunkExecutionProofRequest = params.parse()?;
    Err(no_proof_of_block(node, request.chunk_id.block_hash))
}

/// Refuses `EXPERIMENTAL_light_client_state_proof`.
pub fn state_proof(node: &Node, params: Params) -> MethodResult {
    let request: RpcLightClientStateProofRequest = params.parse()?;
    Err(no_proof_of_block(node, request.chunk_id.block_hash))
}

/// Refuses `next_light_client_block`: by `{"last_block_hash"}` or `[hash]`.
pub fn next_block(node: &Node, params: Params) -> MethodResult {
    let last_block_hash = match params.singleton() {
        Ok(hash) => parse(hash)?,
        Err(params) => {
            params
                .parse::<RpcLightClientNextBlockRequest>()?
                .last_block_hash
        }
    };
    Err(
        match node.block_producer.chain().block_by_hash(&last_block_hash) {
            Some(_) => RpcLightClientNextBlockError::InternalError {
                error_message: NO_PROOFS.to_owned(),
            },
            None => RpcLightClientNextBlockError::UnknownBlock {
                error_message: last_block_hash.to_string(),
            },
        }
        .into(),
    )
}

/// Returns the error for a proof of the outcome of a transaction or a receipt.
fn no_proof_of_outcome(chain: &Chain, id: &TransactionOrReceiptId) -> RpcError {
    let (TransactionOrReceiptId::Transaction {
        transaction_hash: id,
        ..
    }
    | TransactionOrReceiptId::Receipt { receipt_id: id, .. }) = *id;
    if chain.outcome(&id).is_some() {
        RpcLightClientProofError::InternalError {
            error_message: NO_PROOFS.to_owned(),
        }
    } else if chain.transaction(&id).is_some() || chain.receipt(&id).is_some() {
        RpcLightClientProofError::NotConfirmed {
            transaction_or_receipt_id: id,
        }
    } else {
        RpcLightClientProofError::UnknownTransactionOrReceipt {
            transaction_or_receipt_id: id,
        }
    }
    .into()
}

/// Returns the error for a proof of something in a block.
fn no_proof_of_block(node: &Node, block_hash: CryptoHash) -> RpcError {
    match node.block_producer.chain().block_by_hash(&block_hash) {
        Some(_) => RpcLightClientProofError::InternalError {
            error_message: NO_PROOFS.to_owned(),
        },
        None => RpcLightClientProofError::UnknownBlock {
            error_message: block_hash.to_string(),
        },
    }
    .into()
}
