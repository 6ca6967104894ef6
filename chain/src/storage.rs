//! Storage staking (NEP-448 for the exemption): what an account must hold for the bytes that it uses.

use near_crypto::PublicKeyHandle;
use near_parameters::RuntimeFeesConfig;
use near_primitives::account::{AccessKey, Account};
use near_primitives::types::{Balance, StorageUsage};

/// Up to this many bytes an account may stand without any balance (NEP-448).
pub const ZERO_BALANCE_ACCOUNT_STORAGE_LIMIT: StorageUsage = 770;

/// The yoctoNEAR that an account lacks for its storage; none where it holds enough or is exempt.
pub(crate) fn missing_for_storage(fees: &RuntimeFeesConfig, account: &Account) -> Option<Balance> {
    if account.storage_usage() <= ZERO_BALANCE_ACCOUNT_STORAGE_LIMIT {
        return None;
    }
    let needed = fees
        .storage_usage_config
        .storage_amount_per_byte
        .saturating_mul(u128::from(account.storage_usage()));
    let held = account.amount().saturating_add(account.locked());
    needed
        .checked_sub(held)
        .filter(|missing| *missing > Balance::ZERO)
}

/// The bytes that an access key adds to its account.
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
