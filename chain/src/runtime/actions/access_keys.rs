//! Adding and deleting access keys.

use near_crypto::PublicKey;
use near_parameters::RuntimeFeesConfig;
use near_primitives::account::{AccessKey, Account};
use near_primitives::action::AddKeyAction;
use near_primitives::errors::ActionErrorKind;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, BlockHeight, Nonce, StorageUsage};

use super::gas_keys;
use crate::runtime::action_result::ActionResult;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::ReceiptContext;
use crate::runtime::storage::{access_key_usage, gas_key_nonce_usage};
use crate::state::StateUpdate;

/// Adds an access key to the account.
pub(super) fn add(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    add_key: &AddKeyAction,
    account: &mut Account,
) -> Result<(), ActionErrorKind> {
    let public_key = &add_key.public_key;
    if state
        .current()
        .access_key(receipt.account_id, public_key)
        .is_some()
    {
        return Err(ActionErrorKind::AddKeyAlreadyExists {
            account_id: receipt.account_id.clone(),
            public_key: Box::new(public_key.clone()),
        });
    }
    let nonce = initial_nonce(apply_state.block_height);
    let mut access_key = AccessKey {
        nonce,
        permission: add_key.access_key.permission.clone(),
    };
    if let Some(gas_key) = add_key.access_key.gas_key_info() {
        // The nonces of a gas key stand beside it.
        access_key.nonce = 0;
        gas_keys::add_nonces(state, receipt.account_id, public_key, gas_key, nonce);
    }
    account.set_storage_usage(
        account.storage_usage()
            + usage_with_nonces(&apply_state.config.fees, public_key, &access_key),
    );
    state.set_access_key(receipt.account_id, public_key, &access_key);
    Ok(())
}

/// Deletes an access key of the account. What a gas key holds is burnt.
pub(super) fn delete(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    account_id: &AccountId,
    public_key: &PublicKey,
    account: &mut Account,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let Some(access_key) = state.current().access_key(account_id, public_key) else {
        return Err(ActionErrorKind::DeleteKeyDoesNotExist {
            account_id: account_id.clone(),
            public_key: Box::new(public_key.clone()),
        });
    };
    if let Some(gas_key) = access_key.gas_key_info() {
        gas_keys::burn(apply_state, state, account_id, public_key, gas_key, result)?;
    }
    let usage = usage_with_nonces(&apply_state.config.fees, public_key, &access_key);
    account.set_storage_usage(account.storage_usage().saturating_sub(usage));
    state.remove(&TrieKey::access_key(account_id.clone(), public_key));
    Ok(())
}

/// Returns the bytes that a key and its nonces add to the storage usage of the account.
fn usage_with_nonces(
    fees: &RuntimeFeesConfig,
    public_key: &PublicKey,
    access_key: &AccessKey,
) -> StorageUsage {
    let nonces = access_key.gas_key_info().map_or(0, |key| key.num_nonces);
    access_key_usage(fees, public_key, access_key)
        + u64::from(nonces) * gas_key_nonce_usage(fees, &public_key.into())
}

/// Returns the nonce of a new key (`SPEC.md` §2.4): above that of every old transaction. It fits into 64
/// bits at all heights up to [`crate::MAX_HEIGHT`].
pub(super) fn initial_nonce(block_height: BlockHeight) -> Nonce {
    (block_height - 1) * AccessKey::ACCESS_KEY_NONCE_RANGE_MULTIPLIER
}
