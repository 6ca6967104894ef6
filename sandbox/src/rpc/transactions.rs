//! The methods that send transactions and return their outcomes.
//!
//! The block producer wakes a request that waits after each block; nothing polls. A request waits for
//! `rpc.polling_config.polling_timeout` of `config.json` (10 s, as in neard), also for a transaction that
//! nobody has sent yet. Then it returns a time-out with the progress of the transaction, for example when a
//! yield is never resumed. As on a node, a transaction is not observed before a block has taken it.
//!
//! One response differs from neard's: a request that waits for `INCLUDED` gets the final outcome when blocks are
//! produced without delay, because clients sleep before they ask again.

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
use near_primitives::errors::InvalidTxError;
use near_primitives::hash::CryptoHash;
use near_primitives::serialize::from_base64;
use near_primitives::transaction::SignedTransaction;
use near_primitives::views::{FinalExecutionOutcomeViewEnum, TxExecutionStatus};
use serde_json::Value;

use super::node::Node;
use super::params::{Params, parse, wrong_number};
use super::response::{MethodResult, to_result};

/// Sends a transaction and returns its hash (`broadcast_tx_async`). As on a node, nobody hears of one that is
/// not valid.
pub async fn broadcast_async(node: &Node, params: Params) -> MethodResult {
    let (transaction, _) = send_request(params)?;
    let hash = transaction.get_hash();
    node.block_producer.submit_async(transaction);
    to_result(hash)
}

/// Sends a transaction and returns its outcome when all receipts have run, refunds too
/// (`broadcast_tx_commit`).
pub async fn broadcast_commit(node: &Node, params: Params) -> MethodResult {
    let (transaction, _) = send_request(params)?;
    commit(node, transaction, TxExecutionStatus::Final).await
}

/// Sends a transaction and returns its outcome when its progress satisfies `wait_until` (`send_tx`).
pub async fn send(node: &Node, params: Params) -> MethodResult {
    let (transaction, wait_until) = send_request(params)?;
    if wait_until == TxExecutionStatus::None {
        node.block_producer.submit_async(transaction);
        return to_result(RpcTransactionResponse {
            final_execution_outcome: None,
            final_execution_status: TxExecutionStatus::None,
        });
    }
    commit(node, transaction, wait_until).await
}

/// Returns the outcome of a transaction (`tx`), or the outcome with the receipts (`tx_status`).
pub async fn status(node: &Node, params: Params, with_receipts: bool) -> MethodResult {
    let RpcTransactionStatusRequest {
        transaction_info,
        wait_until,
    } = status_request(params)?;
    let (hash, _) = transaction_info.to_tx_hash_and_account();
    let wanted = Wanted {
        hash,
        wait_until,
        with_receipts,
    };
    let reached = wanted.reached(node, |chain| match transaction_info.to_signed_tx() {
        Some(transaction) => check(chain, transaction),
        None => Ok(()),
    });
    wanted.within_timeout(node, reached).await
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

/// Sends a transaction and waits until its progress satisfies `wait_until`.
async fn commit(
    node: &Node,
    transaction: SignedTransaction,
    wait_until: TxExecutionStatus,
) -> MethodResult {
    let wanted = Wanted {
        hash: transaction.get_hash(),
        wait_until,
        with_receipts: false,
    };
    let reached = async {
        let taken = node.block_producer.submit(transaction).await?;
        taken.map_err(invalid)?;
        wanted.reached(node, |_| Ok(())).await
    };
    wanted.within_timeout(node, reached).await
}

/// The progress that a client waits for.
struct Wanted {
    hash: CryptoHash,
    wait_until: TxExecutionStatus,
    with_receipts: bool,
}

impl Wanted {
    /// Waits until the progress of the transaction satisfies the client, and returns the chain as it is then.
    /// Calls `check` with each snapshot of the chain in which no block has the transaction.
    async fn reached(
        &self,
        node: &Node,
        check: impl Fn(&Chain) -> Result<(), RpcError>,
    ) -> Result<Chain, RpcError> {
        let finish =
            node.block_producer.is_immediate() && self.wait_until != TxExecutionStatus::None;
        let reached = node.block_producer.wait_for(|chain| {
            let Some(progress) = views::progress(chain, &self.hash) else {
                let checked = check(chain).and_then(|()| self.check_unobserved(chain));
                return checked.err().map(Err);
            };
            let is_done = progress == Progress::Final || !finish || chain.is_idle();
            (progress.satisfies(&self.wait_until) && is_done).then(|| Ok(chain.clone()))
        });
        reached.await?
    }

    /// Checks that it makes sense to wait for a transaction that is in no block.
    fn check_unobserved(&self, chain: &Chain) -> Result<(), RpcError> {
        let is_receipt = chain.outcome(&self.hash).is_some() || chain.receipt(&self.hash).is_some();
        if is_receipt || self.wait_until == TxExecutionStatus::None {
            return Err(RpcTransactionError::UnknownTransaction {
                requested_transaction_hash: self.hash,
            }
            .into());
        }
        Ok(())
    }

    /// Returns the response for the chain that is reached, or for the latest one after the polling time-out.
    async fn within_timeout(
        &self,
        node: &Node,
        reached: impl Future<Output = Result<Chain, RpcError>>,
    ) -> MethodResult {
        let timeout = node.config.rpc.polling_config.polling_timeout;
        let chain = match tokio::time::timeout(timeout, reached).await {
            Ok(reached) => reached?,
            Err(_) => node.block_producer.chain(),
        };
        match views::progress(&chain, &self.hash) {
            None => Err(timeout_error(TimeoutErrorCause::NotObserved)),
            Some(progress) if progress.satisfies(&self.wait_until) => {
                to_result(self.response(&chain, progress))
            }
            Some(progress) => {
                let status = Box::new(self.response(&chain, progress));
                Err(timeout_error(TimeoutErrorCause::Pending { status }))
            }
        }
    }

    /// Returns the outcome of the transaction with its progress.
    fn response(&self, chain: &Chain, progress: Progress) -> RpcTransactionResponse {
        let final_execution_outcome = if self.with_receipts {
            views::final_outcome_with_receipts(chain, &self.hash)
                .map(FinalExecutionOutcomeViewEnum::FinalExecutionOutcomeWithReceipt)
        } else {
            views::final_outcome(chain, &self.hash)
                .map(FinalExecutionOutcomeViewEnum::FinalExecutionOutcome)
        };
        RpcTransactionResponse {
            final_execution_outcome,
            final_execution_status: progress.status(),
        }
    }
}

/// Checks that a transaction could be sent now. A client that asks with the transaction itself gets the reason
/// if it is not valid.
fn check(chain: &Chain, transaction: &SignedTransaction) -> Result<(), RpcError> {
    chain.check(transaction).map_err(invalid)
}

fn invalid(context: InvalidTxError) -> RpcError {
    RpcTransactionError::InvalidTransaction { context }.into()
}

fn timeout_error(cause: TimeoutErrorCause) -> RpcError {
    RpcTransactionError::TimeoutError(Some(cause)).into()
}
