//! Storage staking: the balance that an account must hold for the bytes that it uses (`SPEC.md` §2.7).

use near_crypto::PublicKeyHandle;
use near_parameters::RuntimeFeesConfig;
use near_primitives::account::{AccessKey, Account};
use near_primitives::types::{Balance, NonceIndex, StorageUsage};

/// The storage usage up to which an account needs no balance (NEP-448), in bytes.
pub const ZERO_BALANCE_ACCOUNT_STORAGE_LIMIT: StorageUsage = 770;

/// Checks that an account holds enough for its storage.
///
/// # Errors
/// The missing yoctoNEAR.
pub(super) fn check_storage_stake(
    fees: &RuntimeFeesConfig,
    account: &Account,
) -> Result<(), Balance> {
    if account.storage_usage() <= ZERO_BALANCE_ACCOUNT_STORAGE_LIMIT {
        return Ok(());
    }
    let needed = fees
        .storage_usage_config
        .storage_amount_per_byte
        .saturating_mul(u128::from(account.storage_usage()));
    let held = account.amount().saturating_add(account.locked());
    if held >= needed {
        return Ok(());
    }
    Err(needed.saturating_sub(held))
}

/// Returns the bytes that an access key adds to the storage usage of its account, without the nonces of a
/// gas key.
pub(crate) fn access_key_usage(
    fees: &RuntimeFeesConfig,
    public_key: impl Into<PublicKeyHandle>,
    access_key: &AccessKey,
) -> StorageUsage {
    let record = borsh::object_length(access_key).expect("an access key can be serialised");
    public_key.into().trie_id_len() as u64
        + record as u64
        + fees.storage_usage_config.num_extra_bytes_record
}

/// Returns the bytes that one nonce of a gas key adds to the storage usage of its account.
pub(crate) fn gas_key_nonce_usage(
    fees: &RuntimeFeesConfig,
    public_key: &PublicKeyHandle,
) -> StorageUsage {
    let key = public_key.trie_id_len() + size_of::<NonceIndex>();
    (key + AccessKey::NONCE_VALUE_LEN) as u64 + fees.storage_usage_config.num_extra_bytes_record
}
