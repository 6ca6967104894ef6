//! The contract of an account.

use near_primitives::account::{Account, AccountContract};
use near_primitives::hash::hash;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, StorageUsage};

use crate::state::{State, StateUpdate};

/// Replaces the contract of the account with this code.
pub(super) fn deploy(
    state: &mut StateUpdate,
    account_id: &AccountId,
    account: &mut Account,
    code: &[u8],
) {
    let usage =
        account
            .storage_usage()
            .saturating_sub(code_usage(state.current(), account_id, account))
            + code.len() as u64;
    account.set_storage_usage(usage);
    set_contract(account, AccountContract::Local(hash(code)));
    state.set(
        &TrieKey::ContractCode {
            account_id: account_id.clone(),
        },
        code,
    );
}

/// Returns the storage usage of an account's contract, in bytes.
pub(super) fn code_usage(state: &State, account_id: &AccountId, account: &Account) -> StorageUsage {
    match account.contract().as_ref() {
        AccountContract::Local(_) => {
            let key = TrieKey::ContractCode {
                account_id: account_id.clone(),
            };
            state.get(&key).map_or(0, |code| code.len() as u64)
        }
        contract => contract.identifier_storage_usage(),
    }
}

/// Sets the contract of an account.
pub(super) fn set_contract(account: &mut Account, contract: AccountContract) {
    account
        .set_contract(contract)
        .expect("`check_account_existence` lets no action set a contract before the state");
}
