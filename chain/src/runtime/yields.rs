//! Yields (NEP-519): receipts that wait for a resume or for their time-out (`SPEC.md` §2.1).

use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{
    DataReceipt, PromiseYieldIndices, PromiseYieldTimeout, Receipt, ReceiptEnum, ReceiptV0,
    VersionedActionReceipt,
};
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, BlockHeight, PromiseYieldStatus};
use near_primitives::utils::create_receipt_id_from_receipt_id;

use super::apply_state::ApplyState;
use super::postponed;
use crate::state::{State, StateUpdate};

/// Enqueues the time-out of a new yield.
pub(super) fn enqueue_timeout(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    account_id: &AccountId,
    data_id: CryptoHash,
) {
    let limits = &apply_state.config.wasm_config.limit_config;
    let mut indices = indices(state.current());
    let timeout = PromiseYieldTimeout {
        account_id: account_id.clone(),
        data_id,
        expires_at: apply_state.block_height + limits.yield_timeout_length_in_blocks,
    };
    let index = indices.next_available_index;
    state.set_record(&TrieKey::PromiseYieldTimeout { index }, &timeout);
    indices.next_available_index += 1;
    state.set_record(&TrieKey::PromiseYieldIndices, &indices);
}

/// Stores the receipt of a yield until it is resumed.
pub(super) fn store(
    state: &mut StateUpdate,
    receipt: &Receipt,
    action_receipt: &VersionedActionReceipt,
) {
    let data_id = action_receipt.input_data_ids()[0];
    state.set_record(&yield_key(receipt.receiver_id(), data_id), receipt);
}

/// Gives a yield its payload and returns its receipt. Returns `None` if the yield has run already, or if
/// `data` is a time-out and the contract has resumed the yield before.
pub(super) fn resume(
    state: &mut StateUpdate,
    receiver_id: &AccountId,
    data: &DataReceipt,
) -> Option<Receipt> {
    let data_id = data.data_id;
    let receiver_id = receiver_id.clone();
    let status_key = TrieKey::PromiseYieldStatus {
        receiver_id: receiver_id.clone(),
        data_id,
    };
    let status = state.current().record(&status_key);
    if data.data.is_none() && status == Some(PromiseYieldStatus::ResumeInitiated) {
        return None;
    }
    let yield_key = yield_key(&receiver_id, data_id);
    let receipt = state.current().record(&yield_key)?;
    state.remove(&yield_key);
    state.remove(&status_key);
    postponed::store_data(state, &receiver_id, data);
    let by_data_id = TrieKey::DataIdToYieldId {
        receiver_id: receiver_id.clone(),
        data_id,
    };
    if let Some(yield_id) = state.current().record(&by_data_id) {
        state.remove(&by_data_id);
        state.remove(&TrieKey::YieldIdToDataId {
            receiver_id,
            yield_id,
        });
    }
    Some(receipt)
}

/// Removes the oldest time-out from the queue and returns it, if it has expired at this height.
pub(crate) fn pop_expired(
    state: &mut StateUpdate,
    height: BlockHeight,
) -> Option<PromiseYieldTimeout> {
    let mut indices = indices(state.current());
    if indices.first_index >= indices.next_available_index {
        return None;
    }
    let key = TrieKey::PromiseYieldTimeout {
        index: indices.first_index,
    };
    let timeout: PromiseYieldTimeout = state.current().record(&key)?;
    if timeout.expires_at > height {
        return None;
    }
    state.remove(&key);
    indices.first_index += 1;
    state.set_record(&TrieKey::PromiseYieldIndices, &indices);
    Some(timeout)
}

/// Returns the receipt that resumes an expired yield without a payload, `None` if the yield has run.
/// `index` counts the time-outs of the block.
pub(crate) fn timeout_receipt(
    state: &State,
    height: BlockHeight,
    timeout: &PromiseYieldTimeout,
    index: usize,
) -> Option<Receipt> {
    let PromiseYieldTimeout {
        account_id,
        data_id,
        ..
    } = timeout;
    state.get(&yield_key(account_id, *data_id))?;
    Some(Receipt::V0(ReceiptV0 {
        predecessor_id: account_id.clone(),
        receiver_id: account_id.clone(),
        receipt_id: create_receipt_id_from_receipt_id(data_id, height, index),
        receipt: ReceiptEnum::PromiseResume(DataReceipt {
            data_id: *data_id,
            data: None,
        }),
    }))
}

/// Removes the time-outs of yields that have run or will be resumed, and counts the others from 0. Then the queue
/// says only what can still happen, and not how many yields there were.
pub(crate) fn forget_settled(state: &mut StateUpdate) {
    let PromiseYieldIndices {
        first_index,
        next_available_index,
    } = indices(state.current());
    let mut pending = Vec::new();
    for index in first_index..next_available_index {
        let key = TrieKey::PromiseYieldTimeout { index };
        let timeout = state.current().record::<PromiseYieldTimeout>(&key);
        state.remove(&key);
        pending.extend(timeout.filter(|timeout| can_expire(state.current(), timeout)));
    }
    for (index, timeout) in (0..).zip(&pending) {
        state.set_record(&TrieKey::PromiseYieldTimeout { index }, timeout);
    }
    match pending.len() as u64 {
        0 => state.remove(&TrieKey::PromiseYieldIndices),
        next_available_index => {
            let indices = PromiseYieldIndices {
                first_index: 0,
                next_available_index,
            };
            state.set_record(&TrieKey::PromiseYieldIndices, &indices);
        }
    }
}

/// Returns `true` if a time-out would still resume its yield.
fn can_expire(state: &State, timeout: &PromiseYieldTimeout) -> bool {
    let status_key = TrieKey::PromiseYieldStatus {
        receiver_id: timeout.account_id.clone(),
        data_id: timeout.data_id,
    };
    let is_waiting = state
        .get(&yield_key(&timeout.account_id, timeout.data_id))
        .is_some();
    is_waiting && state.record(&status_key) != Some(PromiseYieldStatus::ResumeInitiated)
}

fn indices(state: &State) -> PromiseYieldIndices {
    state
        .record(&TrieKey::PromiseYieldIndices)
        .unwrap_or_default()
}

pub(crate) fn yield_key(receiver_id: &AccountId, data_id: CryptoHash) -> TrieKey {
    TrieKey::PromiseYieldReceipt {
        receiver_id: receiver_id.clone(),
        data_id,
    }
}
