//! The state records of a genesis or a patch: their checks, and the keys under which they are written.

use near_primitives::account::Account;
use near_primitives::account::id::AccountType;
use near_primitives::hash::{CryptoHash, hash};
use near_primitives::state_record::StateRecord;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, Balance, StorageUsage};

use crate::state::State;

/// The greatest balance of an account, in yoctoNEAR: a thousand times all NEAR there is. Sums of balances
/// stay far below 128 bits.
pub const MAX_BALANCE: Balance = Balance::from_yoctonear(1 << 120);
/// The greatest storage usage of an account, in bytes. Sums stay below 64 bits.
pub const MAX_STORAGE_USAGE: StorageUsage = 1 << 60;

/// The error of a record that cannot be written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RecordError {
    /// A kind of record that cannot be written.
    #[error("a {0} is not taken: only Account, AccessKey, GasKeyNonce, Contract and Data are")]
    Kind(&'static str),
    /// An account without its state whose id does not commit to one.
    #[error(
        "the account {0} has the state \"uninitialized\", which only a universal account (`0u…`) \
         can have: leave `state` out"
    )]
    Uninitialized(AccountId),
    /// A balance above [`MAX_BALANCE`].
    #[error(
        "the account {account_id} has {field} {tokens} yoctoNEAR: at most 2^120 ({max}) are taken",
        tokens = tokens.as_yoctonear(),
        max = MAX_BALANCE.as_yoctonear()
    )]
    Tokens {
        /// The account.
        account_id: AccountId,
        /// The place of the tokens: `amount`, `locked`, or a gas key.
        field: &'static str,
        /// The balance in the record, in yoctoNEAR.
        tokens: Balance,
    },
    /// A storage usage above [`MAX_STORAGE_USAGE`].
    #[error(
        "the account {0} has storage_usage {1}: at most 2^60 ({MAX_STORAGE_USAGE}) bytes are taken"
    )]
    Storage(AccountId, StorageUsage),
    /// An account with the hash of other code than it has.
    #[error(
        "the account {account_id} has code_hash {expected}, but {stored}: write a Contract with \
         code of this hash together with the Account, or give the Account the hash of its code"
    )]
    CodeHash {
        /// The account.
        account_id: AccountId,
        /// The hash in the account.
        expected: CryptoHash,
        /// A description of the code that is stored.
        stored: String,
    },
    /// Code for an account that would never run it.
    #[error(
        "the Contract for {account_id} has hash {code_hash}, but {problem}: write the Account with \
         this code_hash together with it"
    )]
    NoCodeHash {
        /// The account.
        account_id: AccountId,
        /// The hash of the code.
        code_hash: CryptoHash,
        /// The reason.
        problem: &'static str,
    },
}

/// Returns the key and the value under which a record is written.
///
/// # Errors
/// The record cannot be written.
pub(crate) fn entry(record: &StateRecord) -> Result<(TrieKey, Vec<u8>), RecordError> {
    check(record)?;
    let entry = match record.clone() {
        StateRecord::Account {
            account_id,
            account,
        } => (TrieKey::Account { account_id }, serialize(&account)),
        StateRecord::AccessKey {
            account_id,
            public_key,
            access_key,
        } => (
            TrieKey::access_key(account_id, public_key),
            serialize(&access_key),
        ),
        StateRecord::GasKeyNonce {
            account_id,
            public_key,
            index,
            nonce,
        } => (
            TrieKey::gas_key_nonce(account_id, public_key, index),
            serialize(&nonce),
        ),
        StateRecord::Contract { account_id, code } => (TrieKey::ContractCode { account_id }, code),
        StateRecord::Data {
            account_id,
            data_key,
            value,
        } => {
            let key = data_key.to_vec();
            (TrieKey::ContractData { account_id, key }, value.to_vec())
        }
        other => return Err(RecordError::Kind(kind(&other))),
    };
    Ok(entry)
}

/// Checks that the accounts of the records have the code whose hash they name. All records are written
/// before.
pub(crate) fn check_code(state: &State, records: &[StateRecord]) -> Result<(), RecordError> {
    for record in records {
        match record {
            StateRecord::Account { account_id, .. } => check_code_hash(state, account_id)?,
            StateRecord::Contract { account_id, code } => {
                check_use(state, account_id, code)?;
                check_code_hash(state, account_id)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns the hash of an account's own code.
pub(crate) fn stored_code(state: &State, account_id: &AccountId) -> Option<CryptoHash> {
    let key = TrieKey::ContractCode {
        account_id: account_id.clone(),
    };
    state.get(&key).map(|code| hash(&code))
}

/// Returns the account of a record, `None` for kinds that cannot be written.
pub(crate) fn owner(record: &StateRecord) -> Option<&AccountId> {
    match record {
        StateRecord::Account { account_id, .. }
        | StateRecord::AccessKey { account_id, .. }
        | StateRecord::GasKeyNonce { account_id, .. }
        | StateRecord::Contract { account_id, .. }
        | StateRecord::Data { account_id, .. } => Some(account_id),
        _ => None,
    }
}

/// Returns the name of a record's kind.
pub(crate) fn kind(record: &StateRecord) -> &'static str {
    match record {
        StateRecord::Account { .. } => "Account",
        StateRecord::Data { .. } => "Data",
        StateRecord::Contract { .. } => "Contract",
        StateRecord::AccessKey { .. } => "AccessKey",
        StateRecord::PostponedReceipt(_) => "PostponedReceipt",
        StateRecord::ReceivedData { .. } => "ReceivedData",
        StateRecord::DelayedReceipt(_) => "DelayedReceipt",
        StateRecord::GasKeyNonce { .. } => "GasKeyNonce",
    }
}

fn check(record: &StateRecord) -> Result<(), RecordError> {
    match record {
        StateRecord::Account {
            account_id,
            account,
        } => check_account(account_id, account),
        StateRecord::AccessKey {
            account_id,
            access_key,
            ..
        } => {
            let gas_key = access_key.gas_key_info();
            let tokens = gas_key.map_or(Balance::ZERO, |gas_key| gas_key.balance);
            check_tokens(account_id, "a gas key with", tokens)
        }
        _ => Ok(()),
    }
}

fn check_account(account_id: &AccountId, account: &Account) -> Result<(), RecordError> {
    let is_universal = account_id.get_account_type() == AccountType::UniversalAccount;
    if !account.is_initialized() && !is_universal {
        return Err(RecordError::Uninitialized(account_id.clone()));
    }
    let balances = [("amount", account.amount()), ("locked", account.locked())];
    for (field, tokens) in balances {
        check_tokens(account_id, field, tokens)?;
    }
    if account.storage_usage() > MAX_STORAGE_USAGE {
        let usage = account.storage_usage();
        return Err(RecordError::Storage(account_id.clone(), usage));
    }
    Ok(())
}

fn check_tokens(
    account_id: &AccountId,
    field: &'static str,
    tokens: Balance,
) -> Result<(), RecordError> {
    if tokens > MAX_BALANCE {
        return Err(RecordError::Tokens {
            account_id: account_id.clone(),
            field,
            tokens,
        });
    }
    Ok(())
}

/// Checks that an account would run this code.
fn check_use(state: &State, account_id: &AccountId, code: &[u8]) -> Result<(), RecordError> {
    let problem = match state.account(account_id) {
        None => "there is no such account",
        Some(account) if !account.contract().is_local() => "its account has no code of its own",
        Some(_) => return Ok(()),
    };
    Err(RecordError::NoCodeHash {
        account_id: account_id.clone(),
        code_hash: hash(code),
        problem,
    })
}

fn check_code_hash(state: &State, account_id: &AccountId) -> Result<(), RecordError> {
    let account = state.account(account_id);
    let Some(expected) = account.and_then(|account| account.contract().local_code()) else {
        return Ok(());
    };
    let stored = match stored_code(state, account_id) {
        Some(stored) if stored == expected => return Ok(()),
        Some(stored) => format!("its code has hash {stored}"),
        None => "no code is stored for it".to_owned(),
    };
    Err(RecordError::CodeHash {
        account_id: account_id.clone(),
        expected,
        stored,
    })
}

fn serialize(record: &impl borsh::BorshSerialize) -> Vec<u8> {
    borsh::to_vec(record).expect("a record that was checked can be serialised")
}
