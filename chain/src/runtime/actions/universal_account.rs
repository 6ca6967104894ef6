//! Universal accounts: the id commits to all that the account begins with, its keys included. Until the state
//! is there, the account holds nothing but tokens.

use near_primitives::account::{AccessKey, AccessKeyPermission, Account};
use near_primitives::action::UniversalStateInitAction;
use near_primitives::errors::ActionErrorKind;
use near_primitives::types::{AccountId, Nonce};
use near_primitives::universal_state_init::UniversalStateInit;

use super::access_keys::initial_nonce;
use super::global_contract;
use super::state_init::{keep_what_storage_needs, refund, write_data};
use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::{Actor, ReceiptContext};
use crate::runtime::storage::access_key_usage;
use crate::state::StateUpdate;

/// Gives the account its first state, and keeps of the deposit what its storage needs. An account that has
/// its state already keeps nothing.
///
/// The actor stays the predecessor, also when the account is new: nobody else owns it.
pub(super) fn init(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    action: &UniversalStateInitAction,
    actor: &mut Actor,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let first_nonce = initial_nonce(apply_state.block_height);
    let storage = &apply_state.config.fees.storage_usage_config;
    let account = actor.account.get_or_insert_with(|| {
        Account::new_uninitialized(Default::default(), storage.num_bytes_account, first_nonce)
    });
    let Some(used_nonce) = account.bootstrap_nonce() else {
        refund(receipt, action.deposit, result);
        return Ok(());
    };
    let state_init = UniversalStateInit::from_raw_strict(&action.state_init)
        .map_err(|_| ActionErrorKind::MalformedUniversalStateInit)?;
    account
        .initialize()
        .expect("an account with a bootstrap nonce is not initialized");
    let nonce = first_nonce.max(used_nonce);
    install(
        apply_state,
        state,
        receipt.account_id,
        &state_init,
        nonce,
        account,
    )?;
    keep_what_storage_needs(apply_state, receipt, account, action.deposit, result)
}

/// Writes the contract, the data and the full-access keys of an account that has none. The keys start with
/// this nonce.
fn install(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    account_id: &AccountId,
    state_init: &UniversalStateInit,
    nonce: Nonce,
    account: &mut Account,
) -> Result<(), ActionErrorKind> {
    if let Some(code) = state_init.code() {
        global_contract::select(state, account_id, code, account)?;
    }
    write_data(apply_state, state, account_id, state_init.data(), account);
    let access_key = AccessKey {
        nonce,
        permission: AccessKeyPermission::FullAccess,
    };
    for handle in state_init.access_keys() {
        let usage = access_key_usage(&apply_state.config.fees, handle.clone(), &access_key);
        account.set_storage_usage(account.storage_usage() + usage);
        state.set_access_key(account_id, handle.clone(), &access_key);
    }
    Ok(())
}
