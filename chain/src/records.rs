//! State records, as a genesis and a patch bring them: which are taken, and where they are written.

use near_primitives::account::Account;
use near_primitives::hash::{CryptoHash, hash};
use near_primitives::state_record::StateRecord;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, Balance, StorageUsage};

use crate::state::State;

/// No account holds more yoctoNEAR than 2^120, which is a thousand times all NEAR there is: so sums
/// of balances stay far from the end of 128 bits.
pub const MOST_TOKENS: Balance = Balance::from_yoctonear(1 << 120);
/// No account is said to use more bytes than 2^60: so what is added to them fits into 64 bits.
pub const MOST_STORAGE: StorageUsage = 1 << 60;

/// Why records cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Only four kinds can be written.
    #[error("a {0} is not taken: only Account, AccessKey, Contract and Data are")]
    Kind(&'static str),
    /// Nothing here can initialise an account.
    #[error(
        "the account {0} has the state \"uninitialized\", which this chain does not know: leave \
         `state` out"
    )]
    Uninitialized(AccountId),
    /// More than sums can be made of.
    #[error(
        "the account {account_id} has {field} {tokens} yoctoNEAR: at most 2^120 ({max}) are taken",
        tokens = tokens.as_yoctonear(),
        max = MOST_TOKENS.as_yoctonear()
    )]
    Tokens {
        /// The account.
        account_id: AccountId,
        /// `amount` or `locked`.
        field: &'static str,
        /// What the record says.
        tokens: Balance,
    },
    /// More than bytes can be added to.
    #[error("the account {0} has storage_usage {1}: at most 2^60 ({MOST_STORAGE}) bytes are taken")]
    Storage(AccountId, StorageUsage),
    /// An account names code that it does not have.
    #[error(
        "the account {account_id} has code_hash {expected}, but {stored}: write a Contract with \
         code of this hash together with the Account, or give the Account the hash of its code"
    )]
    CodeHash {
        /// The account.
        account_id: AccountId,
        /// What the account says of its code.
        expected: CryptoHash,
        /// What is known of the code that is there.
        stored: String,
    },
    /// Code of an account that has none would never run.
    #[error(
        "the Contract for {account_id} has hash {code_hash}, but {problem}: write the Account with \
         this code_hash together with it"
    )]
    NoCodeHash {
        /// The account.
        account_id: AccountId,
        /// The hash of the code.
        code_hash: CryptoHash,
        /// Why the code would not run.
        problem: &'static str,
    },
}

/// Where a record is written, and as what; an error where it is not taken.
pub(crate) fn entry(record: &StateRecord) -> Result<(TrieKey, Vec<u8>), RecordError> {
    check(record)?;
    let entry = match record.clone() {
        StateRecord::Account {
            account_id,
            account,
        } => (TrieKey::Account { account_id }, serialised(&account)),
        StateRecord::AccessKey {
            account_id,
            public_key,
            access_key,
        } => (
            TrieKey::access_key(account_id, public_key),
            serialised(&access_key),
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

/// Checks, once all records are written, that the accounts they touch have the code they name.
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

/// The hash of the code that an account has stored.
pub(crate) fn stored_code(state: &State, account_id: &AccountId) -> Option<CryptoHash> {
    let key = TrieKey::ContractCode {
        account_id: account_id.clone(),
    };
    state.get(&key).map(|code| hash(&code))
}

/// The account that a record belongs to, of the kinds that are taken.
pub(crate) fn owner(record: &StateRecord) -> Option<&AccountId> {
    match record {
        StateRecord::Account { account_id, .. }
        | StateRecord::AccessKey { account_id, .. }
        | StateRecord::Contract { account_id, .. }
        | StateRecord::Data { account_id, .. } => Some(account_id),
        _ => None,
    }
}

/// What a record is called. A gas key is more than an access key, and is not taken as one.
pub(crate) fn kind(record: &StateRecord) -> &'static str {
    match record {
        StateRecord::AccessKey { access_key, .. } if access_key.gas_key_info().is_some() => {
            "gas key"
        }
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
        StateRecord::AccessKey { access_key, .. } if access_key.gas_key_info().is_some() => {
            Err(RecordError::Kind(kind(record)))
        }
        _ => Ok(()),
    }
}

fn check_account(account_id: &AccountId, account: &Account) -> Result<(), RecordError> {
    if !account.is_initialized() {
        return Err(RecordError::Uninitialized(account_id.clone()));
    }
    let balances = [("amount", account.amount()), ("locked", account.locked())];
    for (field, tokens) in balances {
        if tokens > MOST_TOKENS {
            return Err(RecordError::Tokens {
                account_id: account_id.clone(),
                field,
                tokens,
            });
        }
    }
    if account.storage_usage() > MOST_STORAGE {
        let usage = account.storage_usage();
        return Err(RecordError::Storage(account_id.clone(), usage));
    }
    Ok(())
}

/// Code must belong to an account that has code of its own.
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

fn serialised(record: &impl borsh::BorshSerialize) -> Vec<u8> {
    borsh::to_vec(record).expect("a record that was checked can be serialised")
}
