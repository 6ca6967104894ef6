//! The delivery of one receipt (`SPEC.md` §2.1).

use std::collections::VecDeque;
use std::sync::Arc;

use near_primitives::receipt::{Receipt, VersionedReceiptEnum};

use super::action_receipt::apply_action_receipt;
use super::actions::apply_global_contract_distribution;
use super::apply_result::ApplyResult;
use super::apply_state::ApplyState;
use super::{postponed, yields};
use crate::state::StateUpdate;

/// Delivers a receipt to its receiver, and then the instant receipts that follow from it.
///
/// An action receipt runs when all its inputs are there. Data may complete the inputs of a receipt that
/// waits, which then runs.
pub fn process_receipt(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &Receipt,
) -> ApplyResult {
    let mut result = ApplyResult::default();
    let mut instant_receipts = VecDeque::new();
    deliver(
        apply_state,
        state,
        &mut result,
        receipt,
        &mut instant_receipts,
    );
    while let Some(receipt) = instant_receipts.pop_front() {
        deliver(
            apply_state,
            state,
            &mut result,
            &receipt,
            &mut instant_receipts,
        );
    }
    result
}

fn deliver(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    result: &mut ApplyResult,
    receipt: &Receipt,
    instant_receipts: &mut VecDeque<Arc<Receipt>>,
) {
    let receiver_id = receipt.receiver_id();
    match receipt.versioned_receipt() {
        VersionedReceiptEnum::Action(action_receipt) => {
            let missing = postponed::missing_inputs(state.current(), receiver_id, &action_receipt);
            if missing.is_empty() {
                apply(apply_state, state, result, receipt, instant_receipts);
            } else {
                postponed::postpone(state, receipt, &missing);
            }
        }
        VersionedReceiptEnum::Data(data) => {
            if let Some(complete) = postponed::receive_data(state, receiver_id, &data) {
                apply(apply_state, state, result, &complete, instant_receipts);
            }
        }
        VersionedReceiptEnum::PromiseYield(action_receipt) => {
            yields::store(state, receipt, &action_receipt);
        }
        VersionedReceiptEnum::PromiseResume(data) => {
            if let Some(resumed) = yields::resume(state, receiver_id, &data) {
                apply(apply_state, state, result, &resumed, instant_receipts);
            }
        }
        VersionedReceiptEnum::GlobalContractDistribution(distribution) => {
            result.compute_usage +=
                apply_global_contract_distribution(apply_state, state, &distribution);
        }
    }
}

/// Applies a receipt with actions whose inputs are there.
fn apply(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    result: &mut ApplyResult,
    receipt: &Receipt,
    instant_receipts: &mut VecDeque<Arc<Receipt>>,
) {
    let (VersionedReceiptEnum::Action(action_receipt)
    | VersionedReceiptEnum::PromiseYield(action_receipt)) = receipt.versioned_receipt()
    else {
        return;
    };
    let applied = apply_action_receipt(apply_state, state, receipt, &action_receipt);
    result.add_outcome(applied.outcome);
    result
        .validator_proposals
        .extend(applied.validator_proposals);
    result.tokens_minted = result.tokens_minted.saturating_add(applied.tokens_minted);
    result.tokens_lost = result.tokens_lost.saturating_add(applied.tokens_lost);
    for new_receipt in applied.new_receipts {
        if new_receipt.is_instant_receipt() {
            instant_receipts.push_back(result.add_new_receipt(new_receipt));
        } else {
            result.add_outgoing(receipt.receiver_id().clone(), new_receipt);
        }
    }
}
