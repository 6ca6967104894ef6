//! Creating and deleting accounts, and transfers to them.

use near_primitives::account::{AccessKeyPermission, Account};
use near_primitives::errors::ActionErrorKind;
use near_primitives::receipt::Receipt;
use near_primitives::types::{AccountId, Balance};

use super::balance::with_deposit;
use super::contract::code_usage;
use super::implicit_account::empty_account;
use super::{gas_keys, implicit_account};
use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::{Actor, ReceiptContext};
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

/// Adds a deposit to the account. An implicit account that does not exist is created. A gas refund goes back
/// to the key that has paid for the gas: into the balance of a gas key, or on top of an allowance.
pub(super) fn transfer(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    deposit: Balance,
    actor: &mut Actor,
) -> Result<(), ActionErrorKind> {
    let Some(account) = &mut actor.account else {
        let account = implicit_account::create(apply_state, state, receipt.account_id, deposit);
        actor.account = Some(account);
        return Ok(());
    };
    let is_gas_refund = receipt.is_refund() && receipt.signer_id == receipt.account_id;
    if is_gas_refund && gas_keys::refund(state, receipt, deposit)? {
        return Ok(());
    }
    account.set_amount(with_deposit(account, deposit)?);
    if is_gas_refund {
        refund_allowance(state, receipt, deposit);
    }
    Ok(())
}

/// Deletes the account, and sends its balance to the beneficiary. What its gas keys hold is burnt.
pub(super) fn delete(
    apply_state: &ApplyState,
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
    gas_keys::burn_all(apply_state, state, account_id, result)?;
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
