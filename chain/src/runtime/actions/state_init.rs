//! The first state of an account whose id commits to it: its data, and the deposit for its storage.

use std::collections::BTreeMap;

use near_primitives::account::Account;
use near_primitives::errors::ActionErrorKind;
use near_primitives::receipt::Receipt;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, Balance};

use super::balance::with_deposit;
use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::ReceiptContext;
use crate::runtime::storage::check_storage_stake;
use crate::state::StateUpdate;

/// Writes the data of an account that has none.
pub(super) fn write_data(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    account_id: &AccountId,
    data: &BTreeMap<Vec<u8>, Vec<u8>>,
    account: &mut Account,
) {
    let storage = &apply_state.config.fees.storage_usage_config;
    let mut usage = account.storage_usage();
    for (key, value) in data {
        usage += (key.len() + value.len()) as u64 + storage.num_extra_bytes_record;
        let key = TrieKey::ContractData {
            account_id: account_id.clone(),
            key: key.clone(),
        };
        state.set(&key, value.as_slice());
    }
    account.set_storage_usage(usage);
}

/// Adds of a deposit what the account's storage needs, and refunds the rest.
pub(super) fn keep_what_storage_needs(
    apply_state: &ApplyState,
    receipt: &ReceiptContext,
    account: &mut Account,
    deposit: Balance,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let kept = match check_storage_stake(&apply_state.config.fees, account) {
        Ok(()) => Balance::ZERO,
        Err(missing) => missing.min(deposit),
    };
    account.set_amount(with_deposit(account, kept)?);
    refund(receipt, deposit.saturating_sub(kept), result);
    Ok(())
}

/// Refunds a deposit, or a part of it.
pub(super) fn refund(receipt: &ReceiptContext, amount: Balance, result: &mut ActionResult) {
    if amount > Balance::ZERO {
        let refund = Receipt::new_balance_refund(receipt.refund_to, amount);
        result.new_receipts.push(refund);
    }
}
