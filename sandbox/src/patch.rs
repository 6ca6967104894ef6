//! `sandbox_patch_state`: writing into the state past all rules, for tests.

use near_primitives::account::AccountContract;
use near_primitives::hash::{CryptoHash, hash};
use near_primitives::state_record::StateRecord;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::AccountId;

use crate::genesis::kind;
use crate::state::{BlockState, State};

/// Why records cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    /// Only four kinds can be patched.
    #[error("a {0} cannot be patched: only Account, AccessKey, Contract and Data can")]
    Record(&'static str),
    /// Code without an account whose `code_hash` it has would never run.
    #[error(
        "the Contract for {account_id} has hash {hash}, but its account has {expected}: \
         patch the Account with this code_hash first"
    )]
    CodeHash {
        /// The account.
        account_id: AccountId,
        /// The hash of the code.
        hash: CryptoHash,
        /// What the account says of its code.
        expected: String,
    },
}

/// Checks that records can be written onto `state`, in their order.
pub(crate) fn check(state: &State, records: &[StateRecord]) -> Result<(), PatchError> {
    let mut scratch = BlockState::new(state.clone());
    for record in records {
        if let StateRecord::Contract { account_id, code } = record {
            check_code(scratch.now(), account_id, hash(code))?;
        }
        write(&mut scratch, record)?;
    }
    Ok(())
}

/// Writes one record; what storage the account uses is not counted anew.
pub(crate) fn write(state: &mut BlockState, record: &StateRecord) -> Result<(), PatchError> {
    match record {
        StateRecord::Account {
            account_id,
            account,
        } => state.set_account(account_id, account),
        StateRecord::AccessKey {
            account_id,
            public_key,
            access_key,
        } if access_key.gas_key_info().is_none() => {
            state.set_access_key(account_id, public_key.clone(), access_key);
        }
        StateRecord::Contract { account_id, code } => {
            state.set(
                &TrieKey::ContractCode {
                    account_id: account_id.clone(),
                },
                code.as_slice(),
            );
        }
        StateRecord::Data {
            account_id,
            data_key,
            value,
        } => {
            let key = data_key.to_vec();
            let key = TrieKey::ContractData {
                account_id: account_id.clone(),
                key,
            };
            state.set(&key, value.as_slice());
        }
        other => return Err(PatchError::Record(kind(other))),
    }
    Ok(())
}

fn check_code(state: &State, account_id: &AccountId, hash: CryptoHash) -> Result<(), PatchError> {
    let contract = state
        .account(account_id)
        .map(|account| account.contract().into_owned());
    let expected = match contract {
        Some(AccountContract::Local(expected)) if expected == hash => return Ok(()),
        Some(AccountContract::Local(expected)) => expected.to_string(),
        Some(_) => "no code of its own".to_owned(),
        None => "no account".to_owned(),
    };
    Err(PatchError::CodeHash {
        account_id: account_id.clone(),
        hash,
        expected,
    })
}
