//! Creating and deleting accounts, and transfers to them.

use near_crypto::PublicKey;
use near_primitives::account::{AccessKey, AccessKeyPermission, Account, AccountContract};
use near_primitives::errors::{ActionErrorKind, FunctionCallError};
use near_primitives::receipt::Receipt;
use near_primitives::types::{AccountId, Balance};

use super::access_keys::initial_nonce;
use super::contract::code_usage;
use crate::records::MAX_BALANCE;
use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::{Actor, ReceiptContext};
use crate::runtime::storage::access_key_usage;
use crate::state::StateUpdate;

/// Creates an account without keys.
pub(super) fn create(
    apply_state: &ApplyState,
    receipt: &ReceiptContext,
    actor: &mut Actor,
) -> Result<(), ActionErrorKind> {
    let account_id = receipt.account_id;
    let rules = &apply_state.config.account_creation_config;
    if account_id.is_top_level() {
        let short = account_id.len() < rules.min_allowed_top_level_account_length as usize;
        if short && *receipt.predecessor_id != rules.registrar_account_id {
            return Err(ActionErrorKind::CreateAccountOnlyByRegistrar {
                account_id: account_id.clone(),
                registrar_account_id: rules.registrar_account_id.clone(),
                predecessor_id: receipt.predecessor_id.clone(),
            });
        }
    } else if !account_id.is_sub_account_of(receipt.predecessor_id) {
        return Err(ActionErrorKind::CreateAccountNotAllowed {
            account_id: account_id.clone(),
            predecessor_id: receipt.predecessor_id.clone(),
        });
    }
    actor.actor_id = account_id.clone();
    actor.account = Some(empty_account(apply_state));
    Ok(())
}

/// Adds a deposit to the account. A 64-hex account that does not exist is created.
pub(super) fn transfer(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    deposit: Balance,
    actor: &mut Actor,
) -> Result<(), ActionErrorKind> {
    match &mut actor.account {
        None => actor.account = Some(create_implicit(apply_state, state, receipt, deposit)),
        Some(account) => {
            account.set_amount(with_deposit(account, deposit)?);
            if receipt.is_refund() && receipt.signer_id == receipt.account_id {
                refund_allowance(state, receipt, deposit);
            }
        }
    }
    Ok(())
}

/// Deletes the account, and sends its balance to the beneficiary.
pub(super) fn delete(
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    beneficiary_id: &AccountId,
    actor: &mut Actor,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let account_id = receipt.account_id;
    let account = actor.existing();
    let without_code =
        account
            .storage_usage()
            .saturating_sub(code_usage(state.current(), account_id, account));
    if without_code > Account::MAX_ACCOUNT_DELETION_STORAGE_USAGE {
        return Err(ActionErrorKind::DeleteAccountWithLargeState {
            account_id: account_id.clone(),
        });
    }
    if account.amount() > Balance::ZERO {
        result.new_receipts.push(Receipt::new_balance_refund(
            beneficiary_id,
            account.amount(),
        ));
    }
    state.remove_account(account_id);
    actor.account = None;
    actor.actor_id = receipt.predecessor_id.clone();
    Ok(())
}

fn empty_account(apply_state: &ApplyState) -> Account {
    let usage = apply_state
        .config
        .fees
        .storage_usage_config
        .num_bytes_account;
    Account::new(Balance::ZERO, Balance::ZERO, AccountContract::None, usage)
}

/// Creates a 64-hex account with the full-access key that its id spells.
fn create_implicit(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    deposit: Balance,
) -> Account {
    let public_key = PublicKey::from_near_implicit_account(receipt.account_id)
        .expect("the id of a 64-hex account is an ed25519 key");
    let access_key = AccessKey {
        nonce: initial_nonce(apply_state.block_height),
        permission: AccessKeyPermission::FullAccess,
    };
    let mut account = empty_account(apply_state);
    account.set_amount(deposit);
    account.set_storage_usage(
        account.storage_usage()
            + access_key_usage(&apply_state.config.fees, &public_key, &access_key),
    );
    state.set_access_key(receipt.account_id, &public_key, &access_key);
    account
}

/// Adds a gas refund to the allowance of the key that has paid for the gas.
fn refund_allowance(state: &mut StateUpdate, receipt: &ReceiptContext, refund: Balance) {
    let found = state
        .current()
        .access_key(receipt.account_id, receipt.signer_public_key);
    let Some(mut access_key) = found else { return };
    if let AccessKeyPermission::FunctionCall(permission) = &mut access_key.permission
        && let Some(allowance) = &mut permission.allowance
    {
        *allowance = allowance.saturating_add(refund);
        state.set_access_key(receipt.account_id, receipt.signer_public_key, &access_key);
    }
}

/// Returns the balance of an account with a deposit.
///
/// # Errors
/// It would be above [`MAX_BALANCE`]: patches can bring in more tokens than there are.
pub(super) fn with_deposit(
    account: &Account,
    deposit: Balance,
) -> Result<Balance, ActionErrorKind> {
    let sum = account.amount().checked_add(deposit);
    sum.filter(|sum| *sum <= MAX_BALANCE).ok_or_else(|| {
        ActionErrorKind::FunctionCallError(FunctionCallError::ExecutionError(format!(
            "the receiver would hold more than 2^120 ({}) yoctoNEAR",
            MAX_BALANCE.as_yoctonear()
        )))
    })
}
