//! Deterministic accounts (NEP-616): the id commits to a global contract and to the first state.

use near_primitives::account::Account;
use near_primitives::action::DeterministicStateInitAction;
use near_primitives::deterministic_account_id::DeterministicAccountStateInit;
use near_primitives::errors::ActionErrorKind;
use near_primitives::types::AccountId;

use super::global_contract;
use super::implicit_account::empty_account;
use super::state_init::{keep_what_storage_needs, write_data};
use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::{Actor, ReceiptContext};
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
    keep_what_storage_needs(apply_state, receipt, account, action.deposit, result)
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
    write_data(apply_state, state, account_id, state_init.data(), account);
    Ok(())
}
