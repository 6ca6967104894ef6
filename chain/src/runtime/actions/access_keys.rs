//! Adding and deleting access keys.

use near_crypto::PublicKey;
use near_primitives::account::{AccessKey, Account};
use near_primitives::action::AddKeyAction;
use near_primitives::errors::ActionErrorKind;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, BlockHeight, Nonce};

use crate::runtime::apply_state::ApplyState;
use crate::runtime::receipt_context::ReceiptContext;
use crate::runtime::storage::access_key_usage;
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
    let access_key = AccessKey {
        nonce: initial_nonce(apply_state.block_height),
        permission: add_key.access_key.permission.clone(),
    };
    account.set_storage_usage(
        account.storage_usage()
            + access_key_usage(&apply_state.config.fees, public_key, &access_key),
    );
    state.set_access_key(receipt.account_id, public_key, &access_key);
    Ok(())
}

/// Deletes an access key of the account.
pub(super) fn delete(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    account_id: &AccountId,
    public_key: &PublicKey,
    account: &mut Account,
) -> Result<(), ActionErrorKind> {
    let Some(access_key) = state.current().access_key(account_id, public_key) else {
        return Err(ActionErrorKind::DeleteKeyDoesNotExist {
            account_id: account_id.clone(),
            public_key: Box::new(public_key.clone()),
        });
    };
    let usage = access_key_usage(&apply_state.config.fees, public_key, &access_key);
    account.set_storage_usage(account.storage_usage().saturating_sub(usage));
    state.remove(&TrieKey::access_key(account_id.clone(), public_key));
    Ok(())
}

/// Returns the nonce of a new key (`SPEC.md` §2.4): above that of every old transaction. It fits into 64
/// bits at all heights up to [`crate::MAX_HEIGHT`].
pub(super) fn initial_nonce(block_height: BlockHeight) -> Nonce {
    (block_height - 1) * AccessKey::ACCESS_KEY_NONCE_RANGE_MULTIPLIER
}
