//! The application of a block (`SPEC.md` §5), and the limits of a block.

use std::sync::Arc;

use imbl::Vector;
use near_primitives::errors::InvalidTxError;
use near_primitives::receipt::Receipt;
use near_primitives::state_record::StateRecord;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::{AccountId, Compute};

use super::apply_result::ApplyResult;
use super::apply_state::ApplyState;
use super::receipt_sink::ReceiptSink;
use super::receipts::process_receipt;
use super::transactions::process_transaction;
use super::validator_accounts::update_validator_accounts;
use super::yields;
use crate::epochs::LockedStakes;
use crate::patch;
use crate::state::{State, StateUpdate};

/// The input of a block.
pub(crate) struct BlockInput<'a> {
    /// The stakes that stay locked, if an epoch has ended before the block.
    pub locked_stakes: &'a LockedStakes,
    /// The pool, in the order in which the transactions are to be taken.
    pub transactions: Vec<Arc<SignedTransaction>>,
    /// The outgoing receipts of the previous block.
    pub incoming_receipts: Vector<Arc<Receipt>>,
    /// The receipts that earlier blocks had no room for.
    pub delayed_receipts: Vector<Arc<Receipt>>,
    /// The receipts that earlier blocks could not send.
    pub buffered_receipts: Vector<Arc<Receipt>>,
    /// The records to write into the state after all else.
    pub patches: &'a [StateRecord],
    /// The compute after which the block takes no more receipts.
    pub compute_limit: Compute,
}

/// The output of a block.
pub(crate) struct BlockOutput {
    pub state: State,
    pub result: ApplyResult,
    /// The accounts that got a stake back.
    pub updated_validators: Vec<AccountId>,
    /// The transactions that the block has taken.
    pub transactions: Vec<Arc<SignedTransaction>>,
    /// The transactions that are not valid after those before them, each with the reason.
    pub invalid_transactions: Vec<(Arc<SignedTransaction>, InvalidTxError)>,
    /// The receipts that the next block gets.
    pub outgoing_receipts: Vector<Arc<Receipt>>,
    /// The receipts that the block had no room for.
    pub delayed_receipts: Vector<Arc<Receipt>>,
    /// The receipts that the block could not send.
    pub buffered_receipts: Vector<Arc<Receipt>>,
}

/// Applies a block on top of `state`.
pub(crate) fn apply_block(
    apply_state: &ApplyState,
    state: State,
    input: BlockInput,
) -> BlockOutput {
    let mut state = StateUpdate::new(state);
    let mut result = ApplyResult::default();
    let updated_validators = update_validator_accounts(&mut state, input.locked_stakes);
    let Converted {
        transactions,
        invalid_transactions,
        local,
    } = process_transactions(apply_state, &mut state, &mut result, input.transactions);
    let mut process = |receipts| {
        process_receipts(
            apply_state,
            &mut state,
            &mut result,
            receipts,
            input.compute_limit,
        )
    };
    let mut delayed_receipts = input.delayed_receipts;
    delayed_receipts.append(process(local));
    let mut delayed_receipts = process(delayed_receipts);
    delayed_receipts.append(process(input.incoming_receipts));
    resolve_yield_timeouts(apply_state, &mut state, &mut result, input.compute_limit);
    for record in input.patches {
        patch::write(&mut state, record).expect("`Chain::patch_state` has checked the record");
    }
    let mut sink = ReceiptSink::new(apply_state.config, input.buffered_receipts);
    for outgoing in &result.outgoing_receipts {
        sink.forward_or_buffer(&outgoing.receipt);
    }
    BlockOutput {
        state: state.into_state(),
        result,
        updated_validators,
        transactions,
        invalid_transactions,
        outgoing_receipts: sink.outgoing,
        delayed_receipts,
        buffered_receipts: sink.buffered,
    }
}

/// The transactions of a block after their conversion.
#[derive(Default)]
struct Converted {
    transactions: Vec<Arc<SignedTransaction>>,
    invalid_transactions: Vec<(Arc<SignedTransaction>, InvalidTxError)>,
    /// The receipts that run in this block because the signer is the receiver.
    local: Vector<Arc<Receipt>>,
}

/// Converts the transactions that are valid after those before them, and leaves the others out.
fn process_transactions(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    result: &mut ApplyResult,
    pool: Vec<Arc<SignedTransaction>>,
) -> Converted {
    let mut converted = Converted::default();
    for transaction in pool {
        let mut applied = match process_transaction(apply_state, state, &transaction) {
            Ok(applied) => applied,
            Err(error) => {
                converted.invalid_transactions.push((transaction, error));
                continue;
            }
        };
        applied.outgoing_receipts.retain(|outgoing| {
            let is_local = outgoing.sender_id == *outgoing.receipt.receiver_id();
            if is_local {
                converted.local.push_back(outgoing.receipt.clone());
            }
            !is_local
        });
        result.append(applied);
        converted.transactions.push(transaction);
    }
    converted
}

/// Processes receipts in order until the block is full, and returns the rest.
fn process_receipts(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    result: &mut ApplyResult,
    mut receipts: Vector<Arc<Receipt>>,
    compute_limit: Compute,
) -> Vector<Arc<Receipt>> {
    let soft_limit = apply_state
        .config
        .witness_config
        .main_storage_proof_size_soft_limit;
    let soft_limit = usize::try_from(soft_limit).unwrap_or(usize::MAX);
    while result.compute_usage < compute_limit && !state.proof_exceeds(soft_limit) {
        let Some(receipt) = receipts.pop_front() else {
            break;
        };
        result.append(process_receipt(apply_state, state, &receipt));
    }
    receipts
}

/// Sends a time-out to each yield that has expired, until the block is full.
fn resolve_yield_timeouts(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    result: &mut ApplyResult,
    compute_limit: Compute,
) {
    let mut count = 0;
    while result.compute_usage < compute_limit {
        let Some(timeout) = yields::pop_expired(state, apply_state.block_height) else {
            break;
        };
        let receipt =
            yields::timeout_receipt(state.current(), apply_state.block_height, &timeout, count);
        if let Some(receipt) = receipt {
            result.add_outgoing(timeout.account_id, receipt);
            count += 1;
        }
    }
}
