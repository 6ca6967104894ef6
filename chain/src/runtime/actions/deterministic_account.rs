//! Deterministic accounts (NEP-616): the id commits to a global contract and to the first state.

use near_primitives::account::Account;
use near_primitives::action::DeterministicStateInitAction;
use near_primitives::deterministic_account_id::DeterministicAccountStateInit;
use near_primitives::errors::ActionErrorKind;
use near_primitives::receipt::Receipt;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, Balance};

use super::account::{empty_account, with_deposit};
use super::global_contract;
use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::{Actor, ReceiptContext};
use crate::runtime::storage::check_storage_stake;
use crate::state::StateUpdate;

/// Gives the account its contract and its first state, unless it has a contract already. Of the deposit,
/// the account keeps what its storage needs; the rest goes back.
///
/// The actor stays the predecessor, also when the account is new: nobody else owns it.
pub(super) fn init(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    action: &DeterministicStateInitAction,
    actor: &mut Actor,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let account = actor
        .account
        .get_or_insert_with(|| empty_account(apply_state));
    if account.contract().is_none() {
        install(
            apply_state,
            state,
            receipt.account_id,
            &action.state_init,
            account,
        )?;
    }
    let kept = match check_storage_stake(&apply_state.config.fees, account) {
        Ok(()) => Balance::ZERO,
        Err(missing) => missing.min(action.deposit),
    };
    account.set_amount(with_deposit(account, kept)?);
    let refund = action.deposit.saturating_sub(kept);
    if refund > Balance::ZERO {
        let refund = Receipt::new_balance_refund(receipt.refund_to, refund);
        result.new_receipts.push(refund);
    }
    Ok(())
}

/// Writes the contract and the data of an account that has none.
fn install(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    account_id: &AccountId,
    state_init: &DeterministicAccountStateInit,
    account: &mut Account,
) -> Result<(), ActionErrorKind> {
    global_contract::select(state, account_id, state_init.code(), account)?;
    let storage = &apply_state.config.fees.storage_usage_config;
    let mut usage = account.storage_usage();
    for (key, value) in state_init.data() {
        usage += (key.len() + value.len()) as u64 + storage.num_extra_bytes_record;
        let key = TrieKey::ContractData {
            account_id: account_id.clone(),
            key: key.clone(),
        };
        state.set(&key, value.as_slice());
    }
    account.set_storage_usage(usage);
    Ok(())
}
