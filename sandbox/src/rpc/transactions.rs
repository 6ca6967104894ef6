//! The methods that send transactions and return their outcomes.
//!
//! The block producer wakes a request that waits after each block; nothing polls. A request waits for
//! `rpc.polling_config.polling_timeout` of `config.json` (10 s, as in neard). Then it returns a time-out
//! with the progress of the transaction, for example when a yield is never resumed.
//!
//! Two responses differ from neard's. `broadcast_tx_async` refuses an invalid transaction; neard returns
//! its hash and drops it, and the client waits for ever. A request that waits for `INCLUDED` gets the
//! final outcome when blocks are produced without delay, because clients sleep before they ask again.

use chain::Chain;
use chain::views::{self, Progress};
use near_jsonrpc_primitives::errors::{RpcError, RpcParseError};
use near_jsonrpc_primitives::types::receipts::{
    ReceiptReference, RpcReceiptError, RpcReceiptResponse,
};
use near_jsonrpc_primitives::types::transactions::{
    RpcSendTransactionRequest, RpcTransactionError, RpcTransactionResponse,
    RpcTransactionStatusRequest, TimeoutErrorCause, TransactionInfo,
};
use near_primitives::hash::CryptoHash;
use near_primitives::serialize::from_base64;
use near_primitives::transaction::SignedTransaction;
use near_primitives::views::{FinalExecutionOutcomeViewEnum, TxExecutionStatus};
use serde_json::Value;

use super::node::Node;
use super::params::{Params, parse, wrong_number};
use super::response::{MethodResult, to_result};

/// Sends a transaction and returns its hash (`broadcast_tx_async`).
pub async fn broadcast_async(node: &Node, params: Params) -> MethodResult {
    let (transaction, _) = send_request(params)?;
    to_result(submit(node, transaction).await?)
}

/// Sends a transaction and returns its outcome when all receipts have run, refunds too
/// (`broadcast_tx_commit`).
pub async fn broadcast_commit(node: &Node, params: Params) -> MethodResult {
    let (transaction, _) = send_request(params)?;
    let hash = submit(node, transaction).await?;
    let chain = wait(node, hash, &TxExecutionStatus::Final, false).await?;
    to_result(response(&chain, hash, false)?)
}

/// Sends a transaction and returns its outcome when its progress satisfies `wait_until` (`send_tx`).
pub async fn send(node: &Node, params: Params) -> MethodResult {
    let (transaction, wait_until) = send_request(params)?;
    let hash = submit(node, transaction).await?;
    if wait_until == TxExecutionStatus::None {
        return to_result(RpcTransactionResponse {
            final_execution_outcome: None,
            final_execution_status: TxExecutionStatus::None,
        });
    }
    let chain = wait(node, hash, &wait_until, false).await?;
    to_result(response(&chain, hash, false)?)
}

/// Returns the outcome of a transaction (`tx`), or the outcome with the receipts (`tx_status`).
pub async fn status(node: &Node, params: Params, with_receipts: bool) -> MethodResult {
    let RpcTransactionStatusRequest {
        transaction_info,
        wait_until,
    } = status_request(params)?;
    let (hash, _) = transaction_info.to_tx_hash_and_account();
    if let Some(transaction) = transaction_info.to_signed_tx() {
        check_known_or_valid(&node.block_producer.chain(), transaction)?;
    }
    let chain = wait(node, hash, &wait_until, with_receipts).await?;
    to_result(response(&chain, hash, with_receipts)?)
}

/// Returns a receipt (`EXPERIMENTAL_receipt`): by `{"receipt_id"}` or `[receipt_id]`.
pub fn receipt(node: &Node, params: Params) -> MethodResult {
    let ReceiptReference { receipt_id } = params.parse()?;
    let chain = node.block_producer.chain();
    let receipt = chain
        .receipt(&receipt_id)
        .ok_or(RpcReceiptError::UnknownReceipt { receipt_id })?;
    to_result(RpcReceiptResponse {
        receipt_view: (**receipt).clone().into(),
    })
}

/// Parses `[base64]` or `{"signed_tx_base64", "wait_until"}`.
fn send_request(
    mut params: Params,
) -> Result<(SignedTransaction, TxExecutionStatus), RpcParseError> {
    match params.positional().map(<[_; 1]>::try_from) {
        None => {
            let request: RpcSendTransactionRequest = params.parse()?;
            Ok((request.signed_transaction, request.wait_until))
        }
        Some(Ok([encoded])) => Ok((decode(encoded)?, TxExecutionStatus::default())),
        Some(Err(values)) => Err(wrong_number("one parameter", values.len())),
    }
}

/// Parses `{"tx_hash", "sender_account_id", "wait_until"}`, `{"signed_tx_base64", "wait_until"}`,
/// `[hash, sender]` or `[base64]`.
fn status_request(mut params: Params) -> Result<RpcTransactionStatusRequest, RpcParseError> {
    let Some(values) = params.positional() else {
        return params.parse();
    };
    let transaction_info = match <[_; 2]>::try_from(values).map_err(<[_; 1]>::try_from) {
        Ok([hash, sender]) => TransactionInfo::TransactionId {
            tx_hash: parse(hash)?,
            sender_account_id: parse(sender)?,
        },
        Err(Ok([encoded])) => TransactionInfo::Transaction {
            signed_tx: decode(encoded)?,
        },
        Err(Err(values)) => return Err(wrong_number("one or two parameters", values.len())),
    };
    let wait_until = TxExecutionStatus::default();
    Ok(RpcTransactionStatusRequest {
        transaction_info,
        wait_until,
    })
}

fn decode(encoded: Value) -> Result<SignedTransaction, RpcParseError> {
    let encoded: String = parse(encoded)?;
    let failed = |problem| RpcParseError(format!("Failed to decode transaction: {problem}"));
    let bytes = from_base64(&encoded).map_err(|error| failed(error.to_string()))?;
    borsh::from_slice(&bytes).map_err(|error| failed(error.to_string()))
}

async fn submit(node: &Node, transaction: SignedTransaction) -> Result<CryptoHash, RpcError> {
    let accepted = node.block_producer.submit(transaction).await?;
    accepted.map_err(|context| RpcTransactionError::InvalidTransaction { context }.into())
}

/// Checks that a transaction is known or could be sent. A client that asks with the transaction itself
/// gets the reason if it is not valid.
fn check_known_or_valid(chain: &Chain, transaction: &SignedTransaction) -> Result<(), RpcError> {
    if chain.transaction(&transaction.get_hash()).is_some() {
        return Ok(());
    }
    match chain.clone().submit(transaction.clone()) {
        Ok(_) => Ok(()),
        Err(context) => Err(RpcTransactionError::InvalidTransaction { context }.into()),
    }
}

/// Waits until the progress of a transaction satisfies `wanted`, and returns the chain as it is then.
async fn wait(
    node: &Node,
    hash: CryptoHash,
    wanted: &TxExecutionStatus,
    with_receipts: bool,
) -> Result<Chain, RpcError> {
    let finish = node.block_producer.is_immediate() && *wanted != TxExecutionStatus::None;
    let reached = node.block_producer.wait_for(|chain| {
        let Some(progress) = views::progress(chain, &hash) else {
            return Some(Err(unknown(hash)));
        };
        let is_done = progress == Progress::Final || !finish || chain.is_idle();
        (progress.satisfies(wanted) && is_done).then(|| Ok(chain.clone()))
    });
    let timeout = node.config.rpc.polling_config.polling_timeout;
    match tokio::time::timeout(timeout, reached).await {
        Ok(found) => found?,
        Err(_) => {
            let chain = node.block_producer.chain();
            if views::progress(&chain, &hash).is_some_and(|progress| progress.satisfies(wanted)) {
                return Ok(chain);
            }
            let status = Box::new(response(&chain, hash, with_receipts)?);
            let cause = TimeoutErrorCause::Pending { status };
            Err(RpcTransactionError::TimeoutError(Some(cause)).into())
        }
    }
}

/// Returns the progress of a transaction, and its outcome if it is in a block.
fn response(
    chain: &Chain,
    hash: CryptoHash,
    with_receipts: bool,
) -> Result<RpcTransactionResponse, RpcError> {
    let progress = views::progress(chain, &hash).ok_or_else(|| unknown(hash))?;
    let final_execution_outcome = if with_receipts {
        views::final_outcome_with_receipts(chain, &hash)
            .map(FinalExecutionOutcomeViewEnum::FinalExecutionOutcomeWithReceipt)
    } else {
        views::final_outcome(chain, &hash).map(FinalExecutionOutcomeViewEnum::FinalExecutionOutcome)
    };
    Ok(RpcTransactionResponse {
        final_execution_outcome,
        final_execution_status: progress.status(),
    })
}

fn unknown(requested_transaction_hash: CryptoHash) -> RpcError {
    RpcTransactionError::UnknownTransaction {
        requested_transaction_hash,
    }
    .into()
}
