//! `light_client_proof` and `next_light_client_block`, which this node refuses: it has neither Merkle
//! proofs nor signatures of validators. The error tells a known transaction or block from an unknown one.

use near_jsonrpc_primitives::types::light_client::{
    RpcLightClientExecutionProofRequest, RpcLightClientNextBlockError,
    RpcLightClientNextBlockRequest, RpcLightClientProofError,
};
use near_primitives::types::TransactionOrReceiptId;

use super::node::Node;
use super::params::{Params, parse, wrong_number};
use super::response::MethodResult;

const NO_PROOFS: &str =
    "this sandbox keeps no Merkle trees and has no validators' signatures, so it can prove nothing";

/// Refuses `light_client_proof`.
pub fn proof(node: &Node, params: Params) -> MethodResult {
    let request: RpcLightClientExecutionProofRequest = params.parse()?;
    let id = match request.id {
        TransactionOrReceiptId::Transaction {
            transaction_hash, ..
        } => transaction_hash,
        TransactionOrReceiptId::Receipt { receipt_id, .. } => receipt_id,
    };
    let chain = node.block_producer.chain();
    Err(if chain.outcome(&id).is_some() {
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
    .into())
}

/// Refuses `next_light_client_block`: by `{"last_block_hash"}` or `[hash]`.
pub fn next_block(node: &Node, mut params: Params) -> MethodResult {
    let last_block_hash = match params.positional().map(<[_; 1]>::try_from) {
        None => {
            params
                .parse::<RpcLightClientNextBlockRequest>()?
                .last_block_hash
        }
        Some(Ok([hash])) => parse(hash)?,
        Some(Err(values)) => return Err(wrong_number("one parameter", values.len()).into()),
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
