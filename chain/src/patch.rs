//! Patches: records that are written into the state without regard to the rules, for tests.

use near_primitives::account::AccountContract;
use near_primitives::state_record::StateRecord;
use near_primitives::types::AccountId;

use crate::records;
use crate::records::RecordError;
use crate::state::{State, StateUpdate};

/// Checks that records can be written into `state`. An account and its code may come in any order.
pub(crate) fn check(state: &State, records: &[StateRecord]) -> Result<(), RecordError> {
    let mut scratch = StateUpdate::new(state.clone());
    for record in records {
        let (key, value) = records::entry(record)?;
        scratch.set(&key, value);
    }
    records::check_code(scratch.current(), records)
}

/// Writes one record. The storage usage of the account is not computed again.
pub(crate) fn write(state: &mut StateUpdate, record: &StateRecord) -> Result<(), RecordError> {
    let (key, value) = records::entry(record)?;
    state.set(&key, value);
    match record {
        StateRecord::Account { account_id, .. } | StateRecord::Contract { account_id, .. } => {
            update_code_hash(state, account_id);
        }
        _ => {}
    }
    Ok(())
}

/// Gives an account the hash of its stored code. A transaction may have deployed other code since the patch
/// was checked, and compiled code is cached under the hash that the account has.
fn update_code_hash(state: &mut StateUpdate, account_id: &AccountId) {
    let Some(mut account) = state.current().account(account_id) else {
        return;
    };
    let Some(stored) = records::stored_code(state.current(), account_id) else {
        return;
    };
    if account.contract().is_local() {
        account
            .set_contract(AccountContract::Local(stored))
            .expect("an account that has code is initialized");
        state.set_account(account_id, &account);
    }
}
