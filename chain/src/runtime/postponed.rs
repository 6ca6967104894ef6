//! Receipts that wait for data, and the data that has come (`SPEC.md` §2.1).

use std::rc::Rc;
use std::sync::Arc;

use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{DataReceipt, Receipt, ReceivedData, VersionedActionReceipt};
use near_primitives::trie_key::TrieKey;
use near_primitives::types::AccountId;
use near_vm_runner::logic::types::PromiseResult;

use crate::state::{State, StateUpdate};

/// Returns the inputs of a receipt that have not come yet.
pub(super) fn missing_inputs(
    state: &State,
    receiver_id: &AccountId,
    action_receipt: &VersionedActionReceipt,
) -> Vec<CryptoHash> {
    let is_missing =
        |data_id: &CryptoHash| state.get(&received_key(receiver_id, *data_id)).is_none();
    let data_ids = action_receipt.input_data_ids().iter().copied();
    data_ids.filter(is_missing).collect()
}

/// Stores a receipt until its missing inputs have come.
pub(super) fn postpone(state: &mut StateUpdate, receipt: &Receipt, missing: &[CryptoHash]) {
    let (receiver_id, receipt_id) = (receipt.receiver_id(), *receipt.receipt_id());
    for data_id in missing {
        state.set_record(&waiting_receipt_key(receiver_id, *data_id), &receipt_id);
    }
    let count = missing.len() as u32;
    state.set_record(&pending_count_key(receiver_id, receipt_id), &count);
    state.set_record(&postponed_key(receiver_id, receipt_id), receipt);
}

/// Stores data that has come. Returns the receipt that waited for nothing else.
pub(super) fn receive_data(
    state: &mut StateUpdate,
    receiver_id: &AccountId,
    data: &DataReceipt,
) -> Option<Receipt> {
    store_data(state, receiver_id, data);
    let waiting_key = waiting_receipt_key(receiver_id, data.data_id);
    let receipt_id = state.current().record::<CryptoHash>(&waiting_key)?;
    state.remove(&waiting_key);
    let count_key = pending_count_key(receiver_id, receipt_id);
    let pending = state.current().record::<u32>(&count_key)?;
    if pending > 1 {
        state.set_record(&count_key, &(pending - 1));
        return None;
    }
    let postponed_key = postponed_key(receiver_id, receipt_id);
    let receipt = state.current().record(&postponed_key)?;
    state.remove(&count_key);
    state.remove(&postponed_key);
    Some(receipt)
}

/// Stores data for a receipt that reads it when it runs.
pub(super) fn store_data(state: &mut StateUpdate, receiver_id: &AccountId, data: &DataReceipt) {
    let received = ReceivedData {
        data: data.data.clone(),
    };
    state.set_record(&received_key(receiver_id, data.data_id), &received);
}

/// Removes the inputs of a receipt from the state and returns them, in the order in which the receipt
/// names them.
pub(super) fn take_promise_results(
    state: &mut StateUpdate,
    receiver_id: &AccountId,
    action_receipt: &VersionedActionReceipt,
) -> Arc<[PromiseResult]> {
    let data_ids = action_receipt.input_data_ids().iter();
    data_ids
        .map(|data_id| {
            let key = received_key(receiver_id, *data_id);
            let received = state.current().record::<ReceivedData>(&key);
            state.remove(&key);
            match received.and_then(|received| received.data) {
                Some(value) => PromiseResult::Successful(Rc::from(value)),
                None => PromiseResult::Failed,
            }
        })
        .collect()
}

fn received_key(receiver_id: &AccountId, data_id: CryptoHash) -> TrieKey {
    TrieKey::ReceivedData {
        receiver_id: receiver_id.clone(),
        data_id,
    }
}

fn waiting_receipt_key(receiver_id: &AccountId, data_id: CryptoHash) -> TrieKey {
    TrieKey::PostponedReceiptId {
        receiver_id: receiver_id.clone(),
        data_id,
    }
}

fn pending_count_key(receiver_id: &AccountId, receipt_id: CryptoHash) -> TrieKey {
    TrieKey::PendingDataCount {
        receiver_id: receiver_id.clone(),
        receipt_id,
    }
}

pub(crate) fn postponed_key(receiver_id: &AccountId, receipt_id: CryptoHash) -> TrieKey {
    TrieKey::PostponedReceipt {
        receiver_id: receiver_id.clone(),
        receipt_id,
    }
}
