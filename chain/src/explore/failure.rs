//! Receipts that fail by choice.

use std::sync::Arc;

use near_primitives::action::{Action, FunctionCallAction, TransferAction};
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{
    ActionReceiptV2, DataReceiver, Receipt, ReceiptEnum, ReceiptV0, VersionedReceiptEnum,
};
use near_primitives::transaction::{ExecutionOutcomeWithId, ExecutionStatus};
use near_primitives::types::{AccountId, Balance, BlockHeight, Gas};
use near_primitives::utils::create_receipt_id_from_receipt_id;

use super::schedule::Ending;
use crate::runtime::{ApplyResult, OutgoingReceipt, postponed_key, yield_key};
use crate::state::{State, StateUpdate};

/// The method and the account that do not exist. Errors name them.
const BY_CHOICE: &str = "fails-by-choice";

/// Returns the choices that a receipt has beside the ending that its contract has written. `result` is that of
/// the step, and `state` the one before it.
pub(super) fn choices(
    state: &State,
    delivered: &Receipt,
    result: &ApplyResult,
) -> &'static [Ending] {
    let Some(outcome) = result.outcomes.first() else {
        return &[];
    };
    if matches!(outcome.outcome.status, ExecutionStatus::Failure(_)) {
        return &[];
    }
    match executed(state, delivered, &outcome.id) {
        Some(receipt) if receipt.predecessor_id().is_system() => &[],
        Some(receipt) if may_return_a_promise(&receipt) => &[Ending::Fails, Ending::ActsThenFails],
        Some(_) => &[Ending::Fails],
        None => &[],
    }
}

/// Returns the receipt that a delivery runs: the one delivered, or one that has waited for it.
fn executed(state: &State, delivered: &Receipt, id: &CryptoHash) -> Option<Receipt> {
    if delivered.receipt_id() == id {
        return Some(delivered.clone());
    }
    state
        .waiting_receipts()
        .find(|receipt| receipt.receipt_id() == id)
}

/// Returns true if somebody waits for what the last action returns, and that action can return a promise.
fn may_return_a_promise(receipt: &Receipt) -> bool {
    let (VersionedReceiptEnum::Action(actions) | VersionedReceiptEnum::PromiseYield(actions)) =
        receipt.versioned_receipt()
    else {
        return false;
    };
    let is_call = matches!(actions.actions().last(), Some(Action::FunctionCall(_)));
    is_call && !actions.output_data_receivers().is_empty()
}

fn receivers(receipt: &Receipt) -> Vec<DataReceiver> {
    match receipt.versioned_receipt() {
        VersionedReceiptEnum::Action(actions) | VersionedReceiptEnum::PromiseYield(actions) => {
            actions.output_data_receivers().to_vec()
        }
        _ => Vec::new(),
    }
}

/// Prepares a step in which the receipt `executed_id` has another ending. Returns the receipt to deliver.
pub(super) fn prepare(
    state: &mut StateUpdate,
    delivered: &Receipt,
    executed_id: &CryptoHash,
    ending: Ending,
) -> Receipt {
    let Some(mut receipt) = executed(state.current(), delivered, executed_id) else {
        return delivered.clone();
    };
    match ending {
        Ending::AsWritten => {}
        Ending::Fails => actions_of(&mut receipt, |actions, _| {
            actions.insert(0, call_of_no_method());
        }),
        Ending::ActsThenFails => actions_of(&mut receipt, |_, receivers| receivers.clear()),
    }
    if delivered.receipt_id() == executed_id {
        return receipt;
    }
    let receiver_id = receipt.receiver_id();
    let key = match receipt.versioned_receipt() {
        VersionedReceiptEnum::PromiseYield(waiting) => {
            yield_key(receiver_id, waiting.input_data_ids()[0])
        }
        _ => postponed_key(receiver_id, *executed_id),
    };
    state.set_record(&key, &receipt);
    delivered.clone()
}

fn actions_of(receipt: &mut Receipt, change: impl Fn(&mut Vec<Action>, &mut Vec<DataReceiver>)) {
    match receipt.receipt_mut() {
        ReceiptEnum::Action(receipt) | ReceiptEnum::PromiseYield(receipt) => {
            change(&mut receipt.actions, &mut receipt.output_data_receivers);
        }
        ReceiptEnum::ActionV2(receipt) | ReceiptEnum::PromiseYieldV2(receipt) => {
            change(&mut receipt.actions, &mut receipt.output_data_receivers);
        }
        ReceiptEnum::Data(_)
        | ReceiptEnum::PromiseResume(_)
        | ReceiptEnum::GlobalContractDistribution(_) => {}
    }
}

/// Adds the promise that fails to the result of a receipt that has acted, as if the receipt had returned it.
/// `state` is the one before the step, `children` counts what the receipt has created.
pub(super) fn return_failing_promise(
    state: &State,
    delivered: &Receipt,
    height: BlockHeight,
    children: usize,
    result: &mut ApplyResult,
) {
    let Some(ExecutionOutcomeWithId { id, outcome }) = result.outcomes.first_mut() else {
        return;
    };
    let Some(receipt) = executed(state, delivered, id) else {
        return;
    };
    let receipt_id = create_receipt_id_from_receipt_id(id, height, children);
    outcome.status = ExecutionStatus::SuccessReceiptId(receipt_id);
    outcome.receipt_ids.push(receipt_id);
    let (VersionedReceiptEnum::Action(actions) | VersionedReceiptEnum::PromiseYield(actions)) =
        receipt.versioned_receipt()
    else {
        return;
    };
    let sender_id = receipt.receiver_id().clone();
    let promise = ActionReceiptV2 {
        signer_id: actions.signer_id().clone(),
        refund_to: None,
        signer_public_key: actions.signer_public_key().clone(),
        gas_price: actions.gas_price(),
        output_data_receivers: receivers(&receipt),
        input_data_ids: Vec::new(),
        actions: vec![Action::Transfer(TransferAction {
            deposit: Balance::ZERO,
        })],
    };
    let promise = Arc::new(Receipt::V0(ReceiptV0 {
        predecessor_id: sender_id.clone(),
        receiver_id: nobody(),
        receipt_id,
        receipt: ReceiptEnum::ActionV2(promise),
    }));
    result.new_receipts.push(promise.clone());
    result.outgoing_receipts.push(OutgoingReceipt {
        sender_id,
        receipt: promise,
    });
}

fn nobody() -> AccountId {
    BY_CHOICE.parse().expect("the name is a valid account id")
}

fn call_of_no_method() -> Action {
    FunctionCallAction {
        method_name: BY_CHOICE.to_owned(),
        args: Vec::new(),
        gas: Gas::from_teragas(1),
        deposit: Balance::ZERO,
    }
    .into()
}
