//! `EXPERIMENTAL_receipt_to_tx`: the transaction that a receipt comes from.
//!
//! The hints of a request are for nodes with a slow storage. They are checked as nearcore checks them
//! (`handle_receipt_to_tx` of `chain/client/src/view_client_actor.rs`), and not needed.

use chain::views::transaction_of_receipt;
use near_jsonrpc_primitives::types::receipts::{
    RpcReceiptToTxError, RpcReceiptToTxRequest, RpcReceiptToTxResponse,
};
use near_primitives::types::BlockHeightDelta;

use super::node::Node;
use super::params::Params;
use super::response::{MethodResult, in_background, to_result};

/// The greatest `window` of a hint, in blocks: neard's default of `receipt_to_tx_max_hint_window`.
const MAX_WINDOW: BlockHeightDelta = 20;

/// Returns the transaction that a receipt comes from, and its signer.
pub async fn receipt_to_tx(node: &Node, params: Params) -> MethodResult {
    let request: RpcReceiptToTxRequest = params.parse()?;
    check_hint(&request)?;
    let receipt_id = request.receipt_reference.receipt_id;
    let chain = node.block_producer.chain();
    in_background(move || {
        let transaction = transaction_of_receipt(&chain, &receipt_id)
            .ok_or(RpcReceiptToTxError::UnknownReceipt { receipt_id })?;
        to_result(RpcReceiptToTxResponse {
            transaction_hash: *transaction.hash(),
            sender_account_id: transaction.transaction.signer_id().clone(),
        })
    })
    .await
}

fn check_hint(request: &RpcReceiptToTxRequest) -> Result<(), RpcReceiptToTxError> {
    let alone = |field: &str| RpcReceiptToTxError::MalformedHint {
        error_message: format!("{field} requires block_height"),
    };
    if request.block_height.is_none() {
        if request.shard_id.is_some() {
            return Err(alone("shard_id"));
        }
        if request.window.is_some() {
            return Err(alone("window"));
        }
    }
    match request.window {
        Some(requested) if requested > MAX_WINDOW => Err(RpcReceiptToTxError::WindowTooLarge {
            requested,
            maximum: MAX_WINDOW,
        }),
        _ => Ok(()),
    }
}
