//! Gas keys (NEP-611): access keys with a balance that pays for gas, and with many nonces.

use near_crypto::{PublicKey, PublicKeyHandle};
use near_parameters::{ExtCosts, RuntimeConfig};
use near_primitives::account::{AccessKey, Account, GasKeyInfo};
use near_primitives::action::{TransferToGasKeyAction, WithdrawFromGasKeyAction};
use near_primitives::errors::ActionErrorKind;
use near_primitives::trie_key::{TrieKey, gas_key_nonce_key_len};
use near_primitives::types::{AccountId, Balance, Compute, Nonce, NonceIndex};

use super::balance::{sum_of_tokens, with_deposit};
use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::ReceiptContext;
use crate::state::{State, StateUpdate};

/// Adds a deposit to the balance of a gas key.
pub(super) fn transfer(
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    transfer: &TransferToGasKeyAction,
) -> Result<(), ActionErrorKind> {
    let (account_id, public_key) = (receipt.account_id, &transfer.public_key);
    let (mut access_key, gas_key) = find(state.current(), account_id, public_key)
        .ok_or_else(|| missing(account_id, public_key))?;
    let balance = sum_of_tokens(gas_key.balance, transfer.deposit)?;
    set_balance(&mut access_key, balance);
    state.set_access_key(account_id, public_key, &access_key);
    Ok(())
}

/// Moves tokens from a gas key to its account.
pub(super) fn withdraw(
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    withdrawal: &WithdrawFromGasKeyAction,
    account: &mut Account,
) -> Result<(), ActionErrorKind> {
    let (account_id, public_key) = (receipt.account_id, &withdrawal.public_key);
    let (mut access_key, gas_key) = find(state.current(), account_id, public_key)
        .ok_or_else(|| missing(account_id, public_key))?;
    let left = gas_key
        .balance
        .checked_sub(withdrawal.amount)
        .ok_or_else(|| ActionErrorKind::InsufficientGasKeyBalance {
            account_id: account_id.clone(),
            public_key: Box::new(public_key.clone()),
            balance: gas_key.balance,
            required: withdrawal.amount,
        })?;
    account.set_amount(with_deposit(account, withdrawal.amount)?);
    set_balance(&mut access_key, left);
    state.set_access_key(account_id, public_key, &access_key);
    Ok(())
}

/// Adds a gas refund to the balance of the gas key that has paid. Returns `false` if the key is none, or is
/// gone.
pub(super) fn refund(
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    refund: Balance,
) -> Result<bool, ActionErrorKind> {
    let (account_id, public_key) = (receipt.account_id, receipt.signer_public_key);
    let Some((mut access_key, gas_key)) = find(state.current(), account_id, public_key) else {
        return Ok(false);
    };
    set_balance(&mut access_key, sum_of_tokens(gas_key.balance, refund)?);
    state.set_access_key(account_id, public_key, &access_key);
    Ok(true)
}

/// Writes the first nonces of a new gas key.
pub(super) fn add_nonces(
    state: &mut StateUpdate,
    account_id: &AccountId,
    public_key: &PublicKey,
    gas_key: &GasKeyInfo,
    nonce: Nonce,
) {
    for index in 0..gas_key.num_nonces {
        let key = TrieKey::gas_key_nonce(account_id.clone(), public_key, index);
        state.set_record(&key, &nonce);
    }
}

/// Removes the nonces of a gas key and burns its balance.
pub(super) fn burn(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    account_id: &AccountId,
    public_key: &PublicKey,
    gas_key: &GasKeyInfo,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    if gas_key.balance > GasKeyInfo::MAX_BALANCE_TO_BURN {
        return Err(ActionErrorKind::GasKeyBalanceTooHigh {
            account_id: account_id.clone(),
            public_key: Some(Box::new(public_key.clone())),
            balance: gas_key.balance,
        });
    }
    result.tokens_burnt = result.tokens_burnt.saturating_add(gas_key.balance);
    let handle = PublicKeyHandle::from(public_key);
    result.compute_usage += removal_compute(
        apply_state.config,
        gas_key.num_nonces,
        gas_key_nonce_key_len(account_id, &handle),
    );
    for index in 0..gas_key.num_nonces {
        state.remove(&TrieKey::gas_key_nonce(
            account_id.clone(),
            public_key,
            index,
        ));
    }
    Ok(())
}

/// Burns what the gas keys of an account hold that is to be deleted.
pub(super) fn burn_all(
    apply_state: &ApplyState,
    state: &StateUpdate,
    account_id: &AccountId,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let mut balance = Balance::ZERO;
    for (handle, access_key) in state.current().access_keys(account_id) {
        let Some(gas_key) = access_key.gas_key_info() else {
            continue;
        };
        balance = balance.saturating_add(gas_key.balance);
        result.compute_usage += removal_compute(
            apply_state.config,
            gas_key.num_nonces,
            gas_key_nonce_key_len(account_id, &handle),
        );
    }
    if balance > GasKeyInfo::MAX_BALANCE_TO_BURN {
        return Err(ActionErrorKind::GasKeyBalanceTooHigh {
            account_id: account_id.clone(),
            public_key: None,
            balance,
        });
    }
    result.tokens_burnt = result.tokens_burnt.saturating_add(balance);
    Ok(())
}

fn find(
    state: &State,
    account_id: &AccountId,
    public_key: &PublicKey,
) -> Option<(AccessKey, GasKeyInfo)> {
    let access_key = state.access_key(account_id, public_key)?;
    let gas_key = access_key.gas_key_info()?.clone();
    Some((access_key, gas_key))
}

fn missing(account_id: &AccountId, public_key: &PublicKey) -> ActionErrorKind {
    ActionErrorKind::GasKeyDoesNotExist {
        account_id: account_id.clone(),
        public_key: Box::new(public_key.clone()),
    }
}

fn set_balance(access_key: &mut AccessKey, balance: Balance) {
    if let Some(gas_key) = access_key.gas_key_info_mut() {
        gas_key.balance = balance;
    }
}

/// Returns the compute of removing nonces from storage (`storage_removes_compute` in
/// `runtime/runtime/src/config.rs`). No gas is charged for it.
fn removal_compute(config: &RuntimeConfig, num_nonces: NonceIndex, key_len: usize) -> Compute {
    let costs = &config.wasm_config.ext_costs;
    let one = ExtCosts::storage_remove_base.compute(costs)
        + ExtCosts::storage_remove_key_byte.compute(costs) * key_len as u64
        + ExtCosts::storage_remove_ret_value_byte.compute(costs)
            * AccessKey::NONCE_VALUE_LEN as u64;
    one * u64::from(num_nonces)
}
