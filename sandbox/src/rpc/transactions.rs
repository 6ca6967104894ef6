//! Sending transactions and learning what became of them.
//!
//! A request that waits is woken by the miner after each block; nothing polls. It waits no longer than
//! `rpc.polling_config.polling_timeout` of `config.json` (10 s, as neard) and then says how far the
//! transaction has come: a promise that was yielded and is not resumed ends like that.
//!
//! Two things are kinder than neard. `broadcast_tx_async` refuses an invalid transaction, where neard
//! answers with its hash and drops it, and the client waits for ever. And a request that waits for
//! `INCLUDED` gets the finished outcome where that takes only a moment, because clients that do not get
//! it sleep before they ask again.

use near_jsonrpc_primitives::errors::{RpcError, RpcParseError};
use near_jsonrpc_primitives::types::receipts::{
    RpcReceiptError, RpcReceiptRequest, RpcReceiptResponse,
};
use near_jsonrpc_primitives::types::transactions::{
    RpcSendTransactionRequest, RpcTransactionError, RpcTransactionResponse,
    RpcTransactionStatusRequest, TimeoutErrorCause, TransactionInfo,
};
use near_primitives::hash::CryptoHash;
use near_primitives::serialize::from_base64;
use near_primitives::transaction::SignedTransaction;
use near_primitives::views::{
    FinalExecutionOutcomeView, FinalExecutionOutcomeViewEnum, TxExecutionStatus,
};
use serde_json::Value;

use super::params::{Params, parse, wrong_number};
use super::{Answer, Node, answer};
use chain::Chain;
use chain::views::{self, Progress};

/// `broadcast_tx_async`: the hash of an accepted transaction.
pub async fn broadcast_async(node: &Node, params: Params) -> Answer {
    let (transaction, _) = to_send(params)?;
    answer(submit(node, transaction).await?)
}

/// `broadcast_tx_commit`: the outcome when all is done, refunds too.
pub async fn broadcast_commit(node: &Node, params: Params) -> Answer {
    let (transaction, _) = to_send(params)?;
    let hash = submit(node, transaction).await?;
    let chain = wait(node, hash, &TxExecutionStatus::Final, false).await?;
    let outcome: FinalExecutionOutcomeView =
        views::final_outcome(&chain, &hash).ok_or_else(|| unknown(hash))?;
    answer(outcome)
}

/// `send_tx`: the outcome when the transaction has come as far as `wait_until` says.
pub async fn send(node: &Node, params: Params) -> Answer {
    let (transaction, wait_until) = to_send(params)?;
    let hash = submit(node, transaction).await?;
    if wait_until == TxExecutionStatus::None {
        return answer(RpcTransactionResponse {
            final_execution_outcome: None,
            final_execution_status: TxExecutionStatus::None,
        });
    }
    let chain = wait(node, hash, &wait_until, false).await?;
    answer(response(&chain, hash, false)?)
}

/// `tx`, and with the receipts `tx_status`.
pub async fn status(node: &Node, params: Params, with_receipts: bool) -> Answer {
    let RpcTransactionStatusRequest {
        transaction_info,
        wait_until,
    } = to_look_up(params)?;
    let (hash, _) = transaction_info.to_tx_hash_and_account();
    if let Some(transaction) = transaction_info.to_signed_tx() {
        check_unknown(&node.miner.chain(), transaction)?;
    }
    let chain = wait(node, hash, &wait_until, with_receipts).await?;
    answer(response(&chain, hash, with_receipts)?)
}

/// `EXPERIMENTAL_receipt`: by `{"receipt_id"}`.
pub fn receipt(node: &Node, params: Params) -> Answer {
    let RpcReceiptRequest { receipt_reference } = params.parse()?;
    let receipt_id = receipt_reference.receipt_id;
    let chain = node.miner.chain();
    let receipt = chain
        .receipt(&receipt_id)
        .ok_or(RpcReceiptError::UnknownReceipt { receipt_id })?;
    answer(RpcReceiptResponse {
        receipt_view: (**receipt).clone().into(),
    })
}

/// `[base64]` or `{"signed_tx_base64", "wait_until"}`.
fn to_send(mut params: Params) -> Result<(SignedTransaction, TxExecutionStatus), RpcParseError> {
    match params.positional().map(<[_; 1]>::try_from) {
        None => {
            let request: RpcSendTransactionRequest = params.parse()?;
            Ok((request.signed_transaction, request.wait_until))
        }
        Some(Ok([encoded])) => Ok((decode(encoded)?, TxExecutionStatus::default())),
        Some(Err(values)) => Err(wrong_number("one parameter", values.len())),
    }
}

/// `{"tx_hash", "sender_account_id", "wait_until"}`, `{"signed_tx_base64", "wait_until"}`,
/// `[hash, sender]` or `[base64]`.
fn to_look_up(mut params: Params) -> Result<RpcTransactionStatusRequest, RpcParseError> {
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
    let accepted = node.miner.submit(transaction).await?;
    accepted.map_err(|context| RpcTransactionError::InvalidTransaction { context }.into())
}

/// Who asks for a transaction by the transaction itself learns whether it could be sent at all.
fn check_unknown(chain: &Chain, transaction: &SignedTransaction) -> Result<(), RpcError> {
    if chain.transaction(&transaction.get_hash()).is_some() {
        return Ok(());
    }
    match chain.clone().submit(transaction.clone()) {
        Ok(_) => Ok(()),
        Err(context) => Err(RpcTransactionError::InvalidTransaction { context }.into()),
    }
}

/// Waits until a transaction has come as far as `wanted`, and returns the chain at that moment.
async fn wait(
    node: &Node,
    hash: CryptoHash,
    wanted: &TxExecutionStatus,
    with_receipts: bool,
) -> Result<Chain, RpcError> {
    let finish = node.miner.is_immediate() && *wanted != TxExecutionStatus::None;
    let arrived = node.miner.wait_for(|chain| {
        let Some(progress) = views::progress(chain, &hash) else {
            return Some(Err(unknown(hash)));
        };
        let is_done = progress == Progress::Final || !finish || chain.is_idle();
        (progress.satisfies(wanted) && is_done).then(|| Ok(chain.clone()))
    });
    let patience = node.config.rpc.polling_config.polling_timeout;
    match tokio::time::timeout(patience, arrived).await {
        Ok(found) => found?,
        Err(_) => {
            let chain = node.miner.chain();
            if views::progress(&chain, &hash).is_some_and(|progress| progress.satisfies(wanted)) {
                return Ok(chain);
            }
            let status = Box::new(response(&chain, hash, with_receipts)?);
            let cause = TimeoutErrorCause::Pending { status };
            Err(RpcTransactionError::TimeoutError(Some(cause)).into())
        }
    }
}

/// How far a transaction has come, and its outcome as far as it is known.
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
