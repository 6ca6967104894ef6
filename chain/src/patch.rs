//! `sandbox_patch_state`: writing into the state past all rules, for tests.

use near_primitives::account::AccountContract;
use near_primitives::state_record::StateRecord;
use near_primitives::types::AccountId;

use crate::records;
pub use crate::records::RecordError as PatchError;
use crate::state::{BlockState, State};

/// Checks that records can be written onto `state`; an account and its code come in any order.
pub(crate) fn check(state: &State, records: &[StateRecord]) -> Result<(), PatchError> {
    let mut scratch = BlockState::new(state.clone());
    for record in records {
        let (key, value) = records::entry(record)?;
        scratch.set(&key, value);
    }
    records::check_code(scratch.now(), records)
}

/// Writes one record; what storage the account uses is not counted anew.
pub(crate) fn write(state: &mut BlockState, record: &StateRecord) -> Result<(), PatchError> {
    let (key, value) = records::entry(record)?;
    state.set(&key, value);
    match record {
        StateRecord::Account { account_id, .. } | StateRecord::Contract { account_id, .. } => {
            name_stored_code(state, account_id);
        }
        _ => {}
    }
    Ok(())
}

/// Since the patch was checked, a transaction may have deployed other code. Compiled code is kept
/// under the hash that an account names, so that must be the hash of what is there.
fn name_stored_code(state: &mut BlockState, account_id: &AccountId) {
    let Some(mut account) = state.now().account(account_id) else {
        return;
    };
    let Some(stored) = records::stored_code(state.now(), account_id) else {
        return;
    };
    if account.contract().is_local() {
        account
            .set_contract(AccountContract::Local(stored))
            .expect("`records` takes no uninitialised account");
        state.set_account(account_id, &account);
    }
}
